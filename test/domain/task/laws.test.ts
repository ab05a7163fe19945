import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { firstBrokenLink, GENESIS_HASH } from '../../../app/domain/event/hash-chain.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { isClosed, isLive } from '../../../app/domain/task/state.ts'
import { ALICE, CREATE, claim, replay, sha256 } from '../given.ts'
import { histories, play } from './histories.ts'

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
