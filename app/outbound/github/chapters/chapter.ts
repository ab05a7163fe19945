/**
 * A chapter: a stretch of a task's older events, sealed into a comment of its own. Its hash follows from where it begins and ends
 * and from the chapter before it, not from the key or from where its comment is: made anew, it is the same chapter.
 */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StoredEvent, StreamId } from '../../../domain/event/envelope.ts'
import { firstBrokenLink } from '../../../domain/event/hash-chain.ts'
import { chapterSchema, MAX_EARLIER, type ChapterPayload } from '../../../../schemas/chapter.ts'
import { RECORD_SCHEMA } from '../../../../schemas/record.ts'
import type { Place } from '../ports.ts'
import type { Origin } from '../record/encode-record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { seal } from '../record/seal.ts'
import { sha256 } from '../record/sha256.ts'
import { refuse, sameOrigin, verifySeal, type NotBelieved } from '../record/verify-record.ts'

export interface Version {
  readonly version: number
  readonly head: string
}

/** What is known of a chapter without its events. */
export interface Chapter {
  readonly number: number
  readonly from: Version
  readonly rev: number
  readonly head: string
  readonly hash: string
  /** Which stretch of a single large event it holds; absent: whole events. */
  readonly piece?: { readonly index: number; readonly of: number }
}

/** A chapter, its text not yet signed. */
export interface Draft extends Omit<Chapter, 'hash'> {
  readonly events: readonly StoredEvent[]
  readonly text?: string
}

export const chapterHash = (
  stream: StreamId,
  { number, from, rev, head, piece }: Omit<Chapter, 'hash'>,
  previous: string | null,
): string =>
  sha256(
    canonicalJson([
      'muster:sealed',
      stream,
      number,
      from.version,
      from.head,
      rev,
      head,
      piece?.index ?? 0,
      piece?.of ?? 1,
      previous,
    ]),
  )

/** After which event a chapter leaves off. One that holds a stretch of an event, but not its end, leaves off before it. */
export const endOf = ({ from, rev, head, piece }: Omit<Chapter, 'hash'>): Version =>
  piece !== undefined && piece.index + 1 < piece.of ? from : { version: rev, head }

export interface ChapterPlace {
  readonly stream: StreamId
  readonly origin: Origin
  /** `DEV-12`. */
  readonly key: string
}

/** Other chapters, oldest first, with their comments; those before it count. */
export type Earlier = readonly (Pick<Chapter, 'number' | 'hash'> & { readonly comment: Place; readonly gone?: true })[]

export const encodeChapter = (draft: Draft, { stream, origin, key }: ChapterPlace, all: Earlier, keys: RecordKeys) => {
  const { number, from, rev, head, events, piece, text } = draft
  const earlier = all.filter((chapter) => chapter.number < number)
  const before = earlier.at(-1)
  const card = `${cardOf(draft, key)}\n\n`
  const payload = {
    stream,
    origin,
    schema: RECORD_SCHEMA,
    rev,
    head,
    number,
    from,
    previous: before === undefined ? null : { hash: before.hash, id: before.gone === true ? null : before.comment.id },
    earlier: earlier
      .flatMap(({ comment, gone }) => (gone === true ? [] : [comment.nodeId]))
      .toReversed()
      .slice(0, MAX_EARLIER),
    card: sha256(card),
    events,
    ...(piece === undefined ? {} : { piece: { ...piece, text: text ?? '' } }),
  }
  return card + seal('sealed', payload, keys.signing)
}

const cardOf = ({ number, from, rev, piece }: Draft, key: string): string => {
  const first = from.version + 1
  const what =
    piece !== undefined
      ? `part ${piece.index + 1} of ${piece.of} of event ${rev}`
      : first === rev
        ? `event ${rev}`
        : `events ${first} to ${rev}`
  return `**Chapter ${number}** of the history of ${key}: ${what}, kept here by Muster. It never changes, and nothing needs your attention.`
}

export interface ReadChapter extends Chapter {
  readonly stream: StreamId
  readonly origin: Origin
  readonly previous: ChapterPayload['previous']
  readonly earlier: readonly string[]
  readonly events: readonly StoredEvent[]
  readonly text?: string
}

export type ReadingOfChapter = { readonly ok: true; readonly chapter: ReadChapter } | NotBelieved

/**
 * The comment's body as a chapter of the stream. `place` null where the chapter is named by a record that was believed: then it
 * does not matter where the comment stands. Who wrote it is asked elsewhere.
 */
export const readChapter = (
  body: string,
  { stream, place, keys }: { readonly stream: StreamId; readonly place: Origin | null; readonly keys: RecordKeys },
): ReadingOfChapter => {
  const sealed = verifySeal('sealed', body, keys)
  if (!sealed.ok) return sealed
  const parsed = chapterSchema.safeParse(sealed.json)
  if (!parsed.success) return refuse('malformed', 'the signed JSON is no chapter')
  const payload = parsed.data
  if (payload.stream !== stream || (place !== null && !sameOrigin(payload.origin, place))) {
    return refuse('wrong-place', `it belongs to ${payload.stream}, issue #${payload.origin.issueNumber}`)
  }
  if (payload.card !== sha256(sealed.found.above))
    return refuse('card-changed', 'the text above the hidden part was changed')
  const { number, from, rev, head, previous, earlier, origin, piece } = payload
  // The parsed copy would drop members that a newer Muster added to events, and their hashes would not fit any more.
  const { events } = sealed.json as { readonly events: readonly StoredEvent[] }
  const chapter = {
    number,
    from,
    rev,
    head,
    ...(piece === undefined ? {} : { piece: { index: piece.index, of: piece.of } }),
  }
  if (piece === undefined) {
    const broken = firstBrokenLink(sha256, { version: from.version, hash: from.head }, events)
    const last = events.at(-1)
    if (broken !== null || last?.version !== rev || last.hash !== head || events.some((one) => one.stream !== stream)) {
      return refuse('broken-chain', `its events do not lead from ${from.version} to ${rev}`)
    }
  }
  const hash = chapterHash(stream, chapter, previous?.hash ?? null)
  return {
    ok: true,
    chapter: {
      ...chapter,
      hash,
      stream,
      origin,
      previous,
      earlier,
      events,
      ...(piece === undefined ? {} : { text: piece.text }),
    },
  }
}
