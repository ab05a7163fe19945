/** What nothing is written to on GitHub any more, and why: kept by stream as documents of this kind until log and GitHub agree again. */
import * as z from 'zod'
import { streamIdSchema } from './stream.ts'

export const SET_APART = 'set-apart'

export const setApartSchema = z.object({
  /** A task, or the project itself: then its ledger is meant. */
  stream: streamIdSchema,
  project: streamIdSchema,
  /** Number of the issue, or null when there is none to point to. */
  issue: z.int().positive().nullable(),
  /** A word for programs; `detail` and `next` are for people. */
  problem: z.string(),
  detail: z.string(),
  next: z.string(),
  /** Milliseconds since 1970 when it was first found. */
  since: z.int().nonnegative(),
})
export type SetApart = z.infer<typeof setApartSchema>

/** From the documents of the kind. */
export const readSetApart = (documents: readonly { readonly value: string }[]): readonly SetApart[] =>
  documents.map(({ value }) => setApartSchema.parse(JSON.parse(value)))
