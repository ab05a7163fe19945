/** Waits by looking again and again. When it gives up it says what it waited for, what it saw last and where to look. */
import { setTimeout as pause } from 'node:timers/promises'

export class WaitedTooLong extends Error {
  override readonly name = 'WaitedTooLong'
}

export interface Wait<T> {
  /** `the label status/ready on #1`. */
  readonly what: string
  /** Undefined: not yet. */
  readonly look: () => Promise<T | undefined>
  /** What was there instead, for the message. */
  readonly seen: () => string
  /** Where a person finds out more. */
  readonly where: string
  readonly timeoutMs?: number
}

const LOOK_EVERY_MS = 250
const TIMEOUT_MS = 60_000

export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const { what, look, seen, where, timeoutMs = TIMEOUT_MS } = wait
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() >= end)
      throw new WaitedTooLong(`Waited ${timeoutMs / 1000} s for ${what}; saw ${seen()}. Look at ${where}`)
    await pause(LOOK_EVERY_MS)
  }
}
