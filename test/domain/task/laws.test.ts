import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import {
  ATTEMPT_TRANSITIONS,
  FIRST_STATUS,
  attemptTransition,
  type TurningEvent,
} from '../../../app/domain/task/attempt-transitions.ts'
import { taskEvent, type TaskEvent, type TaskEventType } from '../../../app/domain/task/events.ts'
import { evolveTask } from '../../../app/domain/task/evolve.ts'
import { isClosed, isLive, type Task } from '../../../app/domain/task/state.ts'
import { ALICE, CREATE, claim, context, replay, sha256, store } from '../given.ts'
import { histories, play } from './histories.ts'

const isTurning = (type: TaskEventType): type is TurningEvent => Object.hasOwn(ATTEMPT_TRANSITIONS, type)

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

it('turns attempts only as their table says', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let before: Task | null = null
      for (const event of play(history, () => undefined)) {
        const after = evolveTask(before, event)
        for (const { n, status } of after?.attempts ?? []) {
          const was = before?.attempts.find((attempt) => attempt.n === n)?.status
          if (was === status) continue
          if (was === undefined) expect([event.type, status]).toEqual(['lease-granted', FIRST_STATUS])
          else expect(attemptTransition(was, event.type as TurningEvent)).toBe(status)
        }
        // What decide makes is never ignored.
        if (isTurning(event.type) && before !== null) {
          const n = (event.data as { attempt: number }).attempt
          const was = before.attempts.find((attempt) => attempt.n === n)?.status
          expect(was === undefined ? null : attemptTransition(was, event.type)).not.toBeNull()
        }
        before = after
      }
    }),
  )
})

it('leaves an attempt alone when an event may not turn it', () => {
  const log = play(
    [
      [CREATE, ALICE, 0, 1],
      [{ type: 'ready-task' }, ALICE, 1, 1],
      [claim('alice'), ALICE, 1, 1],
    ],
    () => undefined,
  )
  const ended = store([taskEvent('attempt-canceled', { attempt: 1, reason: 'r' })], context({ now: 5 }), log)
  for (const type of ['attempt-started', 'attempt-succeeded', 'lease-expired'] as const) {
    const data = { attempt: 1, fence: { epoch: 1, n: 1 }, started: true }
    const late = store([taskEvent(type, data)], context({ now: 9 }), [...log, ...ended])
    expect(replay([...log, ...ended, ...late])?.attempts).toEqual(replay([...log, ...ended])?.attempts)
  }
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
