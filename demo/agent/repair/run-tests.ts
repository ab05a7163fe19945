/**
 * Runs a project's own tests with Node's test runner, in a process of their own that gets none of the agent's secrets.
 * It says whether they passed and what was printed; it interprets nothing.
 */
import { spawn } from 'node:child_process'

export interface TestRun {
  readonly passed: boolean
  readonly output: string
}

export interface TestSelection {
  /** Test files, relative to the project; none: all. */
  readonly files: readonly string[]
  /** Only tests of these names; none: all of the files. */
  readonly names?: readonly string[]
  /** Where V8 writes which code ran. */
  readonly coverageFolder?: string
}

/** An edit can make a loop endless; the suite itself takes half a second. */
const LONGEST_RUN_MS = 5000
/** …and one that also collects shall not take the machine's memory. */
const HEAP_MB = 256

export function runTests(project: string, selection: TestSelection): Promise<TestRun> {
  const { files, names = [], coverageFolder } = selection
  const patterns = names.map((name) => `--test-name-pattern=^${escapePattern(name)}$`)
  const args = [
    `--max-old-space-size=${HEAP_MB}`,
    '--test',
    '--test-isolation=none',
    '--test-reporter=tap',
    ...patterns,
    ...files,
  ]
  const env = {
    PATH: process.env['PATH'],
    HOME: project,
    ...(coverageFolder !== undefined && { NODE_V8_COVERAGE: coverageFolder }),
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve({ passed: code === 0, output })
    })
  })
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
