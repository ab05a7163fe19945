/** Works through the outbox: one handler per kind of effect. Effects are written to be repeated; a fault reschedules its item. */
import type { Millis } from '../domain/event/envelope.ts'
import { backoffMs } from './backoff.ts'
import type { EffectKind, EffectPayload } from './effects.ts'
import { retryAtOf, summarise } from './fault.ts'
import { keepClaim } from './keep-claim.ts'
import type { Log } from './log.ts'
import type { Loop } from './loop.ts'
import type { Clock, Outbox, OutboxTaken } from './ports.ts'
import { createWorkPool } from './work-pool.ts'

/** A claimed item comes back to others after this: short enough after a crash. */
const HOLD_MS: Millis = 45_000
/** Often enough that one renewal may fail. */
const RENEW_MS: Millis = HOLD_MS / 3
/** They mostly wait for GitHub, and what waits together is written together. */
const PARALLEL = 16

export type EffectHandlers = { readonly [K in EffectKind]: (payload: EffectPayload[K]) => Promise<void> }

export const createOutboxWorker = (deps: {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly handlers: EffectHandlers
}): Loop =>
  createWorkPool({
    name: 'outbox',
    log: deps.log,
    idleMs: 100,
    parallel: PARALLEL,
    take: (limit) => deps.outbox.take(limit, HOLD_MS),
    work: (item) => workOne(deps, item),
  })

const workOne = async (
  { outbox, clock, log, handlers }: Parameters<typeof createOutboxWorker>[0],
  item: OutboxTaken,
): Promise<void> => {
  try {
    await keepClaim(
      () => outbox.renew(item.key, item.claim, HOLD_MS),
      RENEW_MS,
      () => run(handlers, item),
    )
    await outbox.done(item.key, item.claim)
  } catch (error) {
    // Never given up: what the log says must reach GitHub, and the wait between tries is bounded.
    const reason = summarise(error)
    log.warn('effect will be tried again', { effect: item.key, tries: item.tries, reason })
    await outbox.retryLater(item.key, item.claim, retryAtOf(error) ?? clock.now() + backoffMs(item.tries), reason)
  }
}

const run = (handlers: EffectHandlers, item: OutboxTaken): Promise<void> => {
  const handler = (handlers as Readonly<Record<string, ((payload: never) => Promise<void>) | undefined>>)[item.kind]
  if (handler === undefined) throw new Error(`no handler for effects of kind ${item.kind}`)
  // The payload was written by the builder of the same kind in effects.ts.
  return handler(item.payload as never)
}
