/**
 * The wire contract of a report: what the Action says of one attempt's run, as JSON in an artifact of that run. It says
 * what was seen, never how far it is to be believed: whoever reads it decides that from the run itself.
 */
import * as z from 'zod'
import { REPORT_LIMITS, REPORT_VERSION } from './report-limits.ts'

const line = (max: number) => z.string().max(max)
const count = z.int().nonnegative()
/** Above zero, and a whole number that JavaScript holds exactly. */
const id = z.int().positive()
const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const milliseconds = z.int().nonnegative()

export const FAILURE_CLASS_NAMES = [
  'test_fail',
  'tool_error',
  'context_limit',
  'rate_limit',
  'permission_error',
  'timeout',
  'lease_expired',
  'budget_exceeded',
  'invalid_output',
  'dependency_failed',
  'verification_gap',
  'environment_error',
  'canceled',
  'unknown',
] as const

/** Which task and attempt the run says it worked on; a hint, to be checked against the run. */
const taskSchema = z.object({
  /** `DEV-12`. */
  key: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,7}-[1-9][0-9]{0,9}$/)
    .nullable(),
  /** Issue number. */
  number: id.nullable(),
  /** Counted from 1 per task. */
  attempt: id.nullable(),
  /** Where the hint was found; `none` when there was none. */
  source: z.enum(['input', 'trailer', 'branch', 'none']),
})

const runSchema = z.object({
  /** `owner/name`. */
  repository: line(REPORT_LIMITS.name),
  repositoryId: id.nullable(),
  id,
  attempt: id,
  /** `owner/name/.github/workflows/ci.yml@refs/heads/main`. */
  workflowRef: line(REPORT_LIMITS.path),
  /** The job's key in the workflow file. */
  job: line(REPORT_LIMITS.name),
  event: line(100),
  headSha: sha.nullable(),
  headBranch: line(REPORT_LIMITS.name).nullable(),
})

const agentSchema = z.object({
  /** `claude-code`, or what the workflow calls it. */
  kind: line(100).nullable(),
  version: line(100).nullable(),
  model: line(200).nullable(),
  session: line(200).nullable(),
  turns: count.nullable(),
  /** Names of tools that the agent was not allowed to use. */
  denials: z.array(line(200)).max(REPORT_LIMITS.denials),
})

const failureSchema = z.object({
  class: z.enum(FAILURE_CLASS_NAMES),
  /** Refines the class; readers ignore codes that they do not know. */
  code: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .nullable(),
  message: line(REPORT_LIMITS.message),
  /** The line or field the class was read from. */
  evidence: line(REPORT_LIMITS.evidence).nullable(),
  /** `typed`: from a field made for it; `text`: from words; `guess`: from circumstances such as an exit code. */
  confidence: z.enum(['typed', 'text', 'guess']),
  /** How long the limit that was hit says to wait, counted from `finishedAt`. */
  retryAfterMs: milliseconds.nullable(),
})

const testFailureSchema = z.object({
  name: line(REPORT_LIMITS.name),
  suite: line(REPORT_LIMITS.name).nullable(),
  /** Relative to the repository, forward slashes. */
  file: line(REPORT_LIMITS.path).nullable(),
  /** 1-based; null without a file. */
  line: id.nullable(),
  message: line(REPORT_LIMITS.message),
  details: line(REPORT_LIMITS.details).nullable(),
})

const testsSchema = z.object({
  /** Test cases in all, without suite-level errors. */
  total: count,
  failed: count,
  /** Test cases or suites that broke before they could pass or fail. */
  errors: count,
  skipped: count,
  /** Passed after failing before, counted as passed. */
  flaky: count,
  /** The first of them; `failed + errors` says how many there were. */
  failures: z.array(testFailureSchema).max(REPORT_LIMITS.failures),
})

const tokensSchema = z.object({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  /** The sum of the four. */
  total: count,
})

const costSchema = z.object({
  /** US dollars. */
  usd: z.number().nonnegative(),
  /** `reported` by the agent, or `computed` from tokens and prices. */
  basis: z.enum(['reported', 'computed']),
})

const artifactSchema = z.object({
  kind: z.enum(['diff', 'file', 'log', 'benchmark', 'screenshot', 'report']),
  name: line(REPORT_LIMITS.name),
  /** Where its bytes are inside the artifact of the run; null when they are not. */
  path: line(REPORT_LIMITS.path).nullable(),
  url: z
    .url({ protocol: /^https$/ })
    .max(REPORT_LIMITS.url)
    .nullable(),
  sha256: sha256.nullable(),
  /** Bytes. */
  size: count.nullable(),
  mediaType: line(100).nullable(),
})

const benchmarkSchema = z.object({
  name: line(REPORT_LIMITS.name),
  value: z.number(),
  unit: line(60),
  /** Which way is better. */
  direction: z.enum(['smaller', 'bigger', 'unknown']),
  /** Spread of the measurement in words, `± 3`. */
  range: line(60).nullable(),
})

export const reportSchema = z.object({
  version: z.literal(REPORT_VERSION),
  task: taskSchema,
  run: runSchema,
  agent: agentSchema,
  status: z.enum(['succeeded', 'failed']),
  /** Null when and only when the status is `succeeded`. */
  failure: failureSchema.nullable(),
  tests: testsSchema.nullable(),
  tokens: tokensSchema.nullable(),
  /** Null: unknown. Zero is a figure. */
  cost: costSchema.nullable(),
  durationMs: milliseconds.nullable(),
  /** When the report was made. */
  finishedAt: z.iso.datetime(),
  artifacts: z.array(artifactSchema).max(REPORT_LIMITS.artifacts),
  benchmarks: z.array(benchmarkSchema).max(REPORT_LIMITS.benchmarks),
  /** The last lines of the agent's own errors and final words, secrets redacted. */
  logTail: line(REPORT_LIMITS.logTail).nullable(),
  /** What the work hands in, as JSON text; absent when the workflow names none, and in reports of versions before it. */
  output: line(REPORT_LIMITS.output).optional(),
  /** What could not be read, one sentence each. */
  warnings: z.array(line(REPORT_LIMITS.message)).max(20),
})

export type Report = z.infer<typeof reportSchema>
export type ReportFailure = NonNullable<Report['failure']>
export type ReportTests = NonNullable<Report['tests']>
export type ReportArtifact = Report['artifacts'][number]
export type ReportBenchmark = Report['benchmarks'][number]

export type ParsedReport =
  { readonly ok: true; readonly report: Report } | { readonly ok: false; readonly problem: string }

/** Reads a report from JSON text that nobody has checked. The problem is one sentence that quotes no value of the text. */
export const parseReport = (text: string): ParsedReport => {
  if (text.length > REPORT_LIMITS.bytes) return { ok: false, problem: 'it is larger than a report may be' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'it is not JSON' }
  }
  const result = reportSchema.safeParse(value)
  if (!result.success) {
    const issue = result.error.issues[0]
    return { ok: false, problem: `${issue?.path.join('.') || 'the report'}: ${issue?.code ?? 'not valid'}` }
  }
  if ((result.data.status === 'failed') !== (result.data.failure !== null)) {
    return { ok: false, problem: 'failure: must be given when and only when the status is failed' }
  }
  return { ok: true, report: result.data }
}
