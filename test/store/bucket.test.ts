/** The law of a token bucket: over any span no more is given than the capacity and what refilled in it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillBucket, NEVER, waitFor, type Bucket } from '../../app/store/bucket.ts'

const NEW: Bucket = { tokens: 0, countedAt: NEVER, blockedUntil: 0 }
const START = Date.UTC(2026, 0, 1)

describe('a bucket', () => {
  it('never gives more than capacity and refill, and always gives after the wait it named', () => {
    const steps = fc.array(fc.record({ after: fc.nat(20_000), cost: fc.nat(12) }), { maxLength: 60, size: 'max' })
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 12, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, capacity, tenths) => {
          const refillPerSecond = tenths / 10
          let now = START
          let bucket = NEW
          let given = 0
          for (const { after, cost } of steps) {
            now += after
            const demand = { name: 'b', cost, capacity, refillPerSecond }
            bucket = fillBucket(bucket, demand, now)
            const wait = waitFor(bucket, demand, now)
            if (wait > 0) {
              now += wait
              bucket = fillBucket(bucket, demand, now)
              // Rounding of a double may leave one more millisecond.
              expect(waitFor(bucket, demand, now)).toBeLessThanOrEqual(1)
            }
            bucket = { ...bucket, tokens: bucket.tokens - cost }
            given += cost
            expect(given).toBeLessThanOrEqual(capacity + ((now - START) / 1000) * refillPerSecond + 0.01)
          }
        },
      ),
    )
  })

  it('neither refills nor locks up when the clock goes back', () => {
    const demand = { name: 'b', cost: 1, capacity: 10, refillPerSecond: 1 }
    const empty = { ...fillBucket(NEW, demand, START), tokens: 0 }
    const back = fillBucket(empty, demand, START - 3_600_000)
    expect(back.tokens).toBe(0)
    expect(waitFor(back, demand, START - 3_600_000)).toBe(1000)
    expect(fillBucket(back, demand, START - 3_599_000).tokens).toBe(1)
  })
})
