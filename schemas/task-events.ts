/**
 * The data of every event of a task, by its type, as the log and the records on GitHub hold it. Members that are not named here
 * pass: a newer version may have added them.
 */
import * as z from 'zod'
import { actorSchema, digestSchema, jsonSchema, millisSchema, storedEventSchema, streamIdSchema } from './stream.ts'
import { gateSchema, roleSchema, verdictSchema } from './policy.ts'
import { attributionSchema, declaredDetailsSchema, progressSchema, tierSchema } from './task-details.ts'
import {
  artifactSchema,
  attemptInputsSchema,
  awaySchema,
  billSchema,
  blockerSchema,
  endedSchema,
  budgetWarningSchema,
  costsSchema,
  evidenceSchema,
  failurePolicySchema,
  failureSchema,
  fenceSchema,
  issueSpotSchema,
  leaseSchema,
  measuresSchema,
  milestoneSchema,
  noteSchema,
  prioritySchema,
  pullRequestSchema,
  reservationSchema,
  sumsSchema,
  taskRefSchema,
} from './task-state.ts'

const text = z.string()
const attempt = z.int().positive()
const held = { attempt, fence: fenceSchema }
const why = z.object({ reason: text })
const detailChanges = z.object(
  Object.fromEntries(Object.entries(declaredDetailsSchema.shape).map(([name, schema]) => [name, schema.nullable()])),
)

export const TASK_EVENT_SCHEMAS = {
  'task-created': z.object({
    project: streamIdSchema,
    key: text,
    number: z.int().positive(),
    title: text,
    priority: prioritySchema,
  }),
  'title-changed': z.object({ title: text }),
  'priority-set': z.object({ priority: prioritySchema }),
  'task-updated': z.object({ changes: detailChanges }),
  'phase-entered': z.object({ name: text }),
  'progress-reported': progressSchema,
  'next-step-set': z.object({ text: text.nullable() }),
  'attribution-set': z.object({ attribution: attributionSchema }),
  'custom-recorded': z.object({ name: text, data: jsonSchema }),
  'step-started': z.object({ step: text, attempt: attempt.nullable(), input: jsonSchema }),
  'step-finished': z.object({ step: text, attempt: attempt.nullable(), output: jsonSchema }),
  'checkpoint-resolved': z.object({ decision: z.enum(['retry', 'skip', 'fail']), note: text.nullable() }),
  'task-readied': why,
  'task-held': z.object({ until: millisSchema.nullable(), reason: text }),
  'lease-granted': z.object({
    lease: leaseSchema.omit({ grantedAt: true }),
    baseSha: text.nullable(),
    model: text.nullable(),
    ttlAsked: z.boolean().optional(),
    reservation: reservationSchema.optional(),
    inputs: attemptInputsSchema.optional(),
  }),
  'brief-handed-out': z.object({ attempt, sha256: digestSchema }),
  'lease-extended': z.object({ ...held, ttlMs: millisSchema, expiresAt: millisSchema }),
  'attempt-started': z.object(held),
  'attempt-head-moved': z.object({ attempt, branch: text, headSha: text, by: text.optional() }),
  'attempt-succeeded': z.object({ ...held, output: jsonSchema.optional() }),
  'attempt-failed': z.object({ ...held, failure: failureSchema, retryAfterMs: millisSchema.optional() }),
  'attempt-measured': z.object({ attempt, measures: measuresSchema, bill: billSchema.optional() }),
  'attempt-canceled': z.object({ attempt, reason: text }),
  'lease-released': z.object({ ...held, reason: text }),
  'lease-expired': z.object({
    ...held,
    started: z.boolean(),
    strikes: z.int().nonnegative().optional(),
    deadline: millisSchema.optional(),
    takenBy: text.optional(),
  }),
  'preemption-asked': z.object({ ...held, by: text, until: millisSchema }),
  'budget-settled': z.object({ attempt, costs: costsSchema }),
  'budget-corrected': z.object({ attempt, costs: costsSchema }),
  'budget-overrun': z.object({ attempt, above: sumsSchema }),
  'budget-warned': budgetWarningSchema,
  'tier-changed': z.object({ from: tierSchema.nullable(), to: tierSchema, reason: text }),
  'human-needed': why.extend({ dependencies: z.array(streamIdSchema).optional() }),
  'retries-renewed': z.object({ from: attempt }),
  'blocker-added': z.object({ blocker: blockerSchema.omit({ at: true }) }),
  'blocker-resolved': z.object({ id: z.int().positive() }),
  'evidence-recorded': z.object({ evidence: evidenceSchema.omit({ at: true }) }),
  'artifact-recorded': z.object({ artifact: artifactSchema.omit({ at: true }) }),
  'tool-invoked': z.object({
    attempt,
    tool: text,
    summary: text,
    ok: z.boolean(),
    durationMs: millisSchema.nullable(),
  }),
  'note-added': z.object({ note: noteSchema.omit({ at: true }) }),
  'dependency-added': z.object({ on: taskRefSchema, settled: z.boolean(), onFailure: failurePolicySchema.optional() }),
  'dependency-changed': z.object({ on: streamIdSchema, onFailure: failurePolicySchema }),
  'dependency-removed': z.object({ on: taskRefSchema }),
  'dependency-settled': z.object({ on: streamIdSchema }),
  'dependency-reopened': z.object({ on: streamIdSchema }),
  'dependency-failed': z.object({ on: streamIdSchema, status: endedSchema, policy: failurePolicySchema }),
  'pull-request-linked': z.object({ pullRequest: pullRequestSchema }),
  'pull-request-changed': z.object({ pullRequest: pullRequestSchema }),
  'assignees-changed': z.object({ assignees: z.array(text).readonly() }),
  'milestone-changed': z.object({ milestone: milestoneSchema.nullable() }),
  'task-completed': why,
  'task-failed': why,
  'task-canceled': why,
  'task-reopened': why,
  'policy-evaluated': verdictSchema.omit({ at: true }),
  'gate-opened': gateSchema
    .pick({ needs: true, verb: true, attempt: true, headSha: true, moved: true })
    .extend({ gate: text }),
  'gate-approved': z.object({ gate: text, by: text, role: roleSchema }),
  'gate-closed': z.object({ gate: text, how: z.enum(['approved', 'fell', 'dropped']), reason: text }),
  'task-moved': z.object({
    from: issueSpotSchema.extend({ repository: text }),
    to: issueSpotSchema.extend({ repository: text }),
    epochShift: z.int(),
  }),
  'task-moved-away': awaySchema,
  'tampering-found': z.object({ what: text, by: actorSchema.nullable(), detail: text }),
} as const satisfies Record<string, z.ZodType>

/** Any event of a task, at the newest version of its data. */
export const taskEventSchema = z.union(
  Object.entries(TASK_EVENT_SCHEMAS).map(([type, data]) => storedEventSchema.extend({ type: z.literal(type), data })),
)
