/**
 * `GET /healthz`: whether the store answers, how far behind the queues are, how many deliveries were set aside (`npm run replay`)
 * and how much nothing is written to on GitHub any more (`npm run verify` says which and what to do). Says nothing about tasks.
 */
import { Hono } from 'hono'
import type { Clock, Store } from '../../engine/ports.ts'
import { SET_APART } from '../../../schemas/set-apart.ts'

export const createHealthEndpoint = ({ store, clock }: { readonly store: Store; readonly clock: Clock }): Hono =>
  new Hono().get('/healthz', async () => {
    const inbox = await store.inbox.pending()
    const setAside = await store.inbox.setAsideCount()
    const { count, oldestDueAt } = await store.outbox.pending()
    const apart = await store.documents.list(SET_APART)
    const tasks = apart.filter(({ key }) => key.startsWith('task/')).length
    // Negative: nothing is due yet.
    const late = oldestDueAt === null ? 0 : clock.now() - oldestDueAt
    return Response.json({
      ok: true,
      // It works, and a person has to look.
      degraded: setAside + apart.length > 0,
      inbox,
      set_aside: setAside,
      set_apart: { tasks, ledgers: apart.length - tasks },
      outbox: { count, lag_ms: Math.max(0, late), next_in_ms: Math.max(0, -late) },
    })
  })
