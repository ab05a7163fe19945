/** Outcomes under causes: what is kept, what a repetition is answered, and how a refusal is kept that no decision was asked for. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { redactTexts } from '../domain/text/redact-texts.ts'
import type { Asked, EventLog, Outcome } from './ports.ts'

type Identity = Pick<Asked<unknown>, 'cause' | 'fingerprint'>

export const outcomeOf = ({ fingerprint }: Identity, outcome: Outcome): Outcome =>
  fingerprint === undefined ? outcome : { ...outcome, fingerprint }

/** The answer to a repetition: the first one's, unless something else is asked under the same cause. */
export const standing = (known: Outcome, { fingerprint }: Identity): Outcome => {
  const isOther = fingerprint !== undefined && known.fingerprint !== undefined && known.fingerprint !== fingerprint
  return isOther ? { ok: false, rejection: { code: 'idempotency-key-reused' } } : known
}

/**
 * Keeps a refusal that was raised before the command reached the domain (a role that is too low, a task that does not exist),
 * so that the same cause is refused again when that has changed. An outcome that is there already stands.
 */
export const keepRejection = async (log: EventLog, identity: Identity, rejection: Rejection): Promise<Outcome> => {
  const outcome = outcomeOf(identity, { ok: false, rejection: redactTexts(rejection) })
  const { cause } = identity
  const result = await log.append({ cause, outcome, writes: [], leases: [], guards: [], outbox: [] })
  return !result.ok && result.conflict === 'cause' ? standing(result.outcome, identity) : outcome
}

/** Keeps that something was heard and answered which left no outcome under its own cause. One that is there stays. */
export const keepHeard = async (
  log: EventLog,
  cause: string,
  stream: StreamId,
  came: { readonly ok: true } | { readonly ok: false; readonly rejection: Rejection },
): Promise<void> => {
  if ((await log.findOutcome(cause)) !== null) return
  if (!came.ok) return void (await keepRejection(log, { cause }, came.rejection))
  const outcome: Outcome = { ok: true, stream, version: 0, changed: false }
  await log.append({ cause, outcome, writes: [], leases: [], guards: [], outbox: [] })
}
