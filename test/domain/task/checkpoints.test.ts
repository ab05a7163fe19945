import { describe, expect, it } from 'vitest'
import { BOB, CREATE, READY, RUNNING, fail, given } from '../given.ts'

const STUCK = [...RUNNING, [fail({ failure: { class: 'permission_error', message: 'm' } })]] as const
const resolve = (decision: 'retry' | 'skip' | 'fail', note: string | null = 'the token is renewed') =>
  ({ type: 'resolve-task', decision, note }) as const

describe('a task that waits for a person', () => {
  it('goes on with a fresh count of retries, and keeps the note', () => {
    const task = given(...STUCK)
      .when(resolve('retry'), { actor: BOB, now: 7 })
      .gives('checkpoint-resolved', 'retries-renewed', 'task-readied')
    expect(task).toMatchObject({ status: 'ready', retriesFrom: 2 })
    expect(task.details.checkpoint).toEqual({ decision: 'retry', note: 'the token is renewed', by: 'bob', at: 7 })
  })

  it('is passed over as done, with the reason', () => {
    const { decision, after } = given(...STUCK).when(resolve('skip'), { actor: BOB })
    expect(after?.status).toBe('done')
    expect(decision).toMatchObject({
      events: [
        { type: 'checkpoint-resolved' },
        { type: 'task-completed', data: { reason: 'skipped by bob: the token is renewed' } },
      ],
    })
  })

  it('is given up', () => {
    expect(
      given(...STUCK)
        .when(resolve('fail', null))
        .gives('checkpoint-resolved', 'task-failed').status,
    ).toBe('failed')
  })

  it('may be blocked as well', () => {
    const blocked = given(...STUCK, [{ type: 'block-task', reason: 'b' }])
    blocked.when(resolve('skip')).gives('checkpoint-resolved', 'task-completed')
    expect(blocked.when(resolve('retry')).after?.status).toBe('blocked')
  })
})

it('only then is there something to resolve', () => {
  for (const steps of [[[CREATE]], READY, RUNNING, [...RUNNING, [fail()]]] as const) {
    given(...steps)
      .when(resolve('skip'))
      .rejects('wrong-status')
  }
})
