/** What a log says of an agent's run, whatever program wrote it. */
import type { TerminalEvent } from '../../../app/domain/failure/signals.ts'
import type { Report } from '../../../schemas/report.ts'

/**
 * `unknown`: there was text, and nothing in it is known. `broken`: it begins as JSON, and none of that could be read.
 * `empty`: there was no text.
 */
export type LogFormat = 'claude-json' | 'claude-stream' | 'claude-array' | 'unknown' | 'broken' | 'empty'

export interface AgentLog {
  readonly format: LogFormat
  readonly agent: string | null
  readonly version: string | null
  readonly model: string | null
  readonly session: string | null
  readonly turns: number | null
  readonly terminal: TerminalEvent | null
  readonly tokens: Report['tokens']
  readonly cost: Report['cost']
  readonly durationMs: number | null
  /** The agent's final words, or its error; not redacted, at most 16,000 characters. */
  readonly lastWords: string
  /** Lines or elements that should have been JSON of a known shape and were not, or were too long. */
  readonly unreadable: number
}

export type Tokens = NonNullable<Report['tokens']>

/** Sums that are too large to be exact stand at the largest exact number. */
export const sumTokens = (parts: readonly Omit<Tokens, 'total'>[]): Tokens => {
  const sum = (read: (part: Omit<Tokens, 'total'>) => number): number =>
    Math.min(
      Number.MAX_SAFE_INTEGER,
      parts.reduce((all, part) => all + read(part), 0),
    )
  return {
    input: sum((part) => part.input),
    output: sum((part) => part.output),
    cacheRead: sum((part) => part.cacheRead),
    cacheWrite: sum((part) => part.cacheWrite),
    total: sum((part) => part.input + part.output + part.cacheRead + part.cacheWrite),
  }
}
