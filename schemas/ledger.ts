/** The pages of the ledger that hold marks: how far the record of each task has come. The project's own page is a record (see record.ts). */
import * as z from 'zod'
import { digestSchema, revSchema, streamIdSchema } from './stream.ts'
import { sealedFieldsSchema } from './record.ts'

export const markSchema = z.object({
  stream: streamIdSchema,
  /** Number of the issue today. */
  number: z.int().positive(),
  /** The record comment, by both of GitHub's names. */
  comment: z.object({ id: z.int().positive(), nodeId: z.string().min(1).max(200) }),
  rev: revSchema,
  head: digestSchema,
})
export type MarkPayload = z.infer<typeof markSchema>

export const marksPageSchema = sealedFieldsSchema.extend({
  /** Counted from 0; issue numbers are spread over pages in fixed ranges. */
  page: z.int().nonnegative(),
  /** SHA-256 of the text above the hidden line. */
  card: digestSchema,
  marks: z.array(markSchema).max(1_000).readonly(),
})
export type MarksPagePayload = z.infer<typeof marksPageSchema>
