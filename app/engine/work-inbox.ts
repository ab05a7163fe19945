/** Works through the durable inbox: items of one queue in order, queues side by side; a fault costs its item a retry, never the loop. */
import type { Clock, Inbox, InboxItem } from './ports.ts'
import type { Millis } from '../domain/event/envelope.ts'
import { backoffMs } from './backoff.ts'
import { isOutside, retryAtOf, summarise } from './fault.ts'
import type { Log } from './log.ts'
import type { Loop } from './loop.ts'
import { createWorkPool } from './work-pool.ts'

/** A claimed item comes back to others after this: longer than any handler takes, short enough after a crash. */
const HOLD_MS: Millis = 45_000
const PARALLEL = 16
/** A delivery that we ourselves fail at so often is set aside with its reason. */
const MAX_TRIES = 8
/** GitHub or the store in trouble, or a permission taken away, costs no delivery before this: GitHub keeps them as long. */
const OUTSIDE_MS: Millis = 3 * 24 * 3_600_000

export const createInboxWorker = (deps: {
  readonly inbox: Inbox
  readonly clock: Clock
  readonly log: Log
  readonly handle: (item: InboxItem) => Promise<void>
}): Loop =>
  createWorkPool({
    name: 'inbox',
    log: deps.log,
    idleMs: 100,
    parallel: PARALLEL,
    take: (limit) => deps.inbox.take(limit, HOLD_MS),
    work: (item) => workOne(deps, item),
  })

const workOne = async (
  { inbox, clock, log, handle }: Parameters<typeof createInboxWorker>[0],
  item: InboxItem,
): Promise<void> => {
  try {
    await handle(item)
    await inbox.done(item.id)
  } catch (error) {
    const reason = summarise(error)
    const waitsForOthers = isOutside(error) && clock.now() - item.receivedAt < OUTSIDE_MS
    if (!waitsForOthers && item.tries >= MAX_TRIES) {
      log.error('delivery set aside', { delivery: item.id, event: item.name, tries: item.tries, reason })
      await inbox.setAside(item.id, reason)
      return
    }
    log.warn('delivery will be tried again', { delivery: item.id, event: item.name, tries: item.tries, reason })
    await inbox.retryLater(item.id, reason, retryAtOf(error) ?? clock.now() + backoffMs(item.tries))
  }
}
