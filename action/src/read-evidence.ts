/** Reads every file that the workflow named: the agent's log and error stream, test reports, benchmarks, the output. Missing files are warnings. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { REPORT_LIMITS } from '../../schemas/report-limits.ts'
import type { ReportBenchmark, ReportTests } from '../../schemas/report.ts'
import { createExists, findFiles, readTail, relativePath, type Place } from './artifacts/files.ts'
import type { ArtifactLine } from './inputs/list-inputs.ts'
import type { Settings } from './inputs/settings.ts'
import type { AgentLog } from './logs/agent-log.ts'
import { readAgentLog } from './logs/read-agent-log.ts'
import type { Redact } from './output/redactor.ts'
import { readOutput, type ReadOutput } from './read-output.ts'
import { readBenchmarks } from './reports/benchmarks.ts'
import { readJunit } from './reports/junit.ts'
import { addTests, NO_TESTS } from './reports/test-report.ts'
import { decodeText, MAX_XML } from './reports/xml.ts'

export interface RunEvidence {
  /** Null when no log was named, or it could not be opened. */
  readonly log: AgentLog | null
  readonly stderr: string
  readonly tests: ReportTests | null
  /** Whether test reports were named, and none was there or one could not be read to its end. */
  readonly testsUnread: boolean
  readonly benchmarks: readonly ReportBenchmark[]
  /** The benchmark files, to be kept as artifacts too. */
  readonly benchmarkFiles: readonly ArtifactLine[]
  readonly handedIn: ReadOutput
  readonly warnings: readonly string[]
}

const MAX_STDERR = 65_536

export const readEvidence = async (settings: Settings, place: Place, redact: Redact): Promise<RunEvidence> => {
  const warnings: string[] = []
  const warn = (line: string): void => void warnings.push(line)
  const log = await readLog(settings.agentLog, place, warn)
  const stderr = await readStderr(settings.agentStderr, place, warn)
  const { tests, unread } = await readTests(settings.testReports, place, redact, warn)
  const { benchmarks, files } = await readAllBenchmarks(settings.benchmarks, place, warn)
  const handedIn = await readOutput(settings.output, place, redact)
  if (handedIn.problem !== null) warn(`The output ${handedIn.problem}. Check the path in \`output\`.`)
  return { log, stderr, tests, testsUnread: unread, benchmarks, benchmarkFiles: files, handedIn, warnings }
}

type Warn = (line: string) => void

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() === true

const readLog = async (name: string | null, place: Place, warn: Warn): Promise<AgentLog | null> => {
  if (name === null) return null
  const path = resolve(place.workspace, name)
  if (!(await isFile(path))) {
    warn(`There is no agent log \`${name}\`: the agent may not have started. Check the path in \`agent-log\`.`)
    return null
  }
  const log = await readAgentLog(createReadStream(path, { encoding: 'utf8', highWaterMark: 1024 * 1024 }))
  if (log.format === 'unknown') {
    warn(
      `The agent log \`${name}\` is in no known format. Run Claude Code with \`--output-format json\` or \`stream-json\`.`,
    )
  } else if (log.format === 'broken') {
    warn(`The agent log \`${name}\` breaks off in its first message: the agent may have been stopped while it wrote.`)
  } else if (log.format === 'empty') {
    warn(`The agent log \`${name}\` is empty: the agent ended without a word. Look at its error stream.`)
  } else if (log.unreadable > 0) {
    const pieces = log.unreadable === 1 ? 'one piece that is' : `${log.unreadable} pieces that are`
    warn(`The agent log \`${name}\` has ${pieces} broken or longer than 32 MB; the rest was read.`)
  }
  return log
}

const readStderr = async (name: string | null, place: Place, warn: Warn): Promise<string> => {
  if (name === null) return ''
  const path = resolve(place.workspace, name)
  if (await isFile(path)) return readTail(path, MAX_STDERR)
  warn(`There is no error stream \`${name}\`. Check the path in \`agent-stderr\`.`)
  return ''
}

const readTests = async (
  patterns: readonly string[],
  place: Place,
  redact: Redact,
  warn: Warn,
): Promise<{ readonly tests: ReportTests | null; readonly unread: boolean }> => {
  const paths = { workspace: place.workspace, exists: createExists(place.workspace) }
  let tests: ReportTests | null = null
  let unread = false
  for (const pattern of patterns) {
    const { files, refused } = await findFiles(pattern, place)
    if (files.length === 0) warn(`No test report matches \`${pattern}\`: the tests may not have run.`)
    if (refused > 0)
      warn(`${refused} matches of \`${pattern}\` lie outside the workspace or are too many; they are not read.`)
    for (const file of files) {
      const name = relativePath(file, place.workspace)
      const read =
        (await stat(file)).size > MAX_XML
          ? ({ ok: false, problem: 'it is larger than 32 MB; split it' } as const)
          : readJunit(decodeText(await readFile(file)), paths, name, redact)
      if (!read.ok || !read.complete) unread = true
      if (read.ok) tests = addTests(tests ?? NO_TESTS, read.tests)
      else warn(`The test report \`${name ?? file}\` is not read: ${read.problem}.`)
      if (read.ok && !read.complete)
        warn(`The test report \`${name ?? file}\` breaks off; it is read as far as it goes.`)
    }
  }
  return { tests, unread: unread || (patterns.length > 0 && tests === null) }
}

const readAllBenchmarks = async (
  lines: Settings['benchmarks'],
  place: Place,
  warn: Warn,
): Promise<{ readonly benchmarks: readonly ReportBenchmark[]; readonly files: readonly ArtifactLine[] }> => {
  const benchmarks: ReportBenchmark[] = []
  const files: ArtifactLine[] = []
  for (const { pattern, direction } of lines) {
    const found = await findFiles(pattern, place)
    if (found.files.length === 0) warn(`No benchmark matches \`${pattern}\`.`)
    for (const file of found.files) {
      const read = readBenchmarks(await readTail(file, 8 * 1024 * 1024), direction)
      if (!read.ok) {
        warn(`The benchmark \`${relativePath(file, place.workspace) ?? file}\` is not read: ${read.problem}.`)
        continue
      }
      benchmarks.push(...read.benchmarks)
      files.push({ kind: 'benchmark', source: relativePath(file, place.workspace) ?? file })
    }
  }
  const left = benchmarks.length - REPORT_LIMITS.benchmarks
  if (left > 0) warn(`${left} benchmark figures are left out: a report holds ${REPORT_LIMITS.benchmarks}.`)
  return { benchmarks: benchmarks.slice(0, REPORT_LIMITS.benchmarks), files }
}
