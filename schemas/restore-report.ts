/** What `npm run restore -- owner/repo --json` prints: what came back, and what could not be believed and why. */
import * as z from 'zod'
import { streamIdSchema } from './stream.ts'

export const restoredStreamSchema = z.object({
  stream: streamIdSchema,
  /** `imported`: now as on GitHub. `same` and `ahead`: nothing to do. `gap`: imported, but events in between are nowhere. */
  outcome: z.enum(['imported', 'gap', 'same', 'ahead']),
  rev: z.int().positive(),
  /** The version before, 0 for a new stream. */
  from: z.int().nonnegative(),
})
export type RestoredStream = z.infer<typeof restoredStreamSchema>

export const doubtSchema = z.object({
  what: z.enum(['record', 'ledger', 'project']),
  stream: streamIdSchema.nullable(),
  /** Number of the issue, or null when there is none to point to. */
  issue: z.int().positive().nullable(),
  /** A word for programs; `detail` and `next` are for people. */
  problem: z.string(),
  detail: z.string(),
  next: z.string(),
  /** Nothing may be written there until a person has decided. */
  setApart: z.boolean(),
})
export type Doubt = z.infer<typeof doubtSchema>

/** What others wrote to look like ours. It was not believed, and nothing of ours is missing because of it. */
export const notedSchema = z.object({
  what: z.enum(['record', 'ledger']),
  issue: z.int().positive(),
  detail: z.string(),
})
export type Noted = z.infer<typeof notedSchema>

export const restoreReportSchema = z.object({
  repository: z.string(),
  project: streamIdSchema,
  /** Every stream whose record was believed, project first. */
  streams: z.array(restoredStreamSchema).readonly(),
  /** What was lost, or may have been. */
  doubts: z.array(doubtSchema).readonly(),
  notes: z.array(notedSchema).readonly(),
  /** The highest epoch seen; work goes on in a higher one. */
  epoch: z.int().nonnegative(),
  /** Where the prefix of keys could only be read from a task, and the project must be opened anew. */
  reopen: z
    .object({
      repositoryId: z.int().positive(),
      repositoryNodeId: z.string(),
      repository: z.string(),
      prefix: z.string(),
    })
    .nullable(),
})
export type RestoreReport = z.infer<typeof restoreReportSchema>
