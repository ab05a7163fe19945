/** An App's webhook address and the log of what was sent to it, with redelivery. */
import { notFound, unprocessable } from '../http/errors.ts'
import { APP_ONLY, defineRoute } from '../http/route.ts'
import type { App } from '../model/account.ts'
import { isoSeconds } from '../model/time.ts'
import type { Delivery } from '../webhooks/delivery-queue.ts'
import type { World } from '../world.ts'
import { callingApp } from './app.ts'

export const deliveryRoutes = [
  defineRoute('apps/get-webhook-config-for-app', {
    method: 'GET',
    path: '/app/hook/config',
    who: APP_ONLY,
    permission: null,
    handle: (c) => ({ status: 200, body: renderConfig(callingApp(c)) }),
  }),
  defineRoute('apps/update-webhook-config-for-app', {
    method: 'PATCH',
    path: '/app/hook/config',
    who: APP_ONLY,
    permission: null,
    takes: ['url', 'secret', 'content_type', 'insecure_ssl'],
    handle(c) {
      const app = callingApp(c)
      const { url = app.hook.url, secret = app.hook.secret, content_type: contentType = 'json' } = c.body
      if (contentType !== 'json') throw unprocessable('The sandbox sends JSON only: set content_type to "json".')
      const saved = c.world.state.apps.update(app.id, { hook: { ...app.hook, url, secret, contentType } })
      return { status: 200, body: renderConfig(saved) }
    },
  }),
  defineRoute('apps/list-webhook-deliveries', {
    method: 'GET',
    path: '/app/hook/deliveries',
    who: APP_ONLY,
    permission: null,
    takes: ['cursor', 'status'],
    handle(c) {
      const size = Math.min(100, Number(c.query.get('per_page') ?? 30) || 30)
      const before = c.query.get('cursor')
      const rows = sentTo(c.world, callingApp(c))
        .filter((one) => before === null || one.id <= Number(before))
        .filter((one) => matchesStatus(one, c.query.get('status')))
      const next = rows[size]
      const url = new URL(c.url)
      if (next) url.searchParams.set('cursor', String(next.id))
      return {
        status: 200,
        ...(next && { headers: { link: `<${url.href}>; rel="next"` } }),
        body: rows.slice(0, size).map((one) => renderItem(one)),
      }
    },
  }),
  defineRoute('apps/get-webhook-delivery', {
    method: 'GET',
    path: '/app/hook/deliveries/{delivery_id}',
    who: APP_ONLY,
    permission: null,
    handle(c) {
      const delivery = sentTo(c.world, callingApp(c)).find((one) => one.id === Number(c.params.delivery_id))
      if (!delivery) throw notFound()
      return {
        status: 200,
        body: {
          ...renderItem(delivery),
          ...(delivery.url !== null && { url: delivery.url }),
          request: {
            headers: { ...delivery.requestHeaders },
            payload: JSON.parse(delivery.body) as Record<string, unknown>,
          },
          response: { headers: { ...delivery.responseHeaders }, payload: delivery.responseBody },
        },
      }
    },
  }),
  defineRoute('apps/redeliver-webhook-delivery', {
    method: 'POST',
    path: '/app/hook/deliveries/{delivery_id}/attempts',
    who: APP_ONLY,
    permission: null,
    handle(c) {
      const shown = sentTo(c.world, callingApp(c)).some((one) => one.id === Number(c.params.delivery_id))
      if (!shown || !c.world.deliveries.redeliver(callingApp(c).id, Number(c.params.delivery_id))) throw notFound()
      return { status: 202, body: {} }
    },
  }),
]

/** GitHub shows a delivery, and sends it again, for three days. */
const SHOWN_MS = 3 * 24 * 3_600_000

/** Newest first; what still waits is not in GitHub's log. */
function sentTo(world: World, app: App): Delivery[] {
  const oldest = world.clock.now() - SHOWN_MS
  return world.deliveries
    .list()
    .filter((one) => one.appId === app.id && one.deliveredAt !== null && one.deliveredAt >= oldest)
    .toReversed()
}

function succeeded(delivery: Delivery): boolean {
  return delivery.statusCode >= 200 && delivery.statusCode < 400
}

function matchesStatus(delivery: Delivery, wanted: string | null): boolean {
  return wanted === null || (wanted === 'success') === succeeded(delivery)
}

function renderItem(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: isoSeconds(delivery.deliveredAt ?? 0),
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

function renderConfig(app: App) {
  return {
    content_type: app.hook.contentType,
    insecure_ssl: '0',
    secret: '********',
    ...(app.hook.url !== null && { url: app.hook.url }),
  }
}
