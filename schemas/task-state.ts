/** The state of a task on the wire. Members that this version does not know pass; those it knows must be right. */
import * as z from 'zod'
import { actorSchema, digestSchema, millisSchema, streamIdSchema } from './stream.ts'
import { gateSchema, verdictSchema } from './policy.ts'
import { taskDetailsSchema } from './task-details.ts'

const text = z.string()
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const count = z.int().nonnegative()
const id = z.int().positive()
const status = z.enum([
  'backlog',
  'ready',
  'waiting',
  'claimed',
  'in_progress',
  'blocked',
  'review',
  'needs_human',
  'done',
  'failed',
  'canceled',
])
const trust = z.enum(['self', 'ci', 'platform'])
export const fenceSchema = z.object({ epoch: count, n: count })

export const leaseSchema = z.object({
  attempt: id,
  fence: fenceSchema,
  owner: text,
  holder: actorSchema,
  ttlMs: count,
  grantedAt: millisSchema,
  expiresAt: millisSchema,
  runId: count.nullable(),
  preempt: z.object({ by: text, until: millisSchema }).optional(),
})

const testFailure = z.object({
  name: text,
  file: text.nullable(),
  line: z.int().nullable(),
  message: text,
})

const cost = z.object({ amount: count, basis: text, trust: trust.nullable() })
export const costsSchema = z.object({ microUsd: cost, tokens: cost })
export const sumsSchema = z.object({ microUsd: count, tokens: count })
export const reservationSchema = z.object({
  microUsd: count.nullable(),
  tokens: count.nullable(),
  day: text.regex(/^\d{4}-\d{2}-\d{2}$/),
  month: text.regex(/^\d{4}-\d{2}$/),
  timeZone: text,
  workspace: text.nullable(),
  holdMs: count,
})
export const budgetWarningSchema = z.object({
  scope: text,
  period: text,
  unit: z.enum(['microUsd', 'tokens']),
  limit: count,
  total: count,
})

export const failureSchema = z.object({
  class: text,
  code: text.optional(),
  message: text,
  evidence: text.optional(),
})

const measures = {
  durationMs: z.number().nonnegative().nullable(),
  tests: z.object({ total: count, failed: count, skipped: count, failures: list(testFailure) }).nullable(),
  tokens: z
    .object({
      total: count,
      input: count.nullable(),
      output: count.nullable(),
      cacheRead: count.nullable(),
      cacheWrite: count.nullable(),
    })
    .nullable(),
  costMicroUsd: z.number().nonnegative().nullable(),
  model: text.nullable(),
  run: z.object({ id: count, attempt: count, url: text }).nullable(),
  logTail: text.nullable(),
}
export const measuresSchema = z.object({ trust, ...measures, tools: list(text).optional() })

const figure = z.object({ amount: count, basis: z.enum(['reported', 'priced']), trust }).nullable()
export const billSchema = z.object({
  run: z.object({ id: count, attempt: count }).nullable(),
  microUsd: figure,
  tokens: figure,
})

export const attemptInputsSchema = z.object({
  briefSha256: digestSchema.nullable(),
  configSha256: digestSchema.nullable(),
  tools: list(text),
  runner: text.nullable(),
})

const attempt = z.object({
  n: id,
  status: z.enum(['queued', 'leased', 'running', 'succeeded', 'failed', 'canceled', 'expired']),
  owner: text,
  fence: fenceSchema,
  claimedBy: text.optional(),
  pushedBy: list(text).optional(),
  openedAt: millisSchema,
  startedAt: millisSchema.nullable(),
  endedAt: millisSchema.nullable(),
  durationMs: measures.durationMs,
  baseSha: text.nullable(),
  headSha: text.nullable(),
  branch: text.nullable(),
  failure: failureSchema.nullable(),
  tests: measures.tests,
  tokens: measures.tokens,
  costMicroUsd: measures.costMicroUsd,
  bills: list(billSchema).optional(),
  trust: trust.nullable(),
  model: measures.model,
  run: measures.run,
  logTail: measures.logTail,
  reservation: reservationSchema.optional(),
  settled: costsSchema.optional(),
  overrun: sumsSchema.optional(),
  tools: count.optional(),
  asked: count.optional(),
  inputs: attemptInputsSchema.optional(),
  project: streamIdSchema.optional(),
})

export const evidenceSchema = z.object({
  command: text,
  exitCode: z.int(),
  passed: z.boolean(),
  attempt: count.nullable(),
  headSha: text.nullable(),
  trust,
  by: text,
  at: millisSchema,
})

export const artifactSchema = z.object({
  kind: z.enum(['diff', 'file', 'log', 'benchmark', 'screenshot', 'report']),
  name: text,
  url: text,
  attempt: count.nullable(),
  sha256: digestSchema.nullable(),
  size: count.nullable(),
  mediaType: text.nullable(),
  figures: list(z.object({ name: text, value: z.number(), unit: text })),
  at: millisSchema,
})

export const blockerSchema = z.object({ id, reason: text, by: text, at: millisSchema })
export const noteSchema = z.object({ text, by: text, at: millisSchema })
export const taskRefSchema = z.object({ stream: streamIdSchema, key: text, repository: text.exactOptional() })
export const failurePolicySchema = z.enum(['wait', 'fail', 'drop'])
export const endedSchema = z.enum(['failed', 'canceled'])
export const pullRequestSchema = z.object({
  number: id,
  branch: text,
  headSha: text,
  state: z.enum(['open', 'merged', 'closed']),
})
export const issueSpotSchema = z.object({ project: streamIdSchema, number: id, key: text })
export const awaySchema = z.object({ repositoryId: id, number: id, was: status.nullable() })
export const milestoneSchema = z.object({ number: id, title: text })
export const prioritySchema = z.enum(['p0', 'p1', 'p2', 'p3'])

export const taskStateSchema = z.object({
  stream: streamIdSchema,
  project: streamIdSchema,
  key: text.min(1),
  number: id,
  title: text,
  status,
  beneath: status.nullable(),
  statusSince: millisSchema,
  waiting: z
    .discriminatedUnion('for', [
      z.object({ for: z.literal('backoff'), until: millisSchema }),
      z.object({ for: z.literal('dependencies') }),
    ])
    .nullable(),
  asks: text.nullable(),
  priority: prioritySchema,
  /** Absent in what versions before it wrote. */
  details: taskDetailsSchema.optional(),
  lease: leaseSchema.nullable(),
  fence: fenceSchema,
  attempts: list(attempt),
  retriesFrom: count,
  strikes: count,
  blockers: list(blockerSchema),
  nextBlocker: id,
  evidence: list(evidenceSchema),
  artifacts: list(artifactSchema),
  notes: list(noteSchema),
  dependsOn: list(
    taskRefSchema.extend({
      onFailure: failurePolicySchema.optional(),
      ended: endedSchema.optional(),
      asked: z.literal(true).optional(),
    }),
  ),
  waitsFor: list(streamIdSchema),
  pullRequests: list(pullRequestSchema),
  warnings: list(budgetWarningSchema).optional(),
  /** Absent when there are none. The same for verdicts. */
  gates: list(gateSchema).optional(),
  verdicts: list(verdictSchema).optional(),
  formerly: list(issueSpotSchema).optional(),
  away: awaySchema.optional(),
  epochShift: z.int().optional(),
  assignees: list(text).optional(),
  milestone: milestoneSchema.optional(),
  createdBy: text,
  madeByAgent: z.literal(true).optional(),
  createdAt: millisSchema,
})

export const projectStateSchema = z.object({
  stream: streamIdSchema,
  repositoryId: id,
  repositoryNodeId: text,
  repository: text.regex(/^[^/\s]+\/[^/\s]+$/),
  installationId: count,
  prefix: text.regex(/^[A-Z0-9]{1,8}$/),
  epoch: id,
  ledgerIssue: id.nullable(),
  paused: text.nullable(),
  /** Absent when there are none, and in what versions before it wrote. */
  kills: list(
    z.object({
      scope: z.enum(['agent', 'project', 'workspace']),
      agent: text.nullable(),
      reason: text,
      by: text,
      at: millisSchema,
    }),
  ).optional(),
  findings: list(
    z.object({
      id,
      kind: z.enum(['constraint', 'decision', 'gotcha']),
      text,
      task: z.object({ stream: streamIdSchema, key: text }),
      attempt: count.nullable(),
      by: text,
      at: millisSchema,
    }),
  ).optional(),
  nextFinding: id.optional(),
})
