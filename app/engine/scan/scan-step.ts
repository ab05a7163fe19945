/**
 * One step of a repository's scan: one page read, what it shows made durable as inbox rows, and only then the mark moved. A
 * process that dies in between reads the page again, and rows of the same id are there already.
 */
import type { Millis } from '../../domain/event/envelope.ts'
import type {
  Delivery,
  Documents,
  Inbox,
  ScanAnswer,
  ScanPlace,
  ScanSource,
  ScannedComment,
  ScannedIssue,
} from '../ports.ts'
import { afterPage, askOf, unseenSince, type FeedMark } from './feed-mark.ts'
import { parseMark, SCAN_MARK, textOfMark, type Feed, type ScanMark } from './scan-mark.ts'

/** What of a page is news, as rows for the inbox. `since`: what came about before it was seen already. */
export interface ScanTakers {
  comments(place: ScanPlace, rows: readonly ScannedComment[], since: Millis): Promise<readonly Delivery[]>
  issues(place: ScanPlace, rows: readonly ScannedIssue[], since: Millis): Promise<readonly Delivery[]>
  /** The name of the rows that `comments` makes. */
  readonly commentName: (place: ScanPlace) => string
}

export interface ScanStepDeps {
  readonly source: ScanSource
  readonly takers: ScanTakers
  readonly inbox: Pick<Inbox, 'put' | 'pending'>
  readonly documents: Documents
}

/** `waiting`: recovered comments are still to be worked on. `overtaken`: another replica is at it. */
export type Stepped = 'more' | 'done' | 'waiting' | 'overtaken'

/** Comments that cannot be worked on now must not hold back everything else for longer. */
const LONGEST_WAIT_MS: Millis = 60_000

export const scanStep = async (
  { source, takers, inbox, documents }: ScanStepDeps,
  key: string,
  text: string,
  now: Millis,
): Promise<Stepped> => {
  const mark = parseMark(text)
  const save = (next: ScanMark): Promise<boolean> => documents.replace(SCAN_MARK, key, text, textOfMark(next))
  const feed = mark.at ?? 'comments'
  if (feed === 'issues' && mark.issues.walk === null && (await inbox.pending(takers.commentName(mark.place))) > 0) {
    if (now - (mark.waitsSince ?? now) < LONGEST_WAIT_MS) {
      if (mark.waitsSince === null) await save({ ...mark, waitsSince: now })
      return 'waiting'
    }
  }
  const { next, found } = await (feed === 'comments'
    ? page(
        mark.comments,
        now,
        (ask) => source.comments(mark.place, ask),
        (rows, since) => takers.comments(mark.place, rows, since),
      )
    : page(
        mark.issues,
        now,
        (ask) => source.issues(mark.place, ask),
        (rows, since) => takers.issues(mark.place, rows, since),
      ))
  if (found.length > 0) await inbox.put(found)
  const ended = next.walk === null
  const isOver = ended && feed === 'issues'
  const at: Feed | null = isOver ? null : ended ? 'issues' : feed
  const roundAt = mark.at === null ? now : mark.roundAt
  const moved = { ...mark, [feed]: next, at, roundAt, waitsSince: null }
  if (!(await save(isOver ? { ...moved, checkedAt: roundAt } : moved))) return 'overtaken'
  return isOver ? 'done' : 'more'
}

const page = async <Row extends { readonly updatedAt: Millis }>(
  mark: FeedMark,
  now: Millis,
  read: (ask: ReturnType<typeof askOf>) => Promise<ScanAnswer<Row>>,
  take: (rows: readonly Row[], since: Millis) => Promise<readonly Delivery[]>,
): Promise<{ readonly next: FeedMark; readonly found: readonly Delivery[] }> => {
  const answer = await read(askOf(mark))
  if (answer.unchanged) return { next: mark, found: [] }
  const found = answer.rows.length === 0 ? [] : await take(answer.rows, unseenSince(mark))
  const changed = answer.rows.map(({ updatedAt }) => updatedAt)
  return { next: afterPage(mark, changed, { ...answer, now }), found }
}
