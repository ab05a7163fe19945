/** The arithmetic of one token bucket. Pure; buckets.ts keeps the rows. */
import type { Millis } from '../domain/event/envelope.ts'
import type { BucketDemand } from '../engine/ports.ts'

export interface Bucket {
  /** At `countedAt`; below zero after a demand larger than the capacity. */
  readonly tokens: number
  readonly countedAt: Millis
  /** Nothing is given, and nothing refills, before this time. */
  readonly blockedUntil: Millis
}

/** When a bucket was never counted it is full. */
export const NEVER = -1

const SECOND = 1000

/** The bucket as it is at `now`. A clock that went back refills nothing and blocks nothing. */
export const fillBucket = (bucket: Bucket, demand: BucketDemand, now: Millis): Bucket => {
  const { tokens, countedAt, blockedUntil } = bucket
  if (countedAt === NEVER) return { tokens: demand.capacity, countedAt: now, blockedUntil }
  const refilling = Math.max(0, now - Math.max(countedAt, blockedUntil))
  const filled = Math.min(demand.capacity, tokens + (refilling / SECOND) * demand.refillPerSecond)
  return { tokens: filled, countedAt: now, blockedUntil }
}

/** 0 when the demand can be met now. A demand above the capacity waits for a full bucket and leaves a debt. */
export const waitFor = (bucket: Bucket, demand: BucketDemand, now: Millis): Millis => {
  const blocked = Math.max(0, bucket.blockedUntil - now)
  const missing = Math.min(demand.cost, demand.capacity) - bucket.tokens
  return missing <= 0 ? blocked : blocked + Math.ceil((missing / demand.refillPerSecond) * SECOND)
}
