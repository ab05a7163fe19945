/** "We broke": exceptions thrown by adapters. Read by their fields only, never by their text. */
import type { Millis } from '../domain/event/envelope.ts'

/** Every fault class has these. */
export interface Fault extends Error {
  readonly code: string
  readonly retryable: boolean
  /** When to try again, if whoever refused said so. */
  readonly retryAt?: Millis
}

/** Unknown exceptions are tried again: losing work is worse than repeating it. */
export const isRetryable = (error: unknown): boolean =>
  !(error instanceof Error && 'retryable' in error && error.retryable === false)

export const retryAtOf = (error: unknown): Millis | null =>
  error instanceof Error && 'retryAt' in error && typeof error.retryAt === 'number' ? error.retryAt : null

/** One bounded line for logs and tables; never a payload. */
export const summarise = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replaceAll(/\s+/g, ' ').slice(0, 500)
}
