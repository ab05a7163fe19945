/** The switch cases about pages, pull requests, checks and runs; the others and the words are in switch-cases.ts. */
import { rerun } from '../../app/sandbox/actions/run-lifecycle.ts'
import { rerequestCheckRun } from '../../app/sandbox/changes/check-runs.ts'
import type { Caller } from '../../app/sandbox/auth/caller.ts'
import { artifactsOf, jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import { idTokenVariables } from '../../app/sandbox/oidc/request-tokens.ts'
import { createSpeaker } from './client.ts'
import { createVisitor } from './pages/visitor.ts'
import { WIDGETS } from './start-sandbox.ts'
import type { SwitchCases } from './switch-cases.ts'

const BOB: Caller = { kind: 'user', userId: 102, agent: false }

export const codeSwitchCases: Pick<
  SwitchCases,
  | 'browserCrlf'
  | 'workflowTokenEventsReachApps'
  | 'rerunArrivesAs'
  | 'rerunKeepsArtifacts'
  | 'mergeableLate'
  | 'closingElsewhereNeedsRole'
  | 'oidcImmutableSubject'
> = {
  browserCrlf: {
    values: [
      [true, 'a\r\nb'],
      [false, 'a\nb'],
    ],
    async look({ sandbox, as }) {
      await as('bob').post(`${WIDGETS}/issues`, { title: 'x' })
      const visitor = createVisitor(sandbox)
      await visitor.login('alice')
      const page = await visitor.get('/acme/widgets/issues/1')
      await visitor.submit(page, '/acme/widgets/issues/1/comment', { body: 'a\nb' })
      return (await as('bob').get(`${WIDGETS}/issues/1/comments`)).json[0].body
    },
  },
  workflowTokenEventsReachApps: {
    values: [
      [true, ['issues']],
      [false, []],
    ],
    async look({ sandbox }) {
      const { token } = sandbox.world.tokens.mintWorkflow({
        appId: sandbox.seed.actions.id,
        repositoryId: sandbox.seed.repositories.widgets.id,
        runId: 1,
        permissions: { issues: 'write' },
      })
      await createSpeaker(sandbox.url, token).post(`${WIDGETS}/issues`, { title: 'by a run' })
      return sandbox.deliveries.list().map((one) => one.event)
    },
  },
  rerunArrivesAs: {
    values: [
      ['check_run', 'check_run.rerequested'],
      ['check_suite', 'check_suite.rerequested'],
    ],
    async look({ sandbox, as, names }) {
      const { sha } = (await as('bob').get(`${WIDGETS}/git/ref/heads/main`)).json.object
      const run = (
        await as('muster').post(`${WIDGETS}/check-runs`, { name: 'x', head_sha: sha, conclusion: 'failure' })
      ).json
      rerequestCheckRun({ world: sandbox.world, caller: BOB }, run.id)
      return names().at(-1)
    },
  },
  rerunKeepsArtifacts: {
    values: [
      [false, 0],
      [true, 1],
    ],
    async look({ sandbox, as, commit, idle }) {
      const { state, world } = sandbox
      await commit('main', 'a.txt', 'a')
      await idle()
      const [run] = runsOf(state).all()
      const [job] = jobsOf(state).all()
      if (!run || !job) throw new Error('the push made no run')
      const at = { createdAt: 0, updatedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER }
      const of = { repositoryId: run.repositoryId, runId: run.id, attempt: run.attempt, jobId: job.id }
      const artifact = { name: 'report', mimeType: 'application/zip', size: 1, digest: null, finalized: true }
      artifactsOf(state).put({ id: state.ids.next(), ...of, ...artifact, ...at, expiresAt: world.clock.now() + 1000 })
      await rerun({ world, caller: BOB }, run.id, 102, null)
      return (await as('bob').get(`${WIDGETS}/actions/runs/${run.id}/artifacts`)).json.total_count
    },
  },
  closingElsewhereNeedsRole: {
    values: [
      [true, 'open'],
      [false, 'closed'],
    ],
    async look({ as, branch, commit }) {
      await as('alice').post('/repos/acme/secret/issues', { title: 'elsewhere' })
      await as('alice').delete('/repos/acme/secret/collaborators/bob')
      await branch('topic')
      await commit('topic', 'topic.txt', 'a\n')
      const pull = { title: 'T', head: 'topic', base: 'main', body: 'Closes acme/secret#1' }
      const { number } = (await as('bob').post(`${WIDGETS}/pulls`, pull)).json
      await as('bob').put(`${WIDGETS}/pulls/${number}/merge`, {})
      return (await as('alice').get('/repos/acme/secret/issues/1')).json.state
    },
  },
  oidcImmutableSubject: {
    values: [
      [true, 'repo:acme@100/widgets@401:ref:refs/heads/main'],
      [false, 'repo:acme/widgets:ref:refs/heads/main'],
    ],
    async look({ sandbox, commit, idle }) {
      await commit('main', 'a.txt', 'a')
      await idle()
      const [job] = jobsOf(sandbox.state).all()
      if (!job) throw new Error('the push made no run')
      const asking = idTokenVariables(sandbox.world, job)
      const headers = { authorization: `Bearer ${asking['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` }
      const answer = await fetch(asking['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '', { headers })
      const { value } = (await answer.json()) as { value: string }
      return (JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
    },
  },
  mergeableLate: {
    values: [
      [true, [null, true]],
      [false, [true, true]],
    ],
    async look({ as, branch, commit }) {
      await branch('topic')
      await commit('topic', 'topic.txt', 'a\n')
      const { number } = (await as('bob').post(`${WIDGETS}/pulls`, { title: 'T', head: 'topic', base: 'main' })).json
      const mergeable = async () => (await as('bob').get(`${WIDGETS}/pulls/${number}`)).json.mergeable
      return [await mergeable(), await mergeable()]
    },
  },
}
