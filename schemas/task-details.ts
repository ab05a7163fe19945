/** What a task declares, on the wire: the details of its state, each absent until somebody set it. */
import * as z from 'zod'
import { jsonSchema, millisSchema, streamIdSchema } from './stream.ts'

const text = z.string()
const texts = z.array(text).readonly()
const count = z.int().nonnegative()
export const tierSchema = z.enum(['simple', 'medium', 'complex'])
const amount = { microUsd: count.nullable(), tokens: count.nullable() }

/** What people declare; each member is absent until somebody did. */
export const declaredDetailsSchema = z.object({
  tags: texts.optional(),
  links: z
    .array(z.object({ kind: z.enum(['branch', 'worktree', 'pull-request', 'commit', 'other']), target: text }))
    .readonly()
    .optional(),
  deadline: millisSchema.optional(),
  estimate: z.object({ ...amount, durationMs: count.nullable() }).optional(),
  tier: tierSchema.optional(),
  requires: texts.optional(),
  routing: texts.optional(),
  inputSchema: text.optional(),
  outputSchema: text.optional(),
  input: jsonSchema.optional(),
  acceptance: texts.optional(),
  steps: z
    .array(z.object({ id: text, title: text, inputSchema: text.optional(), outputSchema: text.optional() }))
    .readonly()
    .optional(),
  parent: z.object({ stream: streamIdSchema, key: text, repository: text.exactOptional() }).optional(),
  retry: z.object({ maxAttempts: count, backoffMs: count, maxBackoffMs: count }).partial().optional(),
  timeoutMs: count.optional(),
  leaseTtlMs: count.optional(),
  budget: z.object(amount).optional(),
})

export const attributionSchema = z.object({
  agent: text,
  type: text.nullable(),
  session: text.nullable(),
  process: text.nullable(),
})

const progress = { percent: z.number().min(0).max(100).nullable(), text: text.nullable() }
export const progressSchema = z.object(progress)

export const taskDetailsSchema = declaredDetailsSchema.extend({
  phase: z.object({ name: text, since: millisSchema }).optional(),
  progress: z.object({ ...progress, at: millisSchema }).optional(),
  nextStep: text.optional(),
  attribution: attributionSchema.optional(),
  output: jsonSchema.optional(),
  stepRuns: z
    .array(
      z.object({
        step: text,
        status: z.enum(['started', 'finished']),
        attempt: count.nullable(),
        startedAt: millisSchema,
        finishedAt: millisSchema.nullable(),
        output: jsonSchema,
      }),
    )
    .readonly()
    .optional(),
  checkpoint: z
    .object({ decision: z.enum(['retry', 'skip', 'fail']), note: text.nullable(), by: text, at: millisSchema })
    .optional(),
})
