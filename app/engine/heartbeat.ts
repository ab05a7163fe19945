/** "I am still at it": moves a volatile deadline. No event, no write to GitHub, however often it comes. */
import type { Actor } from '../domain/actor.ts'
import { FIRST_EPOCH } from '../domain/project/project.ts'
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { isRejection, requireLease } from '../domain/task/decide/require-lease.ts'
import { signalsFor, type Signal } from '../domain/task/signals.ts'
import type { Fence } from '../domain/task/state.ts'
import type { Store } from './ports.ts'

export type Beat =
  | { readonly ok: true; readonly until: Millis; readonly signals: readonly Signal[] }
  | { readonly ok: false; readonly rejection: Rejection }

/** Moves the deadline to one TTL from now. A lost lease is an explicit answer. */
export const heartbeat = async (
  store: Pick<Store, 'projections' | 'leases'>,
  stream: StreamId,
  fence: Fence | null,
  actor: Actor,
): Promise<Beat> => {
  const found = await store.projections.task(stream)
  if (found === null) return { ok: false, rejection: { code: 'not-a-task' } }
  const epoch = (await store.projections.project(found.task.project))?.epoch ?? FIRST_EPOCH
  const lease = requireLease(found.task, fence, { actor, epoch }, 'heartbeat')
  if (isRejection(lease)) return { ok: false, rejection: lease }
  const until = await store.leases.renew(stream, lease.fence, lease.ttlMs)
  return until === null
    ? { ok: false, rejection: { code: 'no-lease', key: found.task.key, verb: 'heartbeat' } }
    : { ok: true, until, signals: signalsFor(found.task) }
}
