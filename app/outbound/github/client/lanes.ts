/**
 * The token buckets in front of every request of one installation. Nested by lane: a result also takes from the share of
 * results, a cosmetic request from both smaller shares, so that the last part of every limit stays free for what people wait for.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { BucketDemand, Lane, RateBuckets } from '../../../engine/ports.ts'

export interface RequestCost {
  readonly api: 'rest' | 'graphql'
  readonly writes: boolean
  /** Issues and comments that the request creates: GitHub's content limits count each. */
  readonly creates: number
}

/** GitHub's limits: hourly per installation (it may be more: see x-ratelimit-limit), and the secondary ones per minute and hour. */
export const HOURLY_REQUESTS = 5_000
const REST_POINTS_A_MINUTE = 900
const GRAPHQL_POINTS_A_MINUTE = 2_000
const CREATES_A_MINUTE = 80
const CREATES_AN_HOUR = 500
const READ_POINTS = 1
const WRITE_POINTS = 5

/** The part of a limit that a lane and those beneath it may use together. */
const SHARES: Record<Lane, readonly { readonly suffix: string; readonly share: number }[]> = {
  command: [{ suffix: '', share: 1 }],
  result: [
    { suffix: '', share: 1 },
    { suffix: ':result', share: 0.85 },
  ],
  cosmetic: [
    { suffix: '', share: 1 },
    { suffix: ':result', share: 0.85 },
    { suffix: ':cosmetic', share: 0.5 },
  ],
}

export interface HourlyLimits {
  readonly rest: number
  readonly graphql: number
}

/** What a request takes from the buckets of an installation. */
export const demandsOf = (
  installationId: number,
  cost: RequestCost,
  lane: Lane,
  hourly: HourlyLimits,
): readonly BucketDemand[] => {
  const perMinute = cost.api === 'rest' ? REST_POINTS_A_MINUTE : GRAPHQL_POINTS_A_MINUTE
  const limits: readonly (readonly [string, number, number, number])[] = [
    [bucketName(installationId, cost.api, 'hour'), 1, hourly[cost.api], 3600],
    [bucketName(installationId, cost.api, 'minute'), cost.writes ? WRITE_POINTS : READ_POINTS, perMinute, 60],
    ...(cost.creates === 0
      ? []
      : ([
          [bucketName(installationId, 'content', 'minute'), cost.creates, CREATES_A_MINUTE, 60],
          [bucketName(installationId, 'content', 'hour'), cost.creates, CREATES_AN_HOUR, 3600],
        ] as const)),
  ]
  return limits.flatMap(([name, cost, capacity, seconds]) =>
    SHARES[lane].map(({ suffix, share }) => ({
      name: name + suffix,
      cost,
      capacity: Math.floor(capacity * share),
      refillPerSecond: (capacity * share) / seconds,
    })),
  )
}

export const bucketName = (
  installationId: number,
  of: 'rest' | 'graphql' | 'content',
  per: 'hour' | 'minute',
): string => `github:${installationId}:${of}:${per}`

/** Shuts the buckets that a limit covers: the hourly one of its API, or, for a secondary limit, every request. */
export const blockLimit = async (
  buckets: RateBuckets,
  installationId: number,
  of: 'rest' | 'graphql' | 'everything',
  until: Millis,
): Promise<void> => {
  if (of !== 'everything') return buckets.block(bucketName(installationId, of, 'hour'), until)
  await buckets.block(bucketName(installationId, 'rest', 'minute'), until)
  await buckets.block(bucketName(installationId, 'graphql', 'minute'), until)
}
