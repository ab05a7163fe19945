/** What goes into the next chapter, and into a chapter that has to be made anew. Pure; an event is never cut, only carried in stretches. */
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import { chunksOf } from '../ledger/part-comments.ts'
import { sizeOf } from '../record/move-out.ts'
import type { Chapter, Draft, Version } from './chapter.ts'

/** Bytes of events as written: leaves room in a body for the rest, and GitHub's limit far away. */
export const CHAPTER_BYTES = 40 * 1024

const bytesOf = (event: StoredEvent): number => sizeOf(event as unknown as Json) + 1

/** The chapter after `tip` with the oldest of `events`; the newest, up to `keepBytes` of them, stay out of it. Null: there is nothing to seal. */
export const nextDraft = (
  tip: Chapter | null,
  { version, head }: Version,
  events: readonly StoredEvent[],
  keepBytes: number,
): Draft | null => {
  // No more of a base than where it is: its state would fill the chapter.
  const start = { version, head }
  const [first] = events
  if (first === undefined) return null
  const number = (tip?.number ?? 0) + 1
  const open = tip?.piece !== undefined && tip.piece.index + 1 < tip.piece.of ? tip.piece : null
  if (open !== null) return pieceDraft(number, start, first, open.index + 1)
  const sizes = events.map(bytesOf)
  if ((sizes[0] ?? 0) > CHAPTER_BYTES) return pieceDraft(number, start, first, 0)
  const most = events.length - fitting(sizes.toReversed(), keepBytes)
  const taken = events.slice(0, Math.min(most, fitting(sizes, CHAPTER_BYTES)))
  const last = taken.at(-1)
  return last === undefined ? null : { number, from: start, rev: last.version, head: last.hash, events: taken }
}

/** Of the first sizes, how many are within the limit together. */
const fitting = (sizes: readonly number[], limit: number): number => {
  let left = limit
  let count = 0
  for (const size of sizes) {
    left -= size
    if (left < 0) break
    count += 1
  }
  return count
}

const pieceDraft = (number: number, from: Version, event: StoredEvent, index: number): Draft => {
  const texts = chunksOf(canonicalJson(event))
  const piece = { index, of: texts.length }
  return { number, from, rev: event.version, head: event.hash, events: [], piece, text: texts[index] ?? '' }
}

/** The same chapter again, out of events after its beginning; null when they are not all there, or are others. */
export const draftAgain = (chapter: Chapter, events: readonly StoredEvent[]): Draft | null => {
  const { number, from, rev, head, piece } = chapter
  const own = events.filter(({ version }) => version > from.version && version <= rev)
  const [first] = own
  if (first?.prev !== from.head || own.length !== rev - from.version || own.at(-1)?.hash !== head) return null
  return piece === undefined ? { number, from, rev, head, events: own } : pieceDraft(number, from, first, piece.index)
}
