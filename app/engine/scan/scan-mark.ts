/** Where the scan of one repository stands: a document, so that a scan goes on where the last process left it. */
import type { Millis } from '../../domain/event/envelope.ts'
import type { ScanPlace } from '../ports.ts'
import { feedSince, type FeedMark } from './feed-mark.ts'

/** Comments first: a pull request counts for the tasks that exist, and those may come from comments. */
export type Feed = 'comments' | 'issues'

export interface ScanMark {
  readonly v: 1
  readonly place: ScanPlace
  readonly comments: FeedMark
  readonly issues: FeedMark
  /** The list that a round under way is at; null: none is. */
  readonly at: Feed | null
  /** When that round began. */
  readonly roundAt: Millis | null
  /** When the last round began that came to its end; null: none did. */
  readonly checkedAt: Millis | null
  /** Since when a round waits for the recovered comments to be worked on. */
  readonly waitsSince: Millis | null
}

export const SCAN_MARK = 'scan'

/** `checkedAt` null: due at once. */
export const beginMark = (place: ScanPlace, since: Millis, checkedAt: Millis | null): ScanMark => ({
  v: 1,
  place,
  comments: feedSince(since),
  issues: feedSince(since),
  at: null,
  roundAt: null,
  checkedAt,
  waitsSince: null,
})

export const textOfMark = (mark: ScanMark): string => JSON.stringify(mark)

export const parseMark = (text: string): ScanMark => JSON.parse(text) as ScanMark

/** A round is due when one is under way, after `everyMs`, and when none has begun and ended since `outageAt`. */
export const isDue = ({ at, checkedAt }: ScanMark, now: Millis, everyMs: Millis, outageAt: Millis): boolean =>
  at !== null || checkedAt === null || checkedAt < outageAt || now - checkedAt >= everyMs
