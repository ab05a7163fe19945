/**
 * The projections as they were at a time, in the shape of the store's own dump: replayed from the log, nothing is read from
 * them or changed. Times are those that the events carry.
 */
import { sumBooks, type Book } from '../domain/budget/books.ts'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { Millis, StoredEvent, StreamId } from '../domain/event/envelope.ts'
import { isTaskStream } from './fold.ts'
import type { EventLog, Fold } from './ports.ts'

/** `unknown`: streams that began before that time in a database that is gone, and whose state of then nobody knows; absent without any. */
export const dumpAt = async (
  log: Pick<EventLog, 'streams' | 'base' | 'read'>,
  fold: Fold,
  time: Millis,
): Promise<string> => {
  const books: Book[] = []
  const edges: Record<string, readonly StreamId[]> = {}
  const projects: Record<string, unknown> = {}
  const tasks: Record<string, unknown> = {}
  const unknown: StreamId[] = []
  for (const stream of await log.streams()) {
    const base = await log.base(stream)
    const events = until(await log.read(stream, base?.version ?? 0), time)
    const newest = events.at(-1)
    if (newest === undefined) {
      if (base !== null) unknown.push(stream)
      continue
    }
    const { state, index } = fold(stream, base?.state ?? null, events)
    const row = { state: JSON.parse(state) as unknown, version: newest.version }
    if (isTaskStream(stream)) tasks[stream] = row
    else projects[stream] = row
    if (index.kind !== 'task') continue
    books.push(...(index.books ?? []))
    if (index.dependsOn.length > 0) edges[stream] = [...new Set(index.dependsOn)].sort()
  }
  return canonicalJson({ books: figuresOf(books), edges, projects, tasks, ...(unknown.length > 0 ? { unknown } : {}) })
}

const figuresOf = (books: readonly Book[]) =>
  Object.fromEntries(
    sumBooks(books).map(({ scope, period, reserved, spent, warned }) => [
      `${scope} ${period}`,
      [reserved.microUsd, reserved.tokens, spent.microUsd, spent.tokens, warned],
    ]),
  )

/** All up to the last that is not later; clocks may have gone back in between. */
const until = (events: readonly StoredEvent[], time: Millis): readonly StoredEvent[] =>
  events.slice(0, events.findLastIndex(({ at }) => at <= time) + 1)
