/** What becomes of a task when one that it depends on fails, is canceled, or is taken up again. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { NewTaskEvent } from '../../../app/domain/task/events.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { DependencyStatus, FailurePolicy } from '../../../app/domain/task/state.ts'
import { report } from '../budget/money.ts'
import { CLAIMED, READY, claim, fail, given } from '../given.ts'

const succeed: TaskCommand = { type: 'succeed-attempt', fence: null, costMicroUsd: null, tokens: null }

const on = { stream: 'task/8/3', key: 'OPS-3', repository: 'acme/ops' } as const
const add = (onFailure: FailurePolicy | null = null, status: DependencyStatus = 'open'): TaskCommand => ({
  type: 'add-dependency',
  on,
  status,
  path: null,
  onFailure,
})
const stands = (status: DependencyStatus): TaskCommand => ({ type: 'settle-dependency', on: on.stream, status })
const dropping = { settings: { ...DEFAULT_SETTINGS, dependencies: { onFailure: 'drop' as const } } }

describe('a dependency that failed', () => {
  it('is waited for, and the task knows why', () => {
    const { task } = given(...READY, [add()], [stands('failed')])
    expect(task).toMatchObject({ status: 'waiting', waitsFor: [on.stream], dependsOn: [{ ...on, ended: 'failed' }] })
    given(...READY, [add()], [stands('failed')])
      .when(claim('alice'))
      .rejects('waits')
  })

  it('asks a person where the dependency says so, with the class of the failure', () => {
    const after = given(...READY, [add('fail')])
      .when(stands('canceled'))
      .gives('dependency-failed', 'human-needed')
    expect(after).toMatchObject({
      status: 'needs_human',
      asks: expect.stringMatching(/^dependency_failed: OPS-3 was canceled/),
    })
  })

  it('interrupts nobody who is at work, nor a review', () => {
    given(...CLAIMED, [add('fail')])
      .when(stands('failed'))
      .gives('dependency-failed')
    const reviewed = given(...CLAIMED, [add('fail')], [succeed])
      .when(stands('failed'))
      .gives('dependency-failed')
    expect(reviewed.status).toBe('review')
  })

  describe('while somebody was at work', () => {
    const marked = [...CLAIMED, [add('fail')], [stands('failed')]] as const
    const asks = expect.stringMatching(/^dependency_failed: OPS-3 has failed/)

    it('asks a person once the work has ended without success, however it ended', () => {
      const ends: readonly (readonly [TaskCommand, NewTaskEvent['type']])[] = [
        [fail(), 'attempt-failed'],
        [{ type: 'release-task', fence: null, reason: 'r' }, 'lease-released'],
        [{ type: 'tick', leaseUntil: 0 }, 'lease-expired'],
        [report({}, { failure: { class: 'tool_error', message: 'm' }, passed: false }), 'attempt-failed'],
      ]
      for (const [command, first] of ends) {
        const { after, decision } = given(...marked).when(command)
        expect(after).toMatchObject({ status: 'needs_human', asks, lease: null, waitsFor: [on.stream] })
        const types = decision.ok ? decision.events.map(({ type }) => type) : []
        expect(types).toContain(first)
        expect(types.filter((type) => type !== 'human-needed')).not.toContain('task-held')
      }
    })

    it('is a second reason where there is another one to ask', () => {
      const once = { settings: { ...DEFAULT_SETTINGS, retry: { ...DEFAULT_SETTINGS.retry, maxAttempts: 1 } } }
      const { after } = given(...marked).when(fail(), once)
      expect(after?.asks).toMatch(/^test_fail: once failed.*; besides, dependency_failed: OPS-3 has failed/)
    })

    it('does not matter where the work is accepted, and is asked about where a review sends it back', () => {
      const reviewed = given(...marked, [succeed])
      expect(reviewed.task).toMatchObject({ status: 'review', lease: null })
      expect(reviewed.when({ type: 'complete-task', reason: 'merged' }).gives('task-completed').status).toBe('done')
      const { after } = reviewed.when(
        report({ trust: 'ci' }, { failure: { class: 'test_fail', message: 'm' }, passed: false }),
      )
      expect(after).toMatchObject({ status: 'needs_human', asks })
      expect(reviewed.when({ type: 'retry-task' }).gives('retries-renewed', 'human-needed').asks).toEqual(asks)
    })

    it('is asked about once: whoever tries again after that has decided to wait', () => {
      const asked = [...marked, [fail()]] as const
      const waits = given(...asked)
        .when({ type: 'resolve-task', decision: 'retry', note: null })
        .gives('checkpoint-resolved', 'retries-renewed', 'task-held')
      expect(waits.status).toBe('waiting')
      given(...asked)
        .when(stands('failed'))
        .gives()
      // When it ends once more after it was taken up again, that is news.
      const again = given(...asked, [{ type: 'retry-task' }], [stands('open')])
        .when(stands('canceled'))
        .gives('dependency-failed', 'human-needed')
      expect(again.asks).toMatch(/OPS-3 was canceled/)
    })

    it('does not matter when it was taken up again, or is done, before the work ended', () => {
      for (const status of ['open', 'done'] as const) {
        const { after } = given(...marked, [stands(status)]).when({ type: 'release-task', fence: null, reason: 'r' })
        expect(after?.status).toBe(status === 'done' ? 'ready' : 'waiting')
      }
    })
  })

  it('asks also when the dependency is told only later to ask', () => {
    given(...READY, [add('wait')], [stands('failed')])
      .when(add('fail', 'failed'))
      .gives('dependency-changed', 'human-needed')
  })

  it('is dropped where the configuration says so, and waited for again when it is taken up', () => {
    const ready = given(...READY, [add()])
      .when(stands('failed'), dropping)
      .gives('dependency-failed', 'task-readied')
    expect(ready).toMatchObject({ status: 'ready', waitsFor: [] })
    const again = given(...READY, [add('drop')], [stands('failed')])
      .when(stands('open'))
      .gives('dependency-reopened', 'task-held')
    expect(again).toMatchObject({ status: 'waiting', waitsFor: [on.stream] })
    expect(again.dependsOn[0]).not.toHaveProperty('ended')
  })

  it('is what the dependency says before what the configuration says', () => {
    const waits = given(...READY, [add('wait')])
      .when(stands('failed'), dropping)
      .gives('dependency-failed')
    expect(waits.status).toBe('waiting')
  })

  it('is settled when it is done after all', () => {
    expect(
      given(...READY, [add()], [stands('failed')])
        .when(stands('done'))
        .gives('dependency-settled', 'task-readied').dependsOn,
    ).toEqual([on])
  })

  it('is told once', () => {
    given(...READY, [add()], [stands('failed')])
      .when(stands('failed'))
      .gives()
    given(...READY, [add('drop')], [stands('failed')])
      .when(stands('failed'))
      .gives()
    given(...READY, [add()])
      .when(stands('open'))
      .gives()
    given(...READY, [add()], [stands('done')])
      .when(stands('done'))
      .gives()
  })
})

describe('a dependency on a task that has ended', () => {
  it('waits for nothing when that is done or dropped', () => {
    expect(
      given(...READY)
        .when(add(null, 'done'))
        .gives('dependency-added').status,
    ).toBe('ready')
    expect(
      given(...READY)
        .when(add('drop', 'failed'))
        .gives('dependency-added', 'dependency-failed').status,
    ).toBe('ready')
  })

  it('waits, or asks, as if it had failed later', () => {
    expect(
      given(...READY)
        .when(add(null, 'failed'))
        .gives('dependency-added', 'task-held', 'dependency-failed').status,
    ).toBe('waiting')
    expect(
      given(...READY)
        .when(add('fail', 'failed'))
        .gives('dependency-added', 'task-held', 'dependency-failed', 'human-needed').status,
    ).toBe('needs_human')
  })
})

it('a dependency named again with another policy changes it, at once where it counts', () => {
  given(...READY, [add()])
    .when(add())
    .gives()
  given(...READY, [add()])
    .when(add('drop'))
    .gives('dependency-changed')
  const after = given(...READY, [add()], [stands('failed')])
    .when(add('drop', 'failed'))
    .gives('dependency-changed', 'dependency-failed', 'task-readied')
  expect(after).toMatchObject({ status: 'ready', dependsOn: [{ onFailure: 'drop', ended: 'failed' }] })
})
