/** The JSON of one chapter of a task's history: older events, sealed into a comment of their own that is never written again. */
import * as z from 'zod'
import { digestSchema, storedEventSchema } from './stream.ts'
import { sealedFieldsSchema } from './record.ts'

/** Of the comments of earlier chapters, newest first: a reader fetches so many at once. */
export const MAX_EARLIER = 100

/** `rev` is the newest version that it holds anything of, `head` the hash of that event. */
export const chapterSchema = sealedFieldsSchema.extend({
  /** Counted from 1. */
  number: z.int().positive(),
  /** What came before its first event. */
  from: z.object({ version: z.int().nonnegative(), head: digestSchema }),
  /** The chapter before it: its hash, and the database id of its comment when this was written, null where that was not known. Null: there is none. */
  previous: z.object({ hash: digestSchema, id: z.int().positive().nullable() }).nullable(),
  earlier: z.array(z.string().min(1).max(200)).max(MAX_EARLIER).readonly(),
  /** SHA-256 of the text above the hidden line. */
  card: digestSchema,
  events: z.array(storedEventSchema).readonly(),
  /** Instead of events: a stretch of one that is too large for a comment, of its canonical JSON. */
  piece: z
    .object({ index: z.int().nonnegative(), of: z.int().positive().max(1_000), text: z.string().max(65_536) })
    .optional(),
})
export type ChapterPayload = z.infer<typeof chapterSchema>
