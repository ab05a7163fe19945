/** given(…).when(command).gives(…): the domain's tests speak in its own words, without mocks. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import { GENESIS_HASH, hashEvent } from '../../app/domain/event/hash-chain.ts'
import type { StoredEvent } from '../../app/domain/event/envelope.ts'
import type { RejectionCode } from '../../app/domain/rejection.ts'
import { DEFAULT_SETTINGS } from '../../app/domain/settings.ts'
import type { TaskCommand, TaskCommandOf } from '../../app/domain/task/commands.ts'
import type { DecideContext } from '../../app/domain/task/decide/context.ts'
import { decideTask } from '../../app/domain/task/decide-task.ts'
import type { NewTaskEvent, TaskEvent } from '../../app/domain/task/events.ts'
import { evolveTask } from '../../app/domain/task/evolve.ts'
import type { Task } from '../../app/domain/task/state.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const ALICE: Actor = { kind: 'user', id: 'alice' }
export const BOB: Actor = { kind: 'user', id: 'bob' }
export const AGENT: Actor = { kind: 'agent', id: 'a1' }

export const context = (over: Partial<DecideContext> = {}): DecideContext => ({
  now: 1_000_000,
  actor: ALICE,
  epoch: 1,
  paused: null,
  settings: DEFAULT_SETTINGS,
  ...over,
})

export const CREATE: TaskCommandOf<'create-task'> = {
  type: 'create-task',
  project: 'project/7',
  key: 'DEV-12',
  number: 12,
  title: 'Sum is wrong',
  priority: 'p2',
}

/** New events as they would stand in the log. */
export const store = (
  events: readonly NewTaskEvent[],
  { now, actor }: DecideContext,
  after: readonly TaskEvent[] = [],
): readonly TaskEvent[] => {
  let prev = after.at(-1)?.hash ?? GENESIS_HASH
  return events.map((event, index) => {
    const unhashed: Omit<StoredEvent, 'hash'> = {
      ...event,
      stream: 'task/7/12',
      version: after.length + index + 1,
      id: `01J${String(after.length + index).padStart(23, '0')}`,
      at: now,
      actor,
      cause: `test:${after.length}`,
      prev,
    }
    prev = hashEvent(sha256, unhashed)
    return { ...unhashed, hash: prev } as TaskEvent
  })
}

export const replay = (events: readonly TaskEvent[]): Task | null => events.reduce(evolveTask, null as Task | null)

type Step = readonly [TaskCommand, Partial<DecideContext>?]

/** Plays commands that must all be accepted. */
export const played = (...steps: readonly Step[]): readonly TaskEvent[] => {
  let log: readonly TaskEvent[] = []
  for (const [command, over] of steps) {
    const at = context(over)
    const decision = decideTask(replay(log), command, at)
    if (!decision.ok) throw new Error(`${command.type} was rejected: ${decision.rejection.code}`)
    log = [...log, ...store(decision.events, at, log)]
  }
  return log
}

export const given = (...steps: readonly Step[]) => {
  const log = played(...steps)
  return {
    task: replay(log),
    when: (command: TaskCommand, over: Partial<DecideContext> = {}) => {
      const at = context(over)
      const decision = decideTask(replay(log), command, at)
      const after = decision.ok ? replay([...log, ...store(decision.events, at, log)]) : replay(log)
      return {
        decision,
        after,
        gives: (...types: readonly NewTaskEvent['type'][]): Task => {
          expect(decision.ok ? decision.events.map(({ type }) => type) : decision.rejection).toEqual(types)
          return after as Task
        },
        rejects: (code: RejectionCode): void => {
          expect(decision.ok ? 'accepted' : decision.rejection.code).toBe(code)
        },
      }
    },
  }
}

export const claim = (owner: string, over: Partial<TaskCommand & { type: 'claim-task' }> = {}): TaskCommand => ({
  type: 'claim-task',
  owner,
  ttlMs: null,
  baseSha: null,
  model: null,
  runId: null,
  ...over,
})

export const READY: readonly Step[] = [[CREATE], [{ type: 'ready-task' }]]
export const CLAIMED: readonly Step[] = [...READY, [claim('alice')]]
export const RUNNING: readonly Step[] = [...CLAIMED, [{ type: 'start-attempt', fence: null }]]

export const fail = (over: Partial<TaskCommand & { type: 'fail-attempt' }> = {}): TaskCommand => ({
  type: 'fail-attempt',
  fence: null,
  failure: { class: 'test_fail', message: '1 of 9 tests failed' },
  ...over,
})
