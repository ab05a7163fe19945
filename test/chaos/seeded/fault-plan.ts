/**
 * What goes wrong in one run: a pure function of its seed, so that a failure can be replayed and read. Says when things go
 * wrong, by the number of a request, a delivery or a commit; carrying it out is the wire's and the run's.
 */
import type { Switches } from '../../../app/sandbox/switches.ts'

export type RequestFault =
  /** An answer of 502, without or with the work done. */
  | { readonly kind: 'broken'; readonly done: boolean }
  /** No answer until the caller gives up. */
  | { readonly kind: 'silent'; readonly done: boolean }
  /** The connection ends. */
  | { readonly kind: 'cut'; readonly done: boolean }
  | { readonly kind: 'limited'; readonly status: 403 | 429; readonly retryAfterS: number | null }
  /** The token has run out. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'slow'; readonly ms: number }

export interface DeliveryFault {
  /** On the way, so that deliveries overtake each other. */
  readonly delayMs: number
  /** GitHub never gets through; its delivery log has it as failed. */
  readonly lost: boolean
  /** The App stores it, and GitHub does not hear so. */
  readonly unheard: boolean
  /** Once more, so much later. */
  readonly againAfterMs: number | null
  /** And then under a GUID of its own, as if it were news. */
  readonly anew: boolean
}

export interface Crash {
  readonly at: 'commit' | 'request'
  /** Counted over all lives. */
  readonly n: number
  readonly side: 'before' | 'after'
  readonly downMs: number
}

export interface FaultPlan {
  readonly seed: number
  readonly switches: Partial<Switches>
  readonly crashes: readonly Crash[]
  request(n: number): RequestFault | null
  delivery(n: number): DeliveryFault
  /** One way of a request, in ms. */
  latency(n: number): number
  /** Every random number that the App itself asks for. */
  random(): () => number
}

/** A number in [0, 1) that only these decide. */
export const chance = (seed: number, purpose: string, n = 0): number => {
  let hash = (seed ^ 2_166_136_261) | 0
  for (const char of `${purpose} ${n}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0_aaad)
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a_2d97)
  return ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296
}

/** Longer than any App of a user is away without a person noticing; downtimes are mostly short. */
const LONGEST_DOWN_MS = 10 * 60_000
const MOST_CRASHES = 5
/** About as many as one run has, so that crashes fall anywhere in it. */
const COMMITS = 2500
const REQUESTS = 450

/** Each kind of fault is absent from half of the runs, and of any frequency up to this in the others. */
const MOST = {
  broken: 0.08,
  silent: 0.03,
  cut: 0.06,
  limited: 0.02,
  expired: 0.03,
  slow: 0.05,
  lost: 0.15,
  unheard: 0.1,
  again: 0.4,
  late: 0.08,
} as const

export const planOf = (seed: number): FaultPlan => {
  const roll = (purpose: string, n = 0): number => chance(seed, purpose, n)
  const rate = (kind: keyof typeof MOST): number => (roll(`no ${kind}`) < 0.5 ? 0 : roll(`rate ${kind}`) * MOST[kind])
  const between = (least: number, most: number, purpose: string, n = 0): number =>
    Math.floor(least + roll(purpose, n) * (most - least))
  const happens = (kind: keyof typeof MOST, n: number): boolean => roll(kind, n) < rate(kind)

  const crashes = Array.from({ length: Math.floor(roll('crashes') * (MOST_CRASHES + 1)) }, (_, k): Crash => {
    const at = roll('crash at', k) < 0.6 ? 'commit' : 'request'
    const isLong = roll('long down', k) < 0.1
    return {
      at,
      n: between(1, at === 'commit' ? COMMITS : REQUESTS, 'crash n', k),
      side: roll('crash side', k) < 0.5 ? 'before' : 'after',
      downMs: between(50, isLong ? LONGEST_DOWN_MS : 8000, 'down', k),
    }
  })

  return {
    seed,
    crashes,
    switches: {
      deliveryDelayMs: [0, 0],
      staleListShare: roll('no stale') < 0.5 ? 0 : roll('stale share') * 0.6,
      staleListMs: between(500, 8000, 'stale ms'),
      graphqlFailEvery: roll('no partly') < 0.7 ? 0 : between(5, 40, 'partly'),
      mergeableLate: roll('mergeable') < 0.5,
      secondaryLimitStatus: roll('status') < 0.5 ? 403 : 429,
      secondaryLimitRetryAfter: roll('retry after') < 0.5,
    },
    request(n) {
      const done = roll('done', n) < 0.5
      if (happens('broken', n)) return { kind: 'broken', done }
      if (happens('silent', n)) return { kind: 'silent', done }
      if (happens('cut', n)) return { kind: 'cut', done }
      if (happens('limited', n)) {
        const status = roll('limit status', n) < 0.5 ? 403 : 429
        return { kind: 'limited', status, retryAfterS: roll('limit wait', n) < 0.5 ? null : between(1, 40, 'wait', n) }
      }
      if (happens('expired', n)) return { kind: 'expired' }
      return happens('slow', n) ? { kind: 'slow', ms: between(500, 15_000, 'slow ms', n) } : null
    },
    delivery: (n) => ({
      delayMs: happens('late', n) ? between(400, 60_000, 'late ms', n) : between(0, 350, 'delay', n),
      lost: happens('lost', n),
      unheard: happens('unheard', n),
      againAfterMs: happens('again', n) ? between(0, 3000, 'again ms', n) : null,
      anew: roll('anew', n) < 0.5,
    }),
    latency: (n) => between(5, 60, 'latency', n),
    random: () => {
      let n = 0
      return () => chance(seed, 'random', (n += 1))
    },
  }
}

/** Nothing goes wrong. */
export const CALM: FaultPlan = {
  ...planOf(0),
  crashes: [],
  switches: { deliveryDelayMs: [0, 0], staleListShare: 0, staleListMs: 0, mergeableLate: false, searchLagMs: 0 },
  request: () => null,
  delivery: () => ({ delayMs: 10, lost: false, unheard: false, againAfterMs: null, anew: false }),
  latency: () => 20,
}
