/** Statuses and times as people read them. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { AttemptStatus, Task } from '../../../domain/task/state.ts'
import { STATUS_WORDS } from '../../../domain/task/status-words.ts'

export const ATTEMPT_WORDS: Record<AttemptStatus, string> = {
  queued: 'queued',
  leased: 'claimed',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  expired: 'expired',
}

export const statusWords = ({ status, beneath }: Task): string =>
  beneath === null ? STATUS_WORDS[status] : `${STATUS_WORDS[status]} (otherwise ${STATUS_WORDS[beneath]})`

/** `2026-11-21 06:40 UTC`. */
export const renderTime = (at: Millis): string => {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, -14)} ${iso.slice(-13, -8)} UTC`
}
