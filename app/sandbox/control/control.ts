/**
 * The control surface under /_sandbox, a path GitHub does not have: for tests, the demo and scripts, never for the App.
 * Only this machine may use it, and no web page of another origin (a page could otherwise reach it through a browser).
 */
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { beginJob, endJob } from '../actions/play-job.ts'
import type { Delivery } from '../webhooks/delivery-queue.ts'
import type { World } from '../world.ts'
import { changeInstallation } from './change-installation.ts'
import { applySwitches } from './apply-switches.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

export function mountControl(http: Hono, world: World): void {
  const control = new Hono()
  control.use('*', async (c, next) => {
    if (!fromThisMachine(c, world)) return c.json({ message: 'The control surface answers to this machine only.' }, 403)
    return next()
  })
  control.get('/requests', (c) =>
    c.json({ ...world.log.counts(), unsupported: world.log.unsupported, violations: world.log.violations }),
  )
  control.get('/requests/log', (c) => c.json(world.log.entries))
  control.delete('/requests', (c) => {
    world.log.clear()
    return c.body(null, 204)
  })
  control.get('/unsupported', (c) => c.json(world.log.unsupported))
  control.get('/deliveries', (c) => c.json(world.deliveries.list().map(summarise)))
  control.get('/deliveries/:id', (c) => {
    const found = world.deliveries.list().find((one) => one.id === Number(c.req.param('id')))
    return found ? c.json(found) : c.json({ message: 'no such delivery' }, 404)
  })
  control.post('/deliveries/idle', async (c) => {
    await world.deliveries.idle()
    return c.json({ pending: 0 })
  })
  control.get('/switches', (c) => c.json(world.switches))
  control.patch('/switches', async (c) => {
    const refused = applySwitches(world.switches, await bodyOf(c))
    return refused ? c.json({ message: refused }, 422) : c.json(world.switches)
  })
  control.put('/apps/:slug/webhook', async (c) => {
    const { url } = await bodyOf(c)
    const app = world.state.apps.find((one) => one.slug === c.req.param('slug'))
    if (!app) return c.json({ message: 'no such App' }, 404)
    if (url !== null && (typeof url !== 'string' || !URL.canParse(url)))
      return c.json({ message: '`url` must be an address or null' }, 422)
    world.state.apps.update(app.id, { hook: { ...app.hook, url } })
    return c.json({ url })
  })
  control.patch('/installations/:id', async (c) => {
    const refused = changeInstallation(world, Number(c.req.param('id')), await bodyOf(c))
    return refused ? c.json({ message: refused }, 422) : c.body(null, 204)
  })
  control.post('/tokens', async (c) => {
    const { app: slug } = await bodyOf(c)
    const app = world.state.apps.find((one) => one.slug === slug)
    const installation = world.state.installations.find((one) => one.appId === app?.id)
    if (!app || !installation) return c.json({ message: 'no such App, or it is not installed' }, 404)
    const { permissions, repositories } = installation
    const grant = { appId: app.id, installationId: installation.id, permissions, repositories }
    return c.json(world.tokens.mintInstallation(grant), 201)
  })
  control.post('/jobs/:id/start', async (c) => {
    const begun = await beginJob(world, Number(c.req.param('id')), await bodyOf(c))
    return 'refused' in begun ? c.json({ message: begun.refused }, 422) : c.json(begun)
  })
  control.post('/jobs/:id/complete', async (c) => {
    const refused = endJob(world, Number(c.req.param('id')), await bodyOf(c))
    return refused === null ? c.body(null, 204) : c.json({ message: refused }, 422)
  })
  const rows = control.routes.filter((row) => row.method !== 'ALL').map((row) => `${row.method} /_sandbox${row.path}`)
  control.get('/', (c) => c.json(rows))
  control.all('*', (c) => c.json({ message: `The control surface has no ${c.req.method} ${c.req.path}.` }, 404))
  http.route('/_sandbox', control)
}

async function bodyOf(c: HonoContext): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await c.req.json().catch(() => null)
  if (body !== null && typeof body === 'object') return body as Readonly<Record<string, unknown>>
  throw new HTTPException(400, { res: Response.json({ message: 'Send a JSON object.' }, { status: 400 }) })
}

function fromThisMachine(c: HonoContext, world: World): boolean {
  const { address } = getConnInfo(c).remote
  const origin = c.req.header('origin')
  const host = new URL(c.req.url).hostname
  return (
    address !== undefined &&
    LOOPBACK.has(address) &&
    (host === '127.0.0.1' || host === 'localhost' || host === '[::1]') &&
    (origin === undefined || origin === world.origin())
  )
}

function summarise(delivery: Delivery) {
  const { body: _body, requestHeaders: _request, responseHeaders: _response, responseBody: _text, ...rest } = delivery
  return rest
}
