/** Asks GitHub to send again what our door did not acknowledge. GitHub never repeats by itself, and keeps deliveries for three days. */
import type { Millis } from '../../domain/event/envelope.ts'
import type { GitHub } from './client.ts'
import type { GitHubLog } from './client/limits.ts'

interface Delivery {
  readonly id: number
  readonly guid: string
  readonly delivered_at: string
  readonly status_code: number
  readonly repository_id?: number | null
}

/** What a lost database had acknowledged and nobody may have carried out: asked for again, whatever came of it then. */
export interface Lost {
  readonly since: Millis
  readonly repositoryIds: readonly number[]
}

const PER_PAGE = 100
/** What our door refused so often it will refuse again. */
const MAX_TRIES = 6
/** What was carried out is known by its cause, so that asking for a little more does no harm. */
const LOST_OVERLAP_MS: Millis = 60_000
/** Deliveries begun before we were away may have failed just then. */
const OVERLAP_MS: Millis = 10 * 60_000

/** Looks at everything since then, or throws. Returns how many were asked for. A delivery that arrives twice is known by its id and does nothing. */
export const redeliverMissed = async (
  { github, log }: { readonly github: GitHub; readonly log: GitHubLog },
  since: Millis,
  lost: Lost | null = null,
): Promise<number> => {
  const from = Math.min(since, lost?.since ?? since) - OVERLAP_MS
  const isLost = ({ repository_id: repository, delivered_at: at }: Delivery): boolean =>
    lost !== null && lost.repositoryIds.includes(repository ?? 0) && Date.parse(at) >= lost.since - LOST_OVERLAP_MS
  const arrived = new Set<string>()
  const failed = new Map<string, { readonly id: number; tries: number }>()
  let cursor: string | null = null
  // However many there are: the list ends by itself, three days back.
  for (;;) {
    const answer: { readonly data: unknown; readonly headers: { readonly link?: string | undefined } } =
      await github.asApp('GET /app/hook/deliveries', {
        per_page: PER_PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    const deliveries = answer.data as readonly Delivery[]
    for (const delivery of deliveries) {
      const { id, guid, status_code: status } = delivery
      if (status >= 200 && status < 300 && !isLost(delivery)) arrived.add(guid)
      else failed.set(guid, { id, tries: (failed.get(guid)?.tries ?? 0) + 1 })
    }
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(answer.headers.link ?? '')?.[1] ?? null
    const oldest = deliveries.at(-1)
    if (cursor === null || oldest === undefined || Date.parse(oldest.delivered_at) < from) break
  }
  // As they came about: what a later one builds on is to be there before it.
  const missed = [...failed].toReversed().filter(([guid, { tries }]) => !arrived.has(guid) && tries < MAX_TRIES)
  for (const [, { id }] of missed) {
    await github.asApp('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id })
  }
  if (missed.length > 0) log.warn('missed deliveries asked for again', { count: missed.length })
  return missed.length
}
