import { describe, expect, it } from 'vitest'
import { BOB, CLAIMED, CREATE, READY, RUNNING, fail, given } from '../given.ts'

describe('blockers', () => {
  it('lie over the status and give it back when the last one is cleared', () => {
    const blocked = given(
      ...RUNNING,
      [{ type: 'block-task', reason: 'no key' }],
      [{ type: 'block-task', reason: 'no host' }],
    )
    expect(blocked.task).toMatchObject({ status: 'blocked', beneath: 'in_progress' })
    expect(blocked.when({ type: 'unblock-task', id: 1 }).gives('blocker-resolved').status).toBe('blocked')
    expect(blocked.when({ type: 'unblock-task', id: null }).gives('blocker-resolved', 'blocker-resolved').status).toBe(
      'in_progress',
    )
    blocked.when({ type: 'unblock-task', id: 9 }).rejects('no-such-blocker')
  })

  it('stay while what lies beneath moves on', () => {
    const task = given(...RUNNING, [{ type: 'block-task', reason: 'no key' }])
      .when({ type: 'tick', leaseUntil: 0 })
      .gives('lease-expired', 'task-readied')
    expect(task).toMatchObject({ status: 'blocked', beneath: 'ready' })
  })

  it('keep an attempt from succeeding', () => {
    given(...RUNNING, [{ type: 'block-task', reason: 'no key' }])
      .when({ type: 'succeed-attempt', fence: null, costMicroUsd: null, tokens: null })
      .rejects('blocked')
  })
})

describe('a retry', () => {
  it('hands back a task that needed a person before its first attempt', () => {
    const task = given(...READY, [{ type: 'ask-person', reason: 'look' }])
      .when({ type: 'retry-task' })
      .gives('retries-renewed', 'task-readied')
    expect(task).toMatchObject({ status: 'ready', asks: null })
  })

  it('does not skip other tasks, and names them', () => {
    const on = { stream: 'task/7/3', key: 'DEV-3' } as const
    const { decision } = given(...READY, [
      { type: 'add-dependency', on, status: 'open', path: null, onFailure: null },
    ]).when({
      type: 'retry-task',
    })
    expect(decision).toMatchObject({ rejection: { code: 'waits', until: null, on: ['DEV-3'] } })
  })
})

describe('closing and reopening', () => {
  it('cancels the live attempt with the task', () => {
    const task = given(...CLAIMED)
      .when({ type: 'cancel-task', reason: 'obsolete' })
      .gives('attempt-canceled', 'task-canceled')
    expect(task).toMatchObject({ status: 'canceled', lease: null, attempts: [{ status: 'canceled' }] })
  })

  it('does nothing twice', () => {
    given(...READY, [{ type: 'cancel-task', reason: 'x' }])
      .when({ type: 'cancel-task', reason: 'x' })
      .gives()
    given(...READY)
      .when({ type: 'ready-task' })
      .gives()
  })

  it('starts anew from the backlog', () => {
    const task = given(...RUNNING, [fail()], [{ type: 'cancel-task', reason: 'x' }])
      .when({ type: 'reopen-task', reason: 'needed after all' })
      .gives('task-reopened')
    expect(task).toMatchObject({ status: 'backlog', retriesFrom: 2 })
  })

  it('is blocked again by what blocked it', () => {
    const closed = given(
      ...READY,
      [{ type: 'block-task', reason: 'no key' }],
      [{ type: 'cancel-task', reason: 'x' }],
    ).when({ type: 'reopen-task', reason: 'y' })
    const task = closed.gives('task-reopened', 'blocker-resolved', 'blocker-added')
    expect(task).toMatchObject({ status: 'blocked', beneath: 'backlog', blockers: [{ id: 2, reason: 'no key' }] })
    const failed = given(...READY, [{ type: 'block-task', reason: 'no key' }], [{ type: 'fail-task', reason: 'x' }])
    expect(failed.when({ type: 'retry-task' }).after).toMatchObject({ status: 'blocked', beneath: 'ready' })
  })

  it('lets a failed task wait for its dependencies when it is retried', () => {
    const on = { stream: 'task/7/3', key: 'DEV-3' } as const
    const task = given(
      ...RUNNING,
      [{ type: 'add-dependency', on, status: 'open', path: null, onFailure: null }],
      [{ type: 'fail-task', reason: 'given up' }],
    )
      .when({ type: 'retry-task' })
      .gives('retries-renewed', 'task-held')
    expect(task).toMatchObject({ status: 'waiting', waiting: { for: 'dependencies' } })
  })

  it('refuses what makes no sense where the task stands', () => {
    given([CREATE]).when({ type: 'retry-task' }).rejects('wrong-status')
    given(...RUNNING)
      .when({ type: 'ready-task' })
      .rejects('wrong-status')
    given(...READY, [{ type: 'complete-task', reason: 'x' }])
      .when({ type: 'cancel-task', reason: 'x' })
      .rejects('wrong-status')
  })
})

describe('dependencies', () => {
  const on = { stream: 'task/7/3', key: 'DEV-3' } as const

  it('hold a ready task back until they are done', () => {
    const waiting = given(...READY, [{ type: 'add-dependency', on, status: 'open', path: null, onFailure: null }])
    expect(waiting.task).toMatchObject({ status: 'waiting', waiting: { for: 'dependencies' }, waitsFor: ['task/7/3'] })
    waiting
      .when({ type: 'settle-dependency', on: on.stream, status: 'done' })
      .gives('dependency-settled', 'task-readied')
    waiting.when({ type: 'remove-dependency', on }).gives('dependency-removed', 'task-readied')
  })

  it('never close a circle', () => {
    const path = [on, { stream: 'task/7/12', key: 'DEV-12' }] as const
    const { decision } = given(...READY).when({ type: 'add-dependency', on, status: 'open', path, onFailure: null })
    expect(decision).toMatchObject({ rejection: { code: 'dependency-cycle', path: ['DEV-12', 'DEV-3', 'DEV-12'] } })
    const self = { stream: 'task/7/12', key: 'DEV-12' } as const
    given(...READY)
      .when({ type: 'add-dependency', on: self, status: 'open', path: null, onFailure: null })
      .rejects('self-dependency')
  })
})

describe('what is not a task', () => {
  it('takes no command but the one that makes it a task', () => {
    given().when({ type: 'ready-task' }, { actor: BOB }).rejects('not-a-task')
    given().when(CREATE).gives('task-created')
    given([CREATE])
      .when({ ...CREATE, title: 'New' })
      .gives('title-changed')
  })
})
