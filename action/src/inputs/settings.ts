/** Everything that a workflow can tell the Action, parsed once. action.yml documents the same inputs for users. */
import { parseDuration } from '../../../schemas/duration.ts'
import { parseArtifactLines, parseBenchmarkLines, type ArtifactLine, type BenchmarkLine } from './list-inputs.ts'
import { InputFault } from './input-fault.ts'
import { parseMatrix } from './matrix-leg.ts'

export interface Settings {
  /** Path of the agent's own log; null when no agent ran in this job. */
  readonly agentLog: string | null
  /** Path of what the agent's process wrote on its error stream. */
  readonly agentStderr: string | null
  /** The agent's kind, `claude-code`. */
  readonly agent: string | null
  readonly model: string | null
  /** Globs of JUnit XML files. */
  readonly testReports: readonly string[]
  readonly benchmarks: readonly BenchmarkLine[]
  readonly artifacts: readonly ArtifactLine[]
  /** Path of the JSON file that the work hands in. */
  readonly output: string | null
  /** Whether artifacts' bytes travel with the report, or only their digests. */
  readonly includeFiles: boolean
  readonly task: { readonly key: string | null; readonly number: number } | null
  readonly attempt: number | null
  /** Of the agent's process. */
  readonly exitCode: number | null
  /** Milliseconds since 1970. */
  readonly startedAt: number | null
  readonly durationMs: number | null
  readonly timeoutMs: number | null
  readonly canceled: boolean
  /** Whether an earlier step of the job failed. */
  readonly jobFailed: boolean
  /** Whether the step fails when the run did. */
  readonly failOnFailure: boolean
  /** Whether failing tests are shown on their lines by this step. */
  readonly annotate: boolean
  /** Name of the uploaded artifact after its fixed prefix; null: job and run attempt. */
  readonly reportName: string | null
  /** What tells this leg of a matrix from the others, fit for an artifact's name; null without a matrix. */
  readonly matrixLeg: string | null
  readonly upload: boolean
  /** Values that must not appear in the report. */
  readonly secrets: readonly string[]
}

/** Reads one input by its name in action.yml; empty when it is not given. */
export type ReadInput = (name: string) => string

/** Throws an InputFault for the first input that cannot be used. */
export const parseSettings = (read: ReadInput): Settings => {
  const text = (name: string): string | null => read(name).trim() || null
  const lines = (name: string): readonly string[] =>
    read(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
  return {
    agentLog: text('agent-log'),
    agentStderr: text('agent-stderr'),
    agent: text('agent'),
    model: text('model'),
    testReports: lines('test-reports'),
    benchmarks: parseBenchmarkLines(lines('benchmarks')),
    artifacts: parseArtifactLines(lines('artifacts')),
    output: text('output'),
    includeFiles: parseSwitch('include-files', text('include-files'), true),
    task: parseTask(text('task')),
    attempt: parseWhole('attempt', text('attempt'), 1, 'Give the number of the attempt, such as 2'),
    exitCode: parseExitCode(text('exit-code')),
    startedAt: parseTime('started-at', text('started-at')),
    durationMs: parseSpan('duration', text('duration')),
    timeoutMs: parseSpan('timeout', text('timeout')),
    canceled: text('job-status')?.toLowerCase() === 'cancelled',
    jobFailed: text('job-status')?.toLowerCase() === 'failure',
    failOnFailure: parseSwitch('fail-on-failure', text('fail-on-failure'), false),
    annotate: parseSwitch('annotate', text('annotate'), false),
    reportName: parseName(text('report-name')),
    matrixLeg: parseMatrix(text('matrix')),
    upload: parseSwitch('upload', text('upload'), true),
    secrets: lines('secrets'),
  }
}

const parseSwitch = (name: string, value: string | null, otherwise: boolean): boolean => {
  if (value === null) return otherwise
  if (/^(?:true|yes|on)$/i.test(value)) return true
  if (/^(?:false|no|off)$/i.test(value)) return false
  throw new InputFault(name, 'is neither true nor false', 'Give true or false')
}

const parseWhole = (name: string, value: string | null, min: number, next: string): number | null => {
  if (value === null) return null
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min)) throw new InputFault(name, 'is not a whole number that can be used here', next)
  return number
}

/** Windows has codes of ten digits, and shells that print them as negative numbers. */
const parseExitCode = (value: string | null): number | null => {
  if (value === null) return null
  if (/^-?\d{1,10}$/.test(value)) return Number(value)
  throw new InputFault('exit-code', 'is no exit code', "Give the exit code of the agent's process, such as 1")
}

const parseTask = (value: string | null): Settings['task'] => {
  if (value === null) return null
  const match = /^(?:([A-Z][A-Z0-9]{0,7})-|#)?([1-9]\d{0,9})$/.exec(value)
  if (match === null) {
    throw new InputFault('task', 'is no task', 'Give its key, such as DEV-12, or the number of its issue')
  }
  return { key: match[1] === undefined ? null : value, number: Number(match[2]) }
}

/** ISO 8601, or seconds or milliseconds since 1970, as `date -Is`, `date +%s` and `date +%s%3N` print them. */
const parseTime = (name: string, value: string | null): number | null => {
  if (value === null) return null
  const ms = /^\d{10}$/.test(value) ? Number(value) * 1000 : /^\d{13}$/.test(value) ? Number(value) : Date.parse(value)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw new InputFault(
    name,
    'is no point in time',
    'Give what `date -Is` or `date +%s` printed before the agent started',
  )
}

const parseSpan = (name: string, value: string | null): number | null => {
  if (value === null) return null
  const ms = /^(\d{1,12})ms$/.exec(value)?.[1]
  const span = ms === undefined ? parseDuration(value) : Number(ms)
  if (span !== null) return span
  throw new InputFault(name, 'is no duration', 'Give a number with its unit, such as 90s, 20m or 1500ms')
}

const MAX_NAME = 80

const parseName = (value: string | null): string | null => {
  if (value === null || (value.length <= MAX_NAME && /^[\w.-]+$/.test(value))) return value
  throw new InputFault('report-name', 'is no name for an artifact', 'Use at most 80 letters, digits, dots and dashes')
}
