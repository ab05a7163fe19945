/** A believed report as the command it stands for. Pure: who is believed and which attempt it is was decided before. */
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'
import type { Millis } from '../../../domain/event/envelope.ts'
import { isFailureCode } from '../../../domain/failure/codes.ts'
import type { Failure } from '../../../domain/failure/failure.ts'
import type { ReportedArtifact, TaskCommandOf } from '../../../domain/task/commands.ts'
import type { Attempt, TestSummary, Trust } from '../../../domain/task/state.ts'
import { redact } from '../../../domain/text/redact.ts'
import type { Report, ReportFailure, ReportTests } from '../../../../schemas/report.ts'
import { REPORT_ARTIFACT_PREFIX } from '../../../../schemas/report-limits.ts'

export interface ReportContext {
  readonly trust: Trust
  readonly attempt: Attempt
  /** Workflow and job, see `reportSource`. */
  readonly source: string
  /** Whether the run stands on the attempt's branch: then its commit is the attempt's. */
  readonly onBranch: boolean
  /** Whether the attempt's work has left the run's commit: then neither its commit nor its tests are the attempt's. */
  readonly stale: boolean
  /** Whether the attempt's branch was at the run's commit once and is no more: what CI found there stays with that commit. */
  readonly left: boolean
  /** Whether it may end the attempt. */
  readonly decides: boolean
  readonly run: {
    readonly id: number
    readonly attempt: number
    readonly url: string
    readonly headSha: string
    /** `success`, `failure`, …; null when GitHub gave none. */
    readonly conclusion: string | null
  }
  /** Address of the artifact that holds the report. */
  readonly artifactUrl: string
  /** SHA-256 and size of files inside the artifact, as they really are. */
  readonly files: ReadonlyMap<string, { readonly sha256: string; readonly size: number }>
}

const MICRO = 1_000_000
/** GitHub counts lines in 32 bits, and refuses all annotations for one that has more. */
const MAX_LINE = 10_000_000
/** Longer than any limit is renewed in; a time that no calendar has would stop the task's page for good. */
const MAX_WAIT_MS: Millis = 32 * 86_400_000
/** Files, jobs and artifacts each have names of about a hundred characters. */
const SOURCE_CHARS = 400

/**
 * `ci.yml / unit`, the same for every run of that job. Jobs of a matrix share their key: the name that each has to give its
 * report stands behind it, as does an event that makes CI look at something else than the push.
 */
export const reportSource = (
  { run: { job } }: Report,
  run: { readonly path: string; readonly event: string; readonly attempt: number },
  artifactName: string,
): string => {
  const file = run.path.slice(run.path.lastIndexOf('/') + 1)
  const end = `-${run.attempt}`
  const given = artifactName.slice(REPORT_ARTIFACT_PREFIX.length)
  const name = given.endsWith(end) ? given.slice(0, -end.length) : given
  const own = name === job.replace(/[^\w.-]+/g, '-').slice(0, 100)
  const event = run.event === 'push' ? '' : ` on ${run.event}`
  return `${file} / ${job}${own ? '' : ` / ${name}`}${event}`.slice(0, SOURCE_CHARS)
}

export const reportCommand = (report: Report, context: ReportContext): TaskCommandOf<'report-attempt'> => {
  const { trust, attempt, run, source, stale, decides } = context
  const { tokens, cost } = report
  return {
    type: 'report-attempt',
    attempt: attempt.n,
    source,
    passed: decides ? passed(report, run.conclusion) : null,
    failure: report.failure === null || !decides ? null : failureOf(report.failure),
    headSha: stale ? null : headSha(report, context),
    ...leftBehind(report, context),
    measures: {
      trust,
      durationMs: report.durationMs,
      tokens,
      costMicroUsd: cost === null ? null : exact(Math.round(cost.usd * MICRO)),
      model: report.agent.model,
      tests: report.tests === null || stale ? null : testsOf(report.tests),
      run: { id: run.id, attempt: run.attempt, url: run.url },
      logTail: report.logTail === null || stale ? null : redact(report.logTail),
      ...toolsOf(report),
    },
    artifacts: artifactsOf(report, context),
    retryAfterMs: waitOf(report.failure),
    ...(decides ? outputOf(report) : {}),
  }
}

/** What is not called a success by GitHub, or has tests that failed, cannot have passed; its figures count all the same. */
const passed = ({ status, tests }: Report, conclusion: string | null): boolean | null => {
  if (status === 'failed') return false
  const red = tests !== null && tests.failed + tests.errors > 0
  return conclusion === 'success' && !red ? true : null
}

/** Deeper than anything that is read by people. */
const MAX_DEPTH = 64

/** Only of a report that may end the attempt. What is no JSON has been made up: the Action writes none. */
const outputOf = ({ output: text }: Report): { readonly output?: Json } => {
  if (text === undefined) return {}
  try {
    const output = JSON.parse(text) as Json
    // Numbers that JSON cannot hold throw here.
    return isWithin(output, MAX_DEPTH) && canonicalJson(output) !== '' ? { output } : {}
  } catch {
    return {}
  }
}

const isWithin = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' || value === null
    ? true
    : depth > 0 && Object.values(value).every((member) => isWithin(member, depth - 1))

/** Nobody has checked that sums and products of what a report says are whole numbers that can be told apart. */
const exact = (figure: number): number => Math.min(figure, Number.MAX_SAFE_INTEGER)

const waitOf = (failure: ReportFailure | null): Millis | null => {
  const wait = failure?.retryAfterMs ?? null
  return wait === null || wait > MAX_WAIT_MS ? null : wait
}

/** CI's word on a commit that the branch may come back to. */
const leftBehind = (
  { status, tests }: Report,
  { left, trust, run }: ReportContext,
): Pick<TaskCommandOf<'report-attempt'>, 'left'> => {
  if (!left || trust === 'self' || (tests === null && status === 'succeeded')) return {}
  const passed = status === 'succeeded' && tests !== null && tests.failed + tests.errors === 0
  return { left: { headSha: run.headSha, passed } }
}

const toolsOf = ({ agent: { kind, version } }: Report): { readonly tools?: readonly string[] } =>
  version === null ? {} : { tools: [redact(`${kind ?? 'agent'}@${version}`)] }

/** A run elsewhere says which commit it tested; that is believed from CI, and from others when we know the commit already. */
const headSha = (report: Report, { trust, onBranch, run, attempt }: ReportContext): string | null => {
  if (onBranch) return run.headSha
  const said = report.run.headSha
  return trust !== 'self' || said === attempt.headSha ? said : null
}

const failureOf = ({ class: name, code, message, evidence }: ReportFailure): Failure => ({
  class: name,
  ...(code !== null && isFailureCode(code) ? { code } : {}),
  message: redact(message),
  ...(evidence === null ? {} : { evidence: redact(evidence) }),
})

const testsOf = ({ total, failed, errors, skipped, failures }: ReportTests): TestSummary => ({
  // Suite-level errors stand beside the cases: the sum never shows more failures than there are tests.
  total: exact(Math.max(total, failed + errors + skipped)),
  failed: exact(failed + errors),
  skipped,
  // The name stays as the test's runner says it: agents pick tests by it.
  failures: failures.map(({ name, file, line, message }) => ({
    name: name || 'unnamed test',
    file,
    line: line === null || line > MAX_LINE ? null : line,
    message: redact(message),
  })),
})

/** Files that are not in the artifact and have no address of their own lead nowhere: they are left out. */
const artifactsOf = (report: Report, { artifactUrl, files }: ReportContext): readonly ReportedArtifact[] => {
  const figures = report.benchmarks.map(({ name, value, unit }) => ({ name, value, unit }))
  const kept = report.artifacts.flatMap((artifact): ReportedArtifact[] => {
    const inside = artifact.path === null ? undefined : files.get(artifact.path)
    const url = artifact.url ?? (inside === undefined ? null : artifactUrl)
    if (url === null) return []
    const { kind, name, mediaType } = artifact
    const sha256 = inside?.sha256 ?? artifact.sha256
    return [{ kind, name, url, sha256, size: inside?.size ?? artifact.size, mediaType, figures: [] }]
  })
  if (figures.length === 0) return kept
  const at = kept.findIndex(({ kind }) => kind === 'benchmark')
  if (at !== -1) return kept.map((artifact, index) => (index === at ? { ...artifact, figures } : artifact))
  const bare: ReportedArtifact = {
    kind: 'benchmark',
    name: 'benchmarks',
    url: artifactUrl,
    sha256: null,
    size: null,
    mediaType: null,
    figures,
  }
  return [...kept, bare]
}
