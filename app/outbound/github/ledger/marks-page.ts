/** The ledger's pages of marks: one line for people, and hidden below it, signed, how far each record has come. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import { marksPageSchema, type MarkPayload, type MarksPagePayload } from '../../../../schemas/ledger.ts'
import { RECORD_SCHEMA } from '../../../../schemas/record.ts'
import type { Origin } from '../record/encode-record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { seal } from '../record/seal.ts'
import { sha256 } from '../record/sha256.ts'
import { refuse, sameOrigin, verifySeal, type NotBelieved } from '../record/verify-record.ts'

/** The high-water mark of one task's record. */
export type RecordMark = MarkPayload

/** A mark takes some 250 bytes, so that a full page stays below the soft limit of a body. Fixed ranges: a new task touches one page. */
export const MARKS_PER_PAGE = 150

export const pageOf = (issueNumber: number): number => Math.floor(issueNumber / MARKS_PER_PAGE)

export interface MarksPage {
  readonly page: number
  /** Grows with every mark that does: an older page is known by it. */
  readonly rev: number
  readonly body: string
}

/** Pages in order, only those that have marks. */
export const marksPages = (
  project: StreamId,
  origin: Origin,
  marks: readonly RecordMark[],
  keys: RecordKeys,
): readonly MarksPage[] => {
  const byPage = Map.groupBy(marks, ({ number }) => pageOf(number))
  return [...byPage].sort(([a], [b]) => a - b).map(([page, on]) => marksPage(project, origin, page, on, keys))
}

const marksPage = (
  project: StreamId,
  origin: Origin,
  page: number,
  unsorted: readonly RecordMark[],
  keys: RecordKeys,
): MarksPage => {
  const marks = unsorted.toSorted((a, b) => a.number - b.number || (a.stream < b.stream ? -1 : 1))
  const numbers = marks.map(({ number }) => number)
  const card = `**Records** of ${marks.length} tasks, issues ${numbers[0]} to ${numbers.at(-1)}.\n\n`
  const rev = marks.reduce((sum, mark) => sum + mark.rev, 0)
  const head = sha256(canonicalJson(marks))
  const payload = { stream: project, origin, schema: RECORD_SCHEMA, rev, head, page, card: sha256(card), marks }
  return { page, rev, body: card + seal('ledger', payload, keys.signing) }
}

export type ReadMarks = { readonly ok: true; readonly page: MarksPagePayload } | NotBelieved | null

/** The marks of a ledger comment; null when it is another page of the ledger. Never throws. */
export const readMarks = (body: string, place: Origin, keys: RecordKeys): ReadMarks => {
  const sealed = verifySeal('ledger', body, keys)
  if (!sealed.ok) return sealed
  if (!Object.hasOwn(sealed.json as object, 'marks')) return null
  const parsed = marksPageSchema.safeParse(sealed.json)
  if (!parsed.success) return refuse('malformed', 'the signed JSON is no page of marks')
  const page = parsed.data
  if (!sameOrigin(page.origin, place)) return refuse('wrong-place', 'it belongs to another ledger')
  if (page.card !== sha256(sealed.found.above))
    return refuse('card-changed', 'the text above the hidden part was changed')
  return { ok: true, page }
}
