/** A fault as an answer: to be sent again when it is somebody's who will be back, else ours to repair. What it was is in the log only. */
import { isOutside, retryAtOf, summarise } from '../../engine/fault.ts'
import type { Log, LogFields } from '../../engine/log.ts'
import type { Clock } from '../../engine/ports.ts'
import { refuse } from './refuse.ts'

/** Long enough for a database to come back, short enough for a lease not to run out meanwhile. */
const WAIT_S = 5

/** Faults of ours that only ask for another try. */
const isRetryable = (error: unknown): boolean =>
  error instanceof Error && 'retryable' in error && error.retryable === true

export const answerFault = (
  { log, clock }: { readonly log: Log; readonly clock: Clock },
  error: unknown,
  about: LogFields,
): Response => {
  const fields = { ...about, reason: summarise(error) }
  if (isOutside(error) || isRetryable(error)) {
    log.warn('request put off', fields)
    const at = retryAtOf(error)
    const wait = at === null ? WAIT_S : Math.max(1, Math.ceil((at - clock.now()) / 1000))
    const message = 'What this needs (the database, or GitHub) does not answer now.'
    const next = `Send the same again in ${wait} s, with the same Idempotency-Key: nothing is done twice.`
    return refuse(503, 'unavailable', message, next, { headers: { 'retry-after': String(wait) } })
  }
  log.error('request failed', fields)
  const next = 'Tell whoever runs Muster here: its log says why. The same Idempotency-Key does nothing twice.'
  return refuse(500, 'fault', 'Something is wrong with Muster itself.', next)
}
