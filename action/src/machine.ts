/** What the Action needs of the machine that it runs on, so that a test can stand in for it. */
import type { Environment, Head } from './inputs/run-identity.ts'
import type { ReadInput } from './inputs/settings.ts'

export interface Annotation {
  /** Relative to the repository. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly title: string
  readonly message: string
}

export interface Machine {
  readonly env: Environment
  readonly readInput: ReadInput
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly fetch: typeof globalThis.fetch
  readonly readHead: (workspace: string) => Promise<Head>
  /** Told of values that must not be printed in the job's log. */
  readonly mask: (secret: string) => void
  readonly info: (line: string) => void
  /** Shown on the run's page. */
  readonly warn: (line: string) => void
  /** Shown on the run's page and on the line of the file. */
  readonly annotate: (annotation: Annotation) => void
  readonly setOutput: (name: string, value: string) => void
  readonly writeSummary: (markdown: string) => Promise<void>
}
