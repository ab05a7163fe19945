/**
 * The sandbox's behaviours that can be changed: unkindness that `--friendly` turns off, and points where GitHub's own
 * behaviour is not certain. Which source each one rests on stands in behaviours.ts.
 */
export interface Switches {
  /** Deliveries wait a seeded random time between these bounds (ms), and so overtake each other. */
  deliveryDelayMs: readonly [number, number]
  /** The share of list reads that are answered from the past, and how far back at most (ms). */
  staleListShare: number
  staleListMs: number
  /** Reading one issue or comment may be answered from the past like a list: 404 for what was just made. */
  staleSingleReads: boolean
  /** Answer 403/429 when a primary or secondary limit is passed. */
  enforceLimits: boolean
  /** Secondary limits answer with this status; GitHub documents both. */
  secondaryLimitStatus: 403 | 429
  /** Whether a secondary limit's answer carries retry-after; GitHub says "if present". */
  secondaryLimitRetryAfter: boolean
  /** GraphQL answers a passed secondary limit with this status; GitHub documents both. */
  graphqlSecondaryStatus: 200 | 403
  /** The type of the error in GraphQL's 200 for a passed limit: documented as RATE_LIMITED, seen as RATE_LIMIT. */
  graphqlLimitType: 'RATE_LIMITED' | 'RATE_LIMIT'
  /** Installation tokens have the long stateless form, with dots. */
  statelessTokens: boolean
  /** Every nth GraphQL mutation field fails with 200, an error and a null (0: never). */
  graphqlFailEvery: number
  /** Text from the browser pages arrives with CRLF line ends. */
  browserCrlf: boolean
  /** Events caused by GITHUB_TOKEN reach Apps' webhooks (they start no workflow runs either way). */
  workflowTokenEventsReachApps: boolean
  /** The share of deliveries that GitHub's side loses before they are sent (logged as failed, never retried by itself). */
  lostDeliveryShare: number
  /** How many issues may block one. */
  maxDependencies: number
  /** A dependency that would close a circle is refused with 422. */
  refuseDependencyCircles: boolean
  /** Keywords close issues of another repository only when the one who merges has a say there. */
  closingElsewhereNeedsRole: boolean
  /** For how long a search does not see what was written, at most (ms). */
  searchLagMs: number
  /** Comments keep their ids when their issue is transferred. */
  transferKeepsCommentIds: boolean
  /** "Re-run" on an App's check arrives as check_run.rerequested or as check_suite.rerequested. */
  rerunArrivesAs: 'check_run' | 'check_suite'
  /** Running a job again leaves the artifacts of its earlier attempt in the lists. */
  rerunKeepsArtifacts: boolean
  /** The subject of an identity token carries the numbers of owner and repository, as for repositories since July 2026. */
  oidcImmutableSubject: boolean
  /** The first look at a pull request after a push shows `mergeable: null`: GitHub works it out meanwhile. */
  mergeableLate: boolean
}

export const UNKIND: Switches = {
  deliveryDelayMs: [20, 400],
  staleListShare: 0.25,
  staleListMs: 3000,
  staleSingleReads: false,
  enforceLimits: true,
  secondaryLimitStatus: 403,
  secondaryLimitRetryAfter: true,
  graphqlSecondaryStatus: 403,
  graphqlLimitType: 'RATE_LIMITED',
  statelessTokens: true,
  graphqlFailEvery: 0,
  browserCrlf: true,
  workflowTokenEventsReachApps: true,
  lostDeliveryShare: 0,
  maxDependencies: 50,
  refuseDependencyCircles: false,
  closingElsewhereNeedsRole: true,
  searchLagMs: 5000,
  transferKeepsCommentIds: true,
  rerunArrivesAs: 'check_run',
  rerunKeepsArtifacts: false,
  oidcImmutableSubject: true,
  mergeableLate: true,
}

export const FRIENDLY: Switches = {
  ...UNKIND,
  deliveryDelayMs: [0, 0],
  staleListShare: 0,
  staleListMs: 0,
  searchLagMs: 0,
  enforceLimits: false,
  browserCrlf: false,
  mergeableLate: false,
}
