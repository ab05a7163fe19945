/** What `npm run verify -- owner/repo --json` prints: where GitHub is not as the log and the rules want it. */
import * as z from 'zod'
import { streamIdSchema } from './stream.ts'

export const auditDifferenceSchema = z.object({
  stream: streamIdSchema,
  /** Number of the issue; null where there is none to point to. */
  issue: z.int().positive().nullable(),
  what: z.enum(['log', 'ledger', 'mark', 'record', 'label', 'title', 'state', 'check']),
  /** A word for programs; `detail` is for people. */
  problem: z.string(),
  detail: z.string(),
})
export type AuditDifference = z.infer<typeof auditDifferenceSchema>

export const auditReportSchema = z.object({
  repository: z.string(),
  project: streamIdSchema,
  /** How much was looked at. */
  tasks: z.int().nonnegative(),
  records: z.int().nonnegative(),
  marks: z.int().nonnegative(),
  checks: z.int().nonnegative(),
  differences: z.array(auditDifferenceSchema).readonly(),
  /** What could not be read, and why: nothing is said of it. */
  unread: z.array(z.object({ stream: streamIdSchema, detail: z.string() })).readonly(),
})
export type AuditReport = z.infer<typeof auditReportSchema>
