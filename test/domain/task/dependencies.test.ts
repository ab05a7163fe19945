/** What becomes of a task when one that it depends on fails, is canceled, or is taken up again. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { DependencyStatus, FailurePolicy } from '../../../app/domain/task/state.ts'
import { CLAIMED, READY, claim, given } from '../given.ts'

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

  it('interrupts nobody who is at work', () => {
    given(...CLAIMED, [add('fail')])
      .when(stands('failed'))
      .gives('dependency-failed')
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
