/**
 * The story, as people and processes play it: an issue becomes a task, an agent fails it, the failure shows, `/retry`, the
 * agent repairs it, the pull request is merged. It only asks and looks; everything that happens is done by the App, the
 * runner and the agent.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import type { Bug } from '../bugs/bugs.ts'
import { brokenWidgets } from '../bugs/widgets.ts'
import { REPOSITORY } from '../stage.ts'
import type { Scene } from './outcome.ts'
import { createPerson, type Person } from './person.ts'
import { putFiles } from './put-files.ts'
import { waitFor } from './wait-for.ts'
import { type Watched, waitForLabel, waitForScene } from './watch.ts'

const WORKFLOWS = join(import.meta.dirname, '../scratch/workflows')
/** A run with its two jobs; the second attempt may try some hundred edits. */
const RUN_MS = 300_000
const LOG_TAIL = 800

export interface Story extends Watched {
  readonly bug: Bug
}

/** The issue's number. */
export async function play(story: Story): Promise<number> {
  const { stage, bug, tell } = story
  const { sandbox } = stage
  const [alice, bob] = (['alice', 'bob'] as const).map((login) =>
    createPerson(sandbox.url, REPOSITORY, login, sandbox.tokens[login]),
  ) as [Person, Person]

  tell.busy('alice pushes the widgets, with a bug in them')
  await putFiles({
    remote: `${sandbox.url}/${REPOSITORY}.git`,
    login: 'alice',
    token: sandbox.tokens.alice,
    files: {
      ...(await brokenWidgets(bug)),
      '.github/workflows/agent.yml': await readFile(join(WORKFLOWS, 'agent.yml'), 'utf8'),
    },
    remove: ['.github/workflows/ci.yml'],
    message: 'Release 1.4.0',
  })
  const issue = await alice.openIssue(bug.issue.title, bug.issue.body)
  const thread = `${sandbox.url}/${REPOSITORY}/issues/${issue}`
  tell.good(`alice opened #${issue}: ${bug.issue.title}`, thread)

  await alice.comment(issue, '/task\n/ready')
  await waitForLabel(story, alice, issue, 'status/ready')
  const { outcome } = await waitForScene(story, alice, issue, 'the record comment', ({ records }) => records > 0)
  const { key } = outcome.task
  tell.good(`alice wrote /task and /ready: it is ${key} now, with labels and a status card`)
  await stage.openRunner(({ job, name }) => tell.busy(`${key} · job ${job}: ${name}`))

  await runAgent(story, alice, issue, key, 1)
  await waitForLabel(story, alice, issue, 'failure/test_fail')
  await tellFailure(story, alice, issue)
  await alice.comment(issue, '/retry')
  await waitForLabel(story, alice, issue, 'status/ready')
  tell.good('alice wrote /retry; the next brief names the failing tests')

  await runAgent(story, alice, issue, key, 2)
  await waitForLabel(story, alice, issue, 'status/review')
  const pull = await tellSuccess(story, alice, issue)
  await bob.merge(pull)
  await waitForLabel(story, alice, issue, 'status/done')
  tell.good(`bob merged #${pull}: ${key} is done`)
  return issue
}

async function runAgent({ stage, tell }: Story, alice: Person, issue: number, key: string, n: number): Promise<void> {
  tell.heading(`Attempt ${n}`)
  const id = await alice.dispatch('agent.yml', { task: key })
  const url = `${stage.sandbox.url}/${REPOSITORY}/actions/runs/${id}`
  tell.good('alice started the workflow "Agent"', url)
  const run = () => runsOf(stage.sandbox.state).get(id)
  await waitFor({
    what: `the end of run ${id}, attempt ${n} of #${issue}`,
    look: async () => (run()?.status === 'completed' ? true : undefined),
    seen: () => `status ${run()?.status}`,
    where: url,
    timeoutMs: RUN_MS,
  })
  const agent = jobsOf(stage.sandbox.state).find((job) => job.runId === id && job.key === 'agent')
  if (agent?.conclusion !== 'success')
    throw new Error(
      `The agent's job ended with ${agent?.conclusion}: ${agent?.log.trimEnd().slice(-LOG_TAIL)}\nLook at ${url}`,
    )
}

async function tellFailure(story: Story, alice: Person, issue: number): Promise<void> {
  const what = 'the failed check run of attempt 1, with annotations'
  const isThere = ({ outcome }: Scene) =>
    outcome.task.attempts[0]?.status === 'failed' &&
    outcome.check_runs.some(
      ({ name, status, annotations }) => isOf(1, name) && status === 'completed' && annotations > 0,
    )
  const { outcome } = await waitForScene(story, alice, issue, what, isThere)
  const check = outcome.check_runs.find(({ name }) => isOf(1, name))
  story.tell.bad(`attempt 1 failed: ${outcome.task.attempts[0]?.failure}, ${figures(outcome, 1)}`, check?.url)
  const annotations = await alice.read<readonly { path: string; start_line: number; title: string | null }[]>(
    `/check-runs/${check?.id}/annotations`,
  )
  for (const { path, start_line: line, title } of annotations) story.tell.detail(`${path}:${line}  ${title ?? ''}`)
}

async function tellSuccess(story: Story, alice: Person, issue: number): Promise<number> {
  const what = 'a pull request whose check "muster" succeeded'
  const isThere = ({ outcome, pull }: Scene) =>
    outcome.task.attempts[1]?.status === 'succeeded' &&
    outcome.check_runs.some(
      ({ name, sha, conclusion }) => name === 'muster' && sha === pull?.headSha && conclusion === 'success',
    )
  const { outcome, pull } = await waitForScene(story, alice, issue, what, isThere)
  if (pull === null) throw new Error('the pull request went away')
  story.tell.good(`attempt 2 succeeded: ${figures(outcome, 2)}`)
  story.tell.good(`the agent opened #${pull.number}; its check "muster" is green`, pull.url)
  return pull.number
}

const isOf = (n: number, name: string): boolean => name.endsWith(` #${n}`)

function figures({ task }: Scene['outcome'], n: number): string {
  const attempt = task.attempts[n - 1]
  return `${attempt?.tokens?.toLocaleString('en') ?? '?'} tokens, $${attempt?.cost_usd?.toFixed(4) ?? '?'}`
}
