/** Puts together what was read, works out the verdict, and keeps to the report's bounds. Pure: the clock comes from outside. */
import { classifyRun } from '../../app/domain/failure/classify-run.ts'
import type { Verdict } from '../../app/domain/failure/verdict.ts'
import { REPORT_LIMITS, REPORT_VERSION } from '../../schemas/report-limits.ts'
import type { Report } from '../../schemas/report.ts'
import type { CollectedArtifacts } from './artifacts/collect-artifacts.ts'
import type { Settings } from './inputs/settings.ts'
import { describeFailure } from './output/describe-failure.ts'
import type { Redact } from './output/redactor.ts'
import type { RunEvidence } from './read-evidence.ts'

export interface ReportParts {
  readonly settings: Settings
  readonly run: Report['run']
  readonly task: Report['task']
  readonly evidence: RunEvidence
  readonly collected: CollectedArtifacts
  /** Milliseconds since 1970. */
  readonly now: number
  readonly redact: Redact
}

const MAX_WORDS_KEPT = 9_000
const MAX_STDERR_KEPT = 6_000
const MAX_WARNINGS = 20

export const buildReport = (parts: ReportParts): Report => {
  const { settings, run, task, evidence, collected, now, redact } = parts
  const { log, tests } = evidence
  const agent = settings.agent ?? log?.agent ?? null
  const elapsedMs = settings.startedAt === null ? null : Math.max(0, Math.round(now - settings.startedAt))
  const terminal = log?.terminal ?? null
  const verdict = classifyRun(
    {
      terminal: terminal && {
        ...terminal,
        errorText: redact(terminal.errorText),
        startupFailure: terminal.startupFailure && redact(terminal.startupFailure),
      },
      logExpected: settings.agentLog !== null && log?.format !== 'unknown',
      exitCode: settings.exitCode,
      elapsedMs: settings.durationMs ?? elapsedMs,
      timeoutMs: settings.timeoutMs,
      stderr: redact(evidence.stderr || readErrorsOfText(parts)),
      tests,
      testsUnread: evidence.testsUnread,
      outputProblem: evidence.handedIn.problem,
      changed: collected.changed,
      canceled: settings.canceled,
      jobFailed: settings.jobFailed,
      now,
    },
    agent,
  )
  // Redacted before it is cut, and cut after it: a redaction mark may be longer than the secret it replaces.
  const fit = (text: string, max: number): string => redact(text).slice(0, max).toWellFormed()
  const fitOrNull = (text: string | null, max: number): string | null => (text === null ? null : fit(text, max))
  return {
    version: REPORT_VERSION,
    task,
    run: { ...run, headBranch: fitOrNull(run.headBranch, REPORT_LIMITS.name) },
    agent: {
      kind: fitOrNull(agent, 100),
      version: fitOrNull(log?.version ?? null, 100),
      model: fitOrNull(settings.model ?? log?.model ?? null, 200),
      session: fitOrNull(log?.session ?? null, 200),
      turns: log?.turns ?? null,
      denials: (terminal?.denials ?? []).slice(0, REPORT_LIMITS.denials).map((tool) => fit(tool, 200)),
    },
    status: verdict.class === 'none' ? 'succeeded' : 'failed',
    failure: toFailure(verdict, tests, redact),
    // Redacted when it was read, before anything was cut.
    tests,
    tokens: log?.tokens ?? null,
    cost: log?.cost ?? null,
    durationMs: settings.durationMs ?? log?.durationMs ?? elapsedMs,
    finishedAt: new Date(now).toISOString(),
    artifacts: collected.artifacts.map(({ name, path, url, ...rest }) => ({
      ...rest,
      name: fit(name, REPORT_LIMITS.name),
      // An address or a path with something redacted in it leads nowhere.
      path: path === null || redact(path) !== path ? null : path,
      url: url === null || redact(url) !== url ? null : url,
    })),
    benchmarks: evidence.benchmarks.map(({ name, unit, range, ...rest }) => ({
      ...rest,
      name: fit(name, REPORT_LIMITS.name),
      unit: fit(unit, 60),
      range: fitOrNull(range, 60),
    })),
    ...(evidence.handedIn.output === null ? {} : { output: evidence.handedIn.output }),
    logTail: readTailOf(log?.lastWords ?? '', evidence.stderr, redact),
    warnings: [...evidence.warnings, ...collected.warnings]
      .slice(0, MAX_WARNINGS)
      .map((line) => fit(line, REPORT_LIMITS.message)),
  }
}

/** A line that begins as an error does. */
const ERROR_START =
  /^\W{0,4}(?:\[?(?:api )?error\b|fatal\b|\w*(?:Error|Exception)\b|[45]\d\d\b|[✕✗✖❌])|^\s*\{"type" ?: ?"(?:error|turn\.failed|result)"/i

/** Of a log in no known format: prose of a model may be in it, so that only a run known to have failed is read in full. */
const readErrorsOfText = ({ evidence, settings }: ReportParts): string => {
  const { log } = evidence
  if (log?.format !== 'unknown' && log?.format !== 'broken') return ''
  const { lastWords } = log
  if (settings.jobFailed || (settings.exitCode ?? 0) !== 0) return lastWords
  return lastWords
    .split('\n')
    .filter((line) => ERROR_START.test(line))
    .join('\n')
}

const toFailure = (verdict: Verdict, tests: Report['tests'], redact: Redact): Report['failure'] =>
  verdict.class === 'none'
    ? null
    : {
        class: verdict.class,
        code: verdict.code,
        message: redact(describeFailure(verdict, tests)).slice(0, REPORT_LIMITS.message).toWellFormed(),
        evidence:
          verdict.evidence === null ? null : redact(verdict.evidence).slice(0, REPORT_LIMITS.evidence).toWellFormed(),
        confidence: verdict.confidence,
        retryAfterMs: verdict.retryAfterMs,
      }

/** The start of the agent's last words and the end of its error stream, cut after redaction. */
const readTailOf = (words: string, stderr: string, redact: Redact): string | null => {
  const tail = [redact(words).slice(0, MAX_WORDS_KEPT), redact(stderr).slice(-MAX_STDERR_KEPT)]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')
  return tail === '' ? null : tail.toWellFormed()
}
