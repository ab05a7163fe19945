/** Pieces that were moved out of records that grew too large, as comments on the ledger issue: written once, never changed, found by digest. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { partSchema, RECORD_SCHEMA, type PartPayload } from '../../../../schemas/record.ts'
import type { Origin } from '../record/encode-record.ts'
import { ESCAPE_CHARS } from '../record/escape-json.ts'
import type { RecordPart } from '../record/move-out.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { seal } from '../record/seal.ts'
import { sha256 } from '../record/sha256.ts'
import { refuse, sameOrigin, verifySeal, type NotBelieved } from '../record/verify-record.ts'

export interface PartComment {
  readonly digest: string
  readonly chunk: number
  readonly body: string
}

/** Characters of a chunk as written, escapes included: leaves room for the rest of the body. */
const CHUNK_CHARS = 40_000
const CARD = '**A piece** of a record that grew too large for its own comment.\n\n'

/** The comments that keep a piece; almost always one. */
export const partComments = (
  project: StreamId,
  origin: Origin,
  { digest, text }: RecordPart,
  keys: RecordKeys,
): readonly PartComment[] => {
  const chunks = chunksOf(text)
  return chunks.map((piece, chunk) => {
    const payload = {
      stream: project,
      origin,
      schema: RECORD_SCHEMA,
      rev: chunk + 1,
      head: sha256(piece),
      digest,
      chunk,
      chunks: chunks.length,
      text: piece,
    }
    return { digest, chunk, body: CARD + seal('part', payload, keys.signing) }
  })
}

/** A piece is cut only to be carried: its chunks are put together again before anything is read of it. */
export const chunksOf = (text: string): readonly string[] => {
  const chunks: string[] = []
  let from = 0
  let room = CHUNK_CHARS
  for (let at = 0; at < text.length; at += 1) {
    room -= PLAIN.test(text.charAt(at)) ? 1 : ESCAPE_CHARS
    if (room >= 0) continue
    chunks.push(text.slice(from, at))
    from = at
    room = CHUNK_CHARS - ESCAPE_CHARS
  }
  return [...chunks, text.slice(from)]
}

/** What is surely written as it stands; all else is counted as an escape, which is the most that it can become. */
const PLAIN = /[A-Za-z0-9 _.,:;=+*()[\]{}!?]/

export type ReadPart = { readonly ok: true; readonly part: PartPayload } | NotBelieved

export const readPart = (body: string, place: Origin, keys: RecordKeys): ReadPart => {
  const sealed = verifySeal('part', body, keys)
  if (!sealed.ok) return sealed
  const parsed = partSchema.safeParse(sealed.json)
  if (!parsed.success) return refuse('malformed', 'the signed JSON is no piece of a record')
  if (!sameOrigin(parsed.data.origin, place)) return refuse('wrong-place', 'it belongs to another ledger')
  return { ok: true, part: parsed.data }
}

/** Whole pieces by digest, from chunks in any order; pieces with a chunk missing are left out. */
export const joinParts = (parts: readonly PartPayload[]): ReadonlyMap<string, string> => {
  const whole = new Map<string, string>()
  for (const [digest, chunks] of Map.groupBy(parts, (part) => part.digest)) {
    const byPlace = new Map(chunks.map((part) => [part.chunk, part.text]))
    const text = Array.from({ length: chunks[0]?.chunks ?? 0 }, (_, at) => byPlace.get(at) ?? '').join('')
    if (sha256(text) === digest) whole.set(digest, text)
  }
  return whole
}
