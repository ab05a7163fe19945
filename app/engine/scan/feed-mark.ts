/**
 * How far one of a repository's lists was read. A walk asks for what changed since a time, oldest first, and goes on from the
 * last row of a full page rather than by page numbers: rows that change meanwhile move to the end and would shift the others.
 * Only within one second there is nothing but pages. Pure.
 */
import type { Millis } from '../../domain/event/envelope.ts'
import type { ScanAsk } from '../ports.ts'

/**
 * A list is answered by replicas that lag behind, each by as much as it likes, and by seconds as a rule: a row may show after
 * newer ones did. Five minutes are far above what GitHub calls normal, and cost nothing: rows that are known do nothing.
 */
export const OVERLAP_MS: Millis = 5 * 60_000

export interface FeedMark {
  /** When the newest row changed that a finished walk has seen. */
  readonly until: Millis
  /** Of the answer to what the next walk asks first, when nothing but that answer is known. */
  readonly etag: string | null
  /** A walk that has not come to its end. */
  readonly walk: FeedWalk | null
}

interface FeedWalk {
  /** What changed since then was not looked at by earlier walks, or only overlapping. */
  readonly from: Millis
  /** However long it takes: what is younger than this, less the lag, may not have shown yet when its page was read. */
  readonly startedAt: Millis
  readonly since: Millis
  readonly page: number
  readonly newest: Millis
}

export const feedSince = (until: Millis): FeedMark => ({ until, etag: null, walk: null })

const wholeSecond = (at: Millis): Millis => Math.floor(at / 1000) * 1000

export const askOf = ({ until, etag, walk }: FeedMark): ScanAsk =>
  walk === null
    ? { since: wholeSecond(until - OVERLAP_MS), page: 1, etag }
    : { since: walk.since, page: walk.page, etag: null }

/** Since when changes count as unseen: what came about before it had its chance. */
export const unseenSince = (mark: FeedMark): Millis => mark.walk?.from ?? askOf(mark).since

/** After a page that was taken in; `changed` are its rows' times, oldest first; `now`: when it was asked for. */
export const afterPage = (
  mark: FeedMark,
  changed: readonly Millis[],
  { isLast, etag, now }: { readonly isLast: boolean; readonly etag: string | null; readonly now: Millis },
): FeedMark => {
  const { since, page } = askOf(mark)
  const last = changed.at(-1)
  const newest = Math.max(mark.walk?.newest ?? mark.until, last ?? 0)
  const startedAt = mark.walk?.startedAt ?? now
  if (isLast || last === undefined) {
    const until = Math.max(mark.until, Math.min(newest, startedAt))
    return { until, etag: mark.walk === null && until === mark.until ? etag : null, walk: null }
  }
  const next = wholeSecond(last)
  const onward = next > since ? { since: next, page: 1 } : { since, page: page + 1 }
  return { ...mark, walk: { from: unseenSince(mark), startedAt, newest, ...onward } }
}
