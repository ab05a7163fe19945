/** "We broke": exceptions thrown by adapters. Read by their fields only, never by their text. */
import type { Millis } from '../domain/event/envelope.ts'
import { oneLine } from '../domain/text/one-line.ts'

/** Every fault class has these. */
export interface Fault extends Error {
  readonly code: string
  readonly retryable: boolean
  /** When to try again, if whoever refused said so. */
  readonly retryAt?: Millis
}

/** Faults of an adapter by which it says that our own call was wrong, or that the thing is gone: waiting changes nothing. */
const OURS: ReadonlySet<string> = new Set(['invalid', 'not-found', 'broken-chain', 'bad-demand'])

/** Whoever is outside (GitHub, the store) is in trouble or refuses us: nothing is wrong with the work itself. */
export const isOutside = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'retryable' in error &&
  typeof error.retryable === 'boolean' &&
  !OURS.has(error.code)

export const retryAtOf = (error: unknown): Millis | null =>
  error instanceof Error && 'retryAt' in error && typeof error.retryAt === 'number' ? error.retryAt : null

/** One bounded line for logs and tables; never a payload. */
export const summarise = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return oneLine(text, 500)
}
