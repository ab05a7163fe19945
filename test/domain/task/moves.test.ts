/** A task whose issue is transferred: what goes with it, and what stays where it was made and paid for. */
import { describe, expect, it } from 'vitest'
import { contributions } from '../../../app/domain/budget/contributions.ts'
import { limitsOf } from '../../../app/domain/budget/limits.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { epochOf } from '../../../app/domain/task/epoch-of.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import type { Actor } from '../../../app/domain/actor.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import { aDay, budgeted, facts, usd } from '../budget/money.ts'
import { AGENT, ALICE, CREATE, claim, context, replay, store } from '../given.ts'

const SETTINGS = budgeted({ project: aDay(usd(10)) })
const THERE = { project: 'project/8', number: 3, key: 'GAD-3', repository: 'acme/gadgets' } as const
const BACK = { project: 'project/7', number: 40, key: 'DEV-40', repository: 'acme/widgets' } as const
const go = (to: typeof THERE | typeof BACK = THERE, epoch = 1): TaskCommand => ({
  type: 'move-task',
  left: to === THERE ? 'acme/widgets' : 'acme/gadgets',
  to,
  epoch,
})
const LOSE: TaskCommand = { type: 'lose-task', repositoryId: 9, number: 4, reason: 'it went away' }

/** The task after these commands, each of which is accepted; `epoch`: of the project where it is. */
const after = (commands: readonly (TaskCommand | readonly [TaskCommand, Actor])[], epoch = 1): Task => {
  let log: readonly TaskEvent[] = []
  for (const given of [CREATE, { type: 'ready-task' } as const, ...commands]) {
    const [command, actor] = 'type' in given ? [given, ALICE] : given
    const task = replay(log)
    const at = context({ actor, epoch: epochOf(task, { epoch }), settings: SETTINGS, budget: facts() })
    const decision = decideTask(task, command, at)
    if (!decision.ok) throw new Error(decision.rejection.code)
    log = [...log, ...store(decision.events, at, log)]
  }
  const task = replay(log)
  if (task === null) throw new Error('no task')
  return task
}

describe('a transferred task', () => {
  it('has a new key and number, and its old ones as further names', () => {
    expect(after([go()])).toMatchObject({
      project: 'project/8',
      key: 'GAD-3',
      number: 3,
      status: 'ready',
      formerly: [{ project: 'project/7', number: 12, key: 'DEV-12' }],
    })
    expect(after([go(), go(BACK)]).formerly).toEqual([
      { project: 'project/7', number: 12, key: 'DEV-12' },
      { project: 'project/8', number: 3, key: 'GAD-3' },
    ])
  })

  it('is not moved twice by the same news', () => {
    expect(after([go(), go()])).toEqual(after([go()]))
  })

  it('keeps its lease and its attempt, which is paid for where it was claimed', () => {
    const before = after([[claim('a1'), AGENT]])
    const task = after([[claim('a1'), AGENT], go()])
    expect(task.lease).toEqual(before.lease)
    expect(task.attempts).toMatchObject([{ status: 'leased', project: 'project/7' }])
    expect(contributions(task)).toEqual(contributions(before))
    const [attempt] = task.attempts
    if (attempt === undefined) throw new Error('no attempt')
    // The limits of where it is now hold for what is claimed there.
    expect(limitsOf(task, attempt, SETTINGS).map(({ scope }) => scope)).toEqual([])
    const { project: _, ...here } = attempt
    expect(limitsOf(task, here, SETTINGS).map(({ scope }) => scope)).toContain('project/8')
  })

  it('leaves pull requests behind: there is another one of that number', () => {
    const pull = { number: 5, branch: 'muster/DEV-12-x', headSha: 'a'.repeat(40), state: 'open' } as const
    expect(after([{ type: 'observe-pull-request', pullRequest: pull }, go()]).pullRequests).toEqual([])
  })

  it('says of which repository a task is that it refers to, once that is another one', () => {
    const on = { stream: 'task/7/3', key: 'DEV-3' } as const
    const other = { stream: 'task/8/9', key: 'GAD-9', repository: 'acme/gadgets' } as const
    const depend = (target: typeof on | typeof other): TaskCommand => ({
      type: 'add-dependency',
      on: target,
      status: 'done',
      path: null,
      onFailure: null,
    })
    const { dependsOn } = after([depend(on), depend(other), go()])
    expect(dependsOn).toEqual([
      { ...on, repository: 'acme/widgets' },
      { stream: 'task/8/9', key: 'GAD-9' },
    ])
    expect(after([depend(on), go(), go(BACK)]).dependsOn).toEqual([on])
  })

  it.each([
    ['higher', 5],
    ['lower', 1],
  ])('keeps its fences in order in a project whose epoch is %s', (_, epoch) => {
    // Three epochs were seen where it was claimed.
    let log: readonly TaskEvent[] = []
    const say = (command: TaskCommand, at: number, actor: Actor = ALICE): boolean => {
      const task = replay(log)
      const where = context({ actor, epoch: epochOf(task, { epoch: at }) })
      const decision = decideTask(task, command, where)
      if (decision.ok) log = [...log, ...store(decision.events, where, log)]
      return decision.ok
    }
    for (const command of [CREATE, { type: 'ready-task' } as const]) say(command, 3)
    say(claim('a1'), 3, AGENT)
    const fence = replay(log)?.fence ?? null
    expect(fence).toEqual({ epoch: 3, n: 1 })
    expect(say(go(THERE, epoch), 3)).toBe(true)
    const start: TaskCommand = { type: 'start-attempt', fence }
    // A restore there voids it, and only that.
    expect(
      decideTask(replay(log), start, context({ actor: AGENT, epoch: epochOf(replay(log), { epoch: epoch + 1 }) })).ok,
    ).toBe(false)
    expect(say(start, epoch, AGENT)).toBe(true)
  })
})

describe('a task whose issue went out of reach', () => {
  it('is canceled, its lease ended and its reservation settled', () => {
    const task = after([[claim('a1'), AGENT], LOSE])
    expect(task).toMatchObject({
      status: 'canceled',
      lease: null,
      away: { repositoryId: 9, number: 4, was: 'claimed' },
    })
    expect(task.attempts[0]).toMatchObject({ status: 'canceled', settled: { microUsd: { basis: 'unused' } } })
  })

  it.each([
    ['ready', [], 'ready'],
    ['claimed', [[claim('a1'), AGENT]], 'ready'],
    ['blocked', [{ type: 'block-task', reason: 'wait' }], 'blocked'],
    ['waiting for a person', [{ type: 'ask-person', reason: 'look' }], 'needs_human'],
  ] as const)('is taken up again when it comes back: %s', (_, before, status) => {
    const task = after([...(before as readonly TaskCommand[]), LOSE, go(BACK)])
    expect(task).toMatchObject({ status, key: 'DEV-40' })
    expect(task.away).toBeUndefined()
  })

  it('stays as people left it: done before, or canceled by them since', () => {
    expect(after([{ type: 'complete-task', reason: 'r' }, LOSE, go(BACK)]).status).toBe('done')
    const decided = after([
      LOSE,
      { type: 'reopen-task', reason: 'r' },
      { type: 'complete-task', reason: 'r' },
      go(BACK),
    ])
    expect(decided.status).toBe('done')
  })
})
