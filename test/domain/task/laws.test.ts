import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Actor } from '../../../app/domain/actor.ts'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { isClosed, isLive, type Task } from '../../../app/domain/task/state.ts'
import { AGENT, ALICE, BOB, CREATE, claim, context, fail, replay, sha256, store } from '../given.ts'

const actors: readonly Actor[] = [ALICE, BOB, AGENT]
const fences = fc.option(fc.record({ epoch: fc.integer({ min: 0, max: 3 }), n: fc.integer({ min: 0, max: 6 }) }), {
  nil: null,
})
const text = fc.string({ maxLength: 20 })

const commands: fc.Arbitrary<TaskCommand> = fc.oneof(
  fc.constant(CREATE),
  fc.constant<TaskCommand>({ type: 'ready-task' }),
  fc
    .tuple(fc.constantFrom('alice', 'bob', 'a1'), fc.constantFrom(null, 60_000, 7_200_000))
    .map(([owner, ttlMs]) => claim(owner, { ttlMs })),
  fences.map((fence): TaskCommand => ({ type: 'start-attempt', fence })),
  fences.map((fence): TaskCommand => ({ type: 'succeed-attempt', fence, costMicroUsd: 5, tokens: 7 })),
  fc
    .tuple(fences, fc.constantFrom('test_fail', 'permission_error', 'rate_limit', 'timeout'))
    .map(([fence, name]): TaskCommand => fail({ fence, failure: { class: name, message: 'm' } })),
  fences.map((fence): TaskCommand => ({ type: 'release-task', fence, reason: 'r' })),
  fc.constant<TaskCommand>({ type: 'retry-task' }),
  text.map((reason): TaskCommand => ({ type: 'cancel-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'fail-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'ask-person', reason })),
  text.map((reason): TaskCommand => ({ type: 'reopen-task', reason })),
  text.map((reason): TaskCommand => ({ type: 'block-task', reason })),
  fc.option(fc.nat(4), { nil: null }).map((id): TaskCommand => ({ type: 'unblock-task', id })),
  text.map((note): TaskCommand => ({ type: 'add-note', text: note })),
  fc.integer({ min: 0, max: 3_000_000 }).map((leaseUntil): TaskCommand => ({ type: 'tick', leaseUntil })),
  fc.boolean().map((settled): TaskCommand => ({
    type: 'add-dependency',
    on: { stream: 'task/7/3', key: 'DEV-3' },
    settled,
    path: null,
  })),
  fc.boolean().map((settled): TaskCommand => ({ type: 'settle-dependency', on: 'task/7/3', settled })),
)

const histories = fc.array(
  fc.tuple(commands, fc.constantFrom(...actors), fc.nat(1_000_000), fc.integer({ min: 1, max: 3 })),
  {
    minLength: 1,
    maxLength: 60,
  },
)

/** Plays a history, looking at the task after every accepted command. */
const play = (
  history: typeof histories extends fc.Arbitrary<infer H> ? H : never,
  look: (before: Task | null, after: Task | null) => void,
) => {
  let log: readonly TaskEvent[] = []
  let now = 1_000_000
  let epoch = 1
  for (const [command, actor, pause, atLeast] of history) {
    now += pause
    epoch = Math.max(epoch, atLeast)
    const before = replay(log)
    const at = context({ now, actor, epoch })
    const decision = decideTask(before, command, at)
    if (!decision.ok) continue
    log = [...log, ...store(decision.events, at, log)]
    look(before, replay(log))
  }
  return log
}

it('keeps at most one live attempt, and it is the one that the lease stands for', () => {
  fc.assert(
    fc.property(histories, (history) => {
      play(history, (_before, after) => {
        const live = after?.attempts.filter(({ status }) => isLive(status)) ?? []
        expect(live.length).toBeLessThanOrEqual(1)
        expect(after?.lease?.attempt).toBe(live[0]?.n)
        if (after !== null && isClosed(after.status)) expect(after.lease).toBeNull()
      })
    }),
  )
})

it('grants fences that only grow', () => {
  fc.assert(
    fc.property(histories, (history) => {
      play(history, (before, after) => {
        if (before === null || after === null) return
        expect(after.fence.epoch).toBeGreaterThanOrEqual(before.fence.epoch)
        expect(after.fence.n).toBeGreaterThanOrEqual(before.fence.n)
      })
    }),
  )
})

it('shows blocked exactly while an open task has blockers', () => {
  fc.assert(
    fc.property(histories, (history) => {
      play(history, (_before, after) => {
        if (after === null || isClosed(after.status)) return
        expect(after.status === 'blocked').toBe(after.blockers.length > 0)
        expect(after.beneath === null).toBe(after.status !== 'blocked')
      })
    }),
  )
})

it('gives the same bytes on every replay, over an unbroken chain', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const log = play(history, () => undefined)
      const reread = JSON.parse(JSON.stringify(log)) as readonly TaskEvent[]
      expect(canonicalJson(replay(reread))).toBe(canonicalJson(replay(log)))
      expect(firstBrokenLink(sha256, { version: 0, hash: GENESIS_HASH }, reread)).toBeNull()
    }),
  )
})

it('finds any change of any event', () => {
  const log = play(
    [
      [CREATE, ALICE, 0, 1],
      [{ type: 'ready-task' }, ALICE, 5, 1],
      [claim('alice'), ALICE, 5, 1],
    ],
    () => undefined,
  )
  const [first, second, third] = log
  if (first === undefined || second === undefined || third === undefined) throw new Error('three events expected')
  const start = { version: 0, hash: GENESIS_HASH }
  expect(firstBrokenLink(sha256, start, [first, { ...second, at: second.at + 1 }, third])).toBe(2)
  expect(firstBrokenLink(sha256, start, [first, third])).toBe(3)
  expect(firstBrokenLink(sha256, start, [second, third])).toBe(2)
})
