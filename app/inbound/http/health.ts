/** `GET /healthz`: whether the store answers, and how far behind the queues are, and how many deliveries were set aside (`npm run replay`). Says nothing about tasks. */
import { Hono } from 'hono'
import type { Clock, Store } from '../../engine/ports.ts'

export const createHealthEndpoint = ({ store, clock }: { readonly store: Store; readonly clock: Clock }): Hono =>
  new Hono().get('/healthz', async () => {
    const inbox = await store.inbox.pending()
    const setAside = await store.inbox.setAsideCount()
    const { count, oldestDueAt } = await store.outbox.pending()
    // Negative: nothing is due yet.
    const late = oldestDueAt === null ? 0 : clock.now() - oldestDueAt
    return Response.json({
      ok: true,
      inbox,
      set_aside: setAside,
      outbox: { count, lag_ms: Math.max(0, late), next_in_ms: Math.max(0, -late) },
    })
  })
