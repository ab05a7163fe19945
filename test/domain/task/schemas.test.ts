import { describe, expect, it } from 'vitest'
import { renderBrief } from '../../../app/domain/brief/render-brief.ts'
import { MAX_DETAIL_CHARS, MAX_STEP_CHARS, MOST } from '../../../app/domain/task/limits.ts'
import { taskEvent } from '../../../app/domain/task/events.ts'
import { taskStateSchema } from '../../../schemas/task-state.ts'
import { measures } from '../budget/money.ts'
import { AGENT, CLAIMED, CREATE, READY, RUNNING, claim, context, given, played, replay, store } from '../given.ts'

const succeed = (over: object = {}) =>
  ({ type: 'succeed-attempt', fence: null, costMicroUsd: null, tokens: null, ...over }) as const
const STEPS = [
  { id: 'plan', title: 'Plan' },
  { id: 'build', title: 'Build', outputSchema: '{}' },
]
const WITH_STEPS = [...CLAIMED, [{ type: 'update-task', changes: { steps: STEPS } }]] as const

describe('what goes into an attempt and comes out of it', () => {
  it('is not claimed with an input that its schema does not allow', () => {
    given(...READY)
      .when(claim('alice', { inputProblems: ['it must be object'] }))
      .rejects('input-invalid')
  })

  it('does not succeed with an output that its schema does not allow, and goes on', () => {
    const running = given(...RUNNING)
    running.when(succeed({ output: 1, outputProblems: ['it must be string'] })).rejects('output-invalid')
    running.when(succeed({ output: 'x'.repeat(MAX_DETAIL_CHARS) })).rejects('invalid-argument')
    const done = running.when(succeed({ output: { a: 1 } })).gives('attempt-succeeded')
    expect(done).toMatchObject({ status: 'review', details: { output: { a: 1 } } })
  })

  it('a report with a bad output fails the attempt as invalid_output, one without waits for it', () => {
    const report = {
      type: 'report-attempt',
      attempt: 1,
      source: 'a / b',
      passed: true,
      failure: null,
      headSha: null,
      measures: measures({ trust: 'self' }),
      artifacts: [],
      retryAfterMs: null,
    } as const
    const typed = given(...RUNNING, [{ type: 'update-task', changes: { outputSchema: '{"type":"string"}' } }])
    typed.when(report).gives('attempt-measured')
    const failed = typed
      .when({ ...report, output: 1, outputProblems: ['it must be string'] })
      .gives('attempt-measured', 'attempt-failed', 'task-held')
    expect(failed.attempts[0]?.failure).toMatchObject({
      class: 'invalid_output',
      message: expect.stringContaining('it must be string'),
    })
    expect(renderBrief(failed, { body: '' })).toContain('The output is not as its schema says: it must be string')
    const long = given(...RUNNING).when({ ...report, output: 'x'.repeat(MAX_DETAIL_CHARS) }).after
    expect(long?.attempts[0]?.failure?.message).toContain(`it is longer than ${MAX_DETAIL_CHARS} characters`)
    const passed = typed.when({ ...report, output: 'x' }).gives('attempt-measured', 'attempt-succeeded')
    expect(passed.details.output).toBe('x')
  })

  it('a schema that does not work is not kept', () => {
    const schemaProblem = { argument: 'inputSchema', problem: 'it is not valid' }
    given([CREATE])
      .when({ type: 'update-task', changes: { inputSchema: '7' }, schemaProblem })
      .rejects('invalid-argument')
  })

  it('is on record: configuration, tools, runner, and the first brief that was handed out', () => {
    const asked = claim('a1', { tools: ['codex@1'], runner: 'box', configSha256: 'c'.repeat(64), model: 'm' })
    const claimed = given(...READY, [asked, { actor: AGENT }])
    const fence = { epoch: 1, n: 1 }
    const first = { type: 'record-brief', fence, sha256: 'b'.repeat(64) } as const
    const task = claimed.when(first, { actor: AGENT }).gives('brief-handed-out')
    expect(task.attempts[0]?.inputs).toEqual({
      briefSha256: 'b'.repeat(64),
      configSha256: 'c'.repeat(64),
      tools: ['codex@1'],
      runner: 'box',
    })
    expect(taskStateSchema.safeParse(task).success).toBe(true)
    given(...READY, [asked, { actor: AGENT }], [first, { actor: AGENT }])
      .when({ ...first, sha256: 'd'.repeat(64) }, { actor: AGENT })
      .gives()
    claimed.when(first).rejects('not-the-holder')
  })

  it('a lease that an earlier version granted has none, and still takes a brief', () => {
    const log = played(...READY)
    const at = context({ actor: AGENT })
    const lease = {
      attempt: 1,
      fence: { epoch: 1, n: 1 },
      owner: 'a1',
      holder: AGENT,
      ttlMs: 1,
      expiresAt: 1,
      runId: null,
    }
    const old = [...log, ...store([taskEvent('lease-granted', { lease, baseSha: null, model: null })], at, log)]
    expect(replay(old)?.attempts[0]).not.toHaveProperty('inputs')
    const more = store([taskEvent('brief-handed-out', { attempt: 1, sha256: 'b' })], at, old)
    expect(replay([...old, ...more])?.attempts[0]?.inputs).toMatchObject({ briefSha256: 'b', tools: [] })
  })
})

describe('steps', () => {
  it('are started and finished once, and outlive the attempt', () => {
    const started = given(...WITH_STEPS, [{ type: 'start-step', step: 'plan', fence: null }])
    started.when({ type: 'start-step', step: 'plan', fence: null }).gives()
    const finish = { type: 'finish-step', step: 'plan', output: { files: 2 }, fence: null } as const
    const finished = given(...WITH_STEPS, [{ type: 'start-step', step: 'plan', fence: null }], [finish])
    finished.when(finish).gives()
    finished.when({ ...finish, output: 7 }).rejects('invalid-argument')
    finished.when({ type: 'start-step', step: 'plan', fence: null }).gives()
    const released = finished.when({ type: 'release-task', fence: null, reason: 'r' }).after
    expect(released?.details.stepRuns).toMatchObject([
      { step: 'plan', status: 'finished', attempt: 1, output: { files: 2 } },
    ])
    expect(taskStateSchema.safeParse(released).success).toBe(true)
  })

  it('are begun anew by the attempt after the one that did not finish them', () => {
    given(
      ...WITH_STEPS,
      [{ type: 'start-step', step: 'plan', fence: null }],
      [{ type: 'release-task', fence: null, reason: 'r' }],
      [claim('alice')],
    )
      .when({ type: 'start-step', step: 'plan', fence: null })
      .gives('step-started')
  })

  it('are refused when unknown, not started, too large, or not as their schemas say', () => {
    const task = given(...WITH_STEPS)
    task.when({ type: 'start-step', step: 'no', fence: null }).rejects('no-such-step')
    task.when({ type: 'finish-step', step: 'plan', fence: null }).rejects('invalid-argument')
    task.when({ type: 'start-step', step: 'plan', fence: null, inputProblems: ['x'] }).rejects('input-invalid')
    task.when({ type: 'start-step', step: 'plan', fence: null }, { actor: AGENT }).rejects('not-the-holder')
    const started = given(...WITH_STEPS, [{ type: 'start-step', step: 'build', fence: null }])
    const finish = { type: 'finish-step', step: 'build', fence: null } as const
    started.when({ ...finish, output: 'x'.repeat(MAX_STEP_CHARS) }).rejects('invalid-argument')
    started.when({ ...finish, output: 1, outputProblems: ['x'] }).rejects('output-invalid')
  })

  it('go with their runs when they are declared otherwise, and are bounded', () => {
    const started = given(...WITH_STEPS, [{ type: 'start-step', step: 'plan', fence: null }])
    const task = started.when({ type: 'update-task', changes: { steps: STEPS.slice(1) } }).gives('task-updated')
    expect(task.details.stepRuns).toEqual([])
    const many = Array.from({ length: MOST.steps + 1 }, (_, at) => ({ id: `s${at}`, title: 't' }))
    started.when({ type: 'update-task', changes: { steps: many } }).rejects('too-many')
    const twice = [STEPS[0], STEPS[0]].flatMap((step) => step ?? [])
    started.when({ type: 'update-task', changes: { steps: twice } }).rejects('invalid-argument')
  })
})
