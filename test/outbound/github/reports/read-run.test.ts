/** Runs of the sandbox upload real reports; what becomes of them is what the App would be told. */
import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { completeJob } from '../../../../app/sandbox/actions/run-lifecycle.ts'
import { jobsOf, runsOf } from '../../../../app/sandbox/model/workflow.ts'
import type { Report } from '../../../../schemas/report.ts'
import { aTask, anAttempt } from '../task-fixture.ts'
import { BOTH, BRANCH, CI, setUp, whole } from './given-runs.ts'

describe('a report of a run on the attempt’s branch', () => {
  it('is believed as CI’s and tells the attempt, in five requests', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    at.state.task = aTask({ attempts: [anAttempt({ headSha: runsOf(at.sandbox.state).get(runId)?.headSha ?? '' })] })
    await at.finish(runId, whole)
    await at.read(runId)
    expect(at.told).toMatchObject([
      {
        identity: { runId, runAttempt: 1, source: 'ci.yml / test', attempt: 1 },
        command: { type: 'report-attempt', attempt: 1, passed: true, measures: { trust: 'ci', run: { id: runId } } },
      },
    ])
    expect(at.github.requests.byRoute).toEqual({
      'POST /app/installations/{installation_id}/access_tokens': 1,
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts': 1,
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}': 1,
      'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}': 1,
      'GET artifact bytes': 1,
      'GraphQL WorkflowTexts': 1,
    })
    expect(at.sandbox.log.unsupported).toEqual([])
    await at.read(runId)
    expect(at.told[1]?.identity).toEqual(at.told[0]?.identity)
    // The workflow's file is not asked for again within a minute.
    expect(at.github.requests.byRoute['GraphQL WorkflowTexts']).toBe(1)
  })

  it('is believed from a workflow that its own calls, while that is the default branch’s too', async () => {
    const tests = 'on: workflow_call\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n'
    const at = await setUp('on: push\njobs:\n  call:\n    uses: ./.github/workflows/tests.yml\n')
    await at.plant({ '.github/workflows/tests.yml': tests })
    const unit = (_key: string, report: Report): Report => ({ ...report, run: { ...report.run, job: 'unit' } })
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, unit)
    await at.read(runId)
    expect(at.told).toMatchObject([
      { identity: { source: 'ci.yml / unit' }, command: { passed: true, measures: { trust: 'ci' } } },
    ])
    expect(at.github.requests.byRoute['GraphQL WorkflowTexts']).toBe(2)
    const changed = await at.commit(BRANCH, '.github/workflows/tests.yml', `${tests}# changed\n`)
    await at.idle()
    const next = runsOf(at.sandbox.state).where((one) => one.headSha === changed)[0]?.id ?? 0
    await at.finish(next, unit)
    await at.read(next)
    expect(at.told[1]).toMatchObject({ command: { passed: null, measures: { trust: 'self' } } })
  })

  it('hands in what the work was to hand in, unless the workflow is not the reviewed one', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    at.state.task = aTask({ attempts: [anAttempt({ headSha: runsOf(at.sandbox.state).get(runId)?.headSha ?? '' })] })
    const handing = (key: string, report: Report): Report => whole(key, { ...report, output: '{"n":1}' })
    await at.finish(runId, handing)
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { passed: true, output: { n: 1 }, measures: { trust: 'ci' } } }])
  })

  it('is the agent’s own word when the workflow was changed on the branch', async () => {
    const at = await setUp()
    await at.branch(BRANCH)
    await at.commit(BRANCH, '.github/workflows/ci.yml', `${CI}# changed\n`)
    await at.idle()
    const run = runsOf(at.sandbox.state)
      .where((one) => one.headBranch === BRANCH)
      .at(-1)
    await at.finish(run?.id ?? 0, whole)
    await at.read(run?.id ?? 0)
    const { command } = at.told[0] ?? {}
    expect(command).toMatchObject({ type: 'report-attempt', passed: null, measures: { trust: 'self' } })
    // The run that took the lease may end its own attempt.
    at.state.events = [{ type: 'lease-granted', data: { lease: { attempt: 1, runId: run?.id } } } as never]
    await at.read(run?.id ?? 0)
    expect(at.told[1]?.command).toMatchObject({ passed: true, measures: { trust: 'self' } })
  })

  it('decides nothing and moves no head when its commit was left behind, whether its push was heard of or not', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    const newest = await at.commit(BRANCH, 'a.txt', 'b')
    await at.idle()
    await at.finish(runId, whole)
    for (const headSha of [newest, null]) {
      at.state.task = aTask({ attempts: [anAttempt({ headSha, branch: headSha === null ? null : BRANCH })] })
      await at.read(runId)
    }
    expect(at.told).toHaveLength(2)
    for (const { command } of at.told) {
      expect(command).toMatchObject({ passed: null, headSha: null, measures: { tests: null, costMicroUsd: 420_000 } })
      // What CI found stays with the commit, for when the branch comes back to it.
      const { headSha } = runsOf(at.sandbox.state).get(runId) ?? {}
      expect(command).toMatchObject({ left: { headSha, passed: true } })
    }
  })

  it('decides and moves the head when its commit is the branch’s newest, though another head was known', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    at.state.task = aTask({ attempts: [anAttempt({ headSha: 'd'.repeat(40), branch: BRANCH })] })
    await at.finish(runId, whole)
    await at.read(runId)
    const { headSha } = runsOf(at.sandbox.state).get(runId) ?? {}
    expect(at.told).toMatchObject([{ command: { passed: true, headSha } }])
  })
})

describe('what does not complete an attempt', () => {
  const refused = (at: Awaited<ReturnType<typeof setUp>>) =>
    at.told.map(({ command }) => (command.type === 'report-tampering' ? command.detail : command.type))

  it('is a report by another workflow, which only the branch has', async () => {
    const at = await setUp()
    await at.branch(BRANCH)
    await at.commit(BRANCH, '.github/workflows/evil.yml', CI.replace('name: CI', 'name: Evil'))
    await at.idle()
    const evil = runsOf(at.sandbox.state).where((one) => one.headBranch === BRANCH)
    for (const { id } of evil) await at.finish(id, whole)
    for (const { id } of evil) await at.read(id)
    expect(evil).not.toHaveLength(0)
    expect(refused(at)).toContain('its workflow is not on the default branch')
  })

  it('is a report about another run than the one that uploaded it', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, (_key, report) => ({ ...report, run: { ...report.run, id: runId + 1 } }))
    await at.read(runId)
    expect(refused(at)).toEqual([`it is about run ${runId + 1} and was uploaded by run ${runId}`])
  })

  it('is a report of a run elsewhere that took no lease, though it names the task', async () => {
    const at = await setUp()
    const runId = await at.pushOn('topic')
    await at.finish(runId, whole)
    await at.read(runId)
    expect(refused(at)).toEqual([`run ${runId} took no lease of DEV-12 and is not on its branch`])
    at.told.length = 0
    at.state.events = [{ type: 'lease-granted', data: { lease: { attempt: 1, runId } } } as unknown as StoredEvent]
    await at.read(runId)
    expect(refused(at)).toEqual(['report-attempt'])
  })

  it('is a report of a fork, which is not even read', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, whole)
    const run = runsOf(at.sandbox.state).get(runId)
    runsOf(at.sandbox.state).update(runId, { headRepositoryId: (run?.headRepositoryId ?? 0) + 1 })
    await at.read(runId)
    expect(at.told).toEqual([])
    expect(at.notes).toEqual(['reports of a fork were refused: '])
  })

  it('is a text that is no report, and a run without any', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, (_key, report) => ({ ...report, status: 'perfect' }) as unknown as Report)
    await at.read(runId)
    expect(at.told).toEqual([])
    expect(at.notes).toHaveLength(1)
    await expect(at.read(999_999)).rejects.toMatchObject({ retryable: true })
    expect(at.told).toEqual([])
  })
})

describe('a list of artifacts that is older than the run', () => {
  it('may not know yet that the run is over', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, whole)
    runsOf(at.sandbox.state).update(runId, { status: 'in_progress', conclusion: null })
    await expect(at.read(runId)).rejects.toMatchObject({ retryable: true })
    runsOf(at.sandbox.state).update(runId, { status: 'completed', conclusion: 'success' })
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { type: 'report-attempt' } }])
    expect(await at.documents.list('list-looks')).toEqual([])
  })

  it('is read again, a few times, and then believed', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    const job = jobsOf(at.sandbox.state).where((one) => one.runId === runId)[0]
    completeJob(at.sandbox.world, job?.id ?? 0, { conclusion: 'success' })
    const waits: number[] = []
    for (let look = 0; look < 2; look++) {
      const fault: unknown = await at.read(runId).catch((error: unknown) => error)
      if (!(fault instanceof GitHubFault)) throw fault
      expect(fault.retryable).toBe(true)
      waits.push(Math.round(((fault.retryAt ?? 0) - Date.now()) / 1000))
    }
    expect(waits).toEqual([4, 15])
    await at.read(runId)
    expect(at.told).toEqual([])
    expect(await at.documents.list('list-looks')).toEqual([])
  })
})

describe('a list of jobs that is older than the run', () => {
  it('is read again, without reading the report again', async () => {
    const at = await setUp(BOTH)
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, (key, report) => (key === 'test' ? report : null))
    const [job] = jobsOf(at.sandbox.state).where((one) => one.runId === runId && one.key === 'agent')
    const completedAt = job?.completedAt ?? null
    jobsOf(at.sandbox.state).update(job?.id ?? 0, { completedAt: null })
    await expect(at.read(runId)).rejects.toMatchObject({ retryable: true })
    expect(at.told).toEqual([])
    jobsOf(at.sandbox.state).update(job?.id ?? 0, { completedAt })
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { type: 'report-attempt' } }])
    expect(at.github.requests.byRoute['GET artifact bytes']).toBe(1)
    expect(at.github.requests.byRoute['GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts']).toBe(1)
  })
})

describe('a run with an agent’s job and one that verifies', () => {
  it('does not make a report of the agent’s job more than its own word, whatever job it names', async () => {
    const at = await setUp(BOTH)
    const runId = await at.pushOn(BRANCH)
    await at.finish(runId, (key, report) =>
      key === 'agent' ? { ...report, run: { ...report.run, job: 'test' } } : null,
    )
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { type: 'report-attempt', measures: { trust: 'self' } } }])
  })
})
