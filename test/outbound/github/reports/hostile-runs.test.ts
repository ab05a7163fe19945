/** What someone who may push branches, open pull requests and write CI's code could try, played in the sandbox. */
import { describe, expect, it } from 'vitest'
import { rerun } from '../../../../app/sandbox/actions/run-lifecycle.ts'
import { artifactsOf, runsOf } from '../../../../app/sandbox/model/workflow.ts'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import type { Report } from '../../../../schemas/report.ts'
import { WIDGETS } from '../../../sandbox/start-sandbox.ts'
import { aTask, anAttempt } from '../task-fixture.ts'
import { BRANCH, CI, setUp, whole } from './given-runs.ts'

type At = Awaited<ReturnType<typeof setUp>>

const PULLS = CI.replace('on: [push, workflow_dispatch]', 'on: pull_request')
const failed = (report: Report): Report => ({
  ...report,
  status: 'failed',
  failure: {
    class: 'test_fail',
    code: null,
    message: '1 of 3 tests failed',
    evidence: null,
    confidence: 'typed',
    retryAfterMs: null,
  },
  tests: { total: 3, failed: 1, errors: 0, skipped: 0, flaky: 0, failures: [] },
})

const outcomes = (at: At) =>
  at.told.map(({ identity, command }) =>
    command.type === 'report-attempt'
      ? [identity.source, command.measures.trust, command.failure?.class ?? command.passed]
      : [identity.source, command.type === 'report-tampering' ? command.detail : command.type],
  )

const newestRun = (at: At, event: string): number => {
  const run = runsOf(at.sandbox.state)
    .where((one) => one.event === event)
    .at(-1)
  if (run === undefined) throw new Error(`no run of ${event}`)
  at.state.task = aTask({ attempts: [anAttempt({ headSha: run.headSha, branch: BRANCH })] })
  return run.id
}

const open = async (at: At, base: string): Promise<number> => {
  const { json } = await at.as('bob').post(`${WIDGETS}/pulls`, { title: 'Round', head: BRANCH, base })
  await at.idle()
  return json.number
}

describe('a pull request', () => {
  const branchOff = async (workflow = PULLS) => {
    const at = await setUp(workflow)
    await at.branch('evil-base')
    await at.commit('evil-base', '.github/workflows/ci.yml', `${PULLS}# reports what it likes\n`)
    await at.branch(BRANCH)
    await at.commit(BRANCH, 'a.txt', 'a')
    return at
  }

  it('into the default branch is CI’s', async () => {
    const at = await branchOff()
    await open(at, 'main')
    const runId = newestRun(at, 'pull_request')
    await at.finish(runId, whole)
    await at.read(runId)
    expect(outcomes(at)).toEqual([['ci.yml / test on pull_request', 'ci', true]])
  })

  it('is looked at once, however many reports its run has', async () => {
    const job = '  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n'
    const at = await branchOff(PULLS.replace('jobs:\n', `jobs:\n${job}`))
    await open(at, 'main')
    const runId = newestRun(at, 'pull_request')
    await at.finish(runId, whole)
    await at.read(runId)
    expect(outcomes(at).map(([, trust]) => trust)).toEqual(['ci', 'ci'])
    const { byRoute } = at.github.requests
    expect(byRoute['GET /repos/{owner}/{repo}/pulls']).toBe(1)
    expect(byRoute['GET /repos/{owner}/{repo}/issues/{issue_number}/events']).toBe(1)
  })

  it('into a branch that brings its own workflow file is not, though the file on its commit is the reviewed one', async () => {
    const at = await branchOff()
    await open(at, 'evil-base')
    const runId = newestRun(at, 'pull_request')
    await at.finish(runId, whole)
    await at.read(runId)
    expect(outcomes(at)).toEqual([['ci.yml / test on pull_request', 'self', null]])
  })

  it('is not either when its base is the default branch again by the time its report is read', async () => {
    const at = await branchOff()
    const number = await open(at, 'evil-base')
    const runId = newestRun(at, 'pull_request')
    await at.finish(runId, whole)
    await at.as('bob').patch(`${WIDGETS}/pulls/${number}`, { base: 'main' })
    await at.read(runId)
    expect(outcomes(at)).toEqual([['ci.yml / test on pull_request', 'self', null]])
  })
})

describe('a run that a lease names', () => {
  it('is not CI’s word on a branch of anyone’s, and does not speak of another commit', async () => {
    const at = await setUp()
    const runId = await at.pushOn('topic')
    const target = 'c'.repeat(40)
    at.state.task = aTask({ attempts: [anAttempt({ headSha: 'd'.repeat(40), branch: BRANCH })] })
    at.state.events = [{ type: 'lease-granted', data: { lease: { attempt: 1, runId } } } as unknown as StoredEvent]
    await at.finish(runId, (_key, report) => ({ ...report, run: { ...report.run, headSha: target } }))
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { headSha: null, measures: { trust: 'self' } } }])
  })

  it('speaks of the commit that it tested when it stands on the default branch', async () => {
    const at = await setUp()
    const sha = await at.commit('main', 'b.txt', 'b')
    await at.idle()
    const runId = runsOf(at.sandbox.state).where((one) => one.headSha === sha)[0]?.id ?? 0
    at.state.events = [{ type: 'lease-granted', data: { lease: { attempt: 1, runId } } } as unknown as StoredEvent]
    await at.finish(runId, (_key, report) => ({ ...report, run: { ...report.run, headSha: 'c'.repeat(40) } }))
    await at.read(runId)
    expect(at.told).toMatchObject([{ command: { headSha: 'c'.repeat(40), passed: true, measures: { trust: 'ci' } } }])
  })
})

describe('many artifacts', () => {
  const hide = (at: At, runId: number, count: number, name: (n: number) => string) => {
    const artifacts = artifactsOf(at.sandbox.state)
    const [sample] = artifacts.where((one) => one.runId === runId)
    if (sample === undefined) throw new Error('nothing was uploaded')
    for (let n = 0; n < count; n++) artifacts.put({ ...sample, id: at.sandbox.state.ids.next(), name: name(n) })
  }

  it('do not hide a red report behind them', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    await at.finish(runId, (_key, report) => failed(report))
    hide(at, runId, 250, (n) => `coverage-${n}`)
    await at.read(runId)
    expect(outcomes(at)).toEqual([['ci.yml / test', 'ci', 'test_fail']])
  })

  it.each([
    ['artifacts', 2_000, (n: number) => `coverage-${n}`],
    ['reports', 300, (n: number) => `muster-report-other-${n}-1`],
  ])('are refused as a whole when they are more %s than are read', async (_what, count, name) => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    await at.finish(runId, whole)
    hide(at, runId, count, name)
    await at.read(runId)
    expect(outcomes(at)).toEqual([['refused', 'it has more artifacts or reports than are read: upload fewer']])
  })
})

describe('large artifacts', () => {
  const sized = async (count: number, size: number) => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    await at.finish(runId, whole)
    const artifacts = artifactsOf(at.sandbox.state)
    const [sample] = artifacts.all()
    if (sample === undefined) throw new Error('nothing was uploaded')
    for (let n = 0; n < count; n++) {
      artifacts.put({ ...sample, id: at.sandbox.state.ids.next(), name: `muster-report-x${n}-1`, size })
    }
    await at.read(runId)
    return at
  }
  const MEGABYTE = 1024 * 1024

  it('are refused one by one, unread, and the others are read', async () => {
    const at = await sized(1, 101 * MEGABYTE)
    expect(outcomes(at)).toEqual([['ci.yml / test', 'ci', true]])
    expect(at.notes).toEqual(['a report was refused: its artifact is too large'])
    expect(at.github.requests.byRoute['GET artifact bytes']).toBe(1)
  })

  it('are refused as a whole, unread, when they would keep the App busy for hours', async () => {
    const at = await sized(21, 100 * MEGABYTE)
    expect(outcomes(at)).toEqual([['refused', 'it has more artifacts or reports than are read: upload fewer']])
    expect(at.github.requests.byRoute['GET artifact bytes']).toBeUndefined()
  })
})

describe('the legs of a matrix', () => {
  const LEGS = CI.replace('jobs:\n', 'jobs:\n  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n')

  it('are all counted, each under its own name, the red ones first', async () => {
    const at = await setUp(LEGS)
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    // Two jobs stand for two legs: the sandbox knows no matrices.
    await at.finish(
      runId,
      (key, report) => ({ ...(key === 'test' ? failed(report) : report), run: { ...report.run, job: key } }),
      (job) => (job === 'other' ? 'test-22_linux' : 'test-24_linux'),
    )
    await at.read(runId)
    expect(outcomes(at)).toEqual([
      ['ci.yml / test / test-24_linux', 'ci', 'test_fail'],
      ['ci.yml / other / test-22_linux', 'ci', true],
    ])
  })
})

describe('a re-run', () => {
  it('does not count what an earlier attempt of the run uploaded in its name', async () => {
    const at = await setUp(CI, { switches: { rerunKeepsArtifacts: true } })
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    await at.finish(runId, (_key, report) => ({ ...report, run: { ...report.run, attempt: 2 } }))
    const artifacts = artifactsOf(at.sandbox.state)
    for (const { id, createdAt } of artifacts.all()) artifacts.update(id, { createdAt: createdAt - 60_000 })
    const caller = { kind: 'user', userId: 102, agent: false } as const
    await rerun({ world: at.sandbox.world, caller }, runId, 102, null)
    await at.finish(runId, (_key, report) => failed(report))
    await at.read(runId, 2)
    expect(outcomes(at)).toEqual([['ci.yml / test', 'ci', 'test_fail']])
    expect(at.notes).toEqual(['a report was refused: it was uploaded before this attempt of its run began'])
  })
})

describe('names of artifacts', () => {
  it('may be odd: they become part of a bounded source, and nothing else', async () => {
    const at = await setUp()
    const runId = await at.pushOn(BRANCH)
    newestRun(at, 'push')
    const name = `@everyone \`x\` ${'é'.repeat(90)} $(rm -rf) --> ${'n'.repeat(600)}`
    await at.finish(runId, whole, () => 'plain')
    const artifacts = artifactsOf(at.sandbox.state)
    for (const { id } of artifacts.all()) artifacts.update(id, { name: `muster-report-${name}-1` })
    await at.read(runId)
    expect(at.told).toHaveLength(1)
    expect(at.told[0]?.identity.source.length).toBeLessThanOrEqual(400)
  })
})
