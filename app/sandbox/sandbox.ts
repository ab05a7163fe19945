/**
 * Builds one sandbox: state, seed, services, HTTP. The only file that knows all of them. Everything listens on loopback
 * only. `createSandbox` resolves when requests are answered.
 */
import { serve as listen, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { AREAS, type Area } from './areas.ts'
import { createTokenBook } from './auth/token-book.ts'
import { createAppKeys, type AppSecrets } from './app-keys.ts'
import { type Clock, systemClock } from './clock.ts'
import { createServeGraphql } from './graphql/serve-graphql.ts'
import { createRequestLog, type RequestLog } from './http/request-log.ts'
import { createServe } from './http/serve.ts'
import { createLimitBook } from './limits/limit-book.ts'
import { createRandom } from './model/random.ts'
import { createState, type State } from './model/state.ts'
import { PEOPLE, type Person, type Seed, seed } from './seed.ts'
import { FRIENDLY, type Switches, UNKIND } from './switches.ts'
import { createDeliveryQueue, type DeliveryQueue } from './webhooks/delivery-queue.ts'
import type { World } from './world.ts'

export interface SandboxOptions {
  /** Decides every random choice; default 1. */
  readonly seed?: number
  readonly clock?: Clock
  /** Starts from the kind switches instead of the unkind ones. */
  readonly friendly?: boolean
  readonly switches?: Partial<Switches>
  /** 0 (default): any free port. */
  readonly port?: number
  /** Where muster's webhooks go; can be set later through `setWebhookUrl`. */
  readonly webhookUrl?: string | null
  /** The two Apps' keys and secrets; made anew when absent (about 100 ms). */
  readonly keys?: { readonly muster: AppSecrets; readonly claude: AppSecrets }
  /** For tests of the composition itself; default all areas. */
  readonly areas?: readonly Area[]
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, the REST root. */
  readonly url: string
  readonly world: World
  readonly state: State
  readonly seed: Seed
  readonly switches: Switches
  readonly log: RequestLog
  readonly deliveries: DeliveryQueue
  /** Tokens of the seeded people, and `claude`: an installation token of the agent's App, valid one hour. */
  readonly tokens: Readonly<Record<Person | 'claude', string>>
  readonly keys: { readonly muster: AppSecrets; readonly claude: AppSecrets }
  setWebhookUrl(url: string | null): void
  /** One request without the network, for what lives in the same process. */
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, areas = AREAS } = options
  const seedNumber = options.seed ?? 1
  const keys = options.keys ?? { muster: createAppKeys(), claude: createAppKeys() }
  const switches = { ...(options.friendly ? FRIENDLY : UNKIND), ...options.switches }
  const state = createState(clock)
  const random = createRandom(seedNumber)
  const tokens = createTokenBook(clock, seedNumber, switches)
  const deliveries = createDeliveryQueue({ clock, ids: state.ids, random, switches, apps: state.apps })
  let origin = ''
  const world: World = {
    state,
    clock,
    random,
    switches,
    tokens,
    deliveries,
    log: createRequestLog(),
    limits: createLimitBook(clock, switches),
    listeners: new Set(),
    pullAnnouncers: new Set(),
    origin: () => origin,
  }
  const seeded = seed(state, { ...keys, webhookUrl: options.webhookUrl ?? null })
  const granted = [
    ...PEOPLE.map((name) => [name, tokens.mintUser(seeded.people[name].id).token]),
    ['claude', agentToken(world, seeded)],
  ]
  const http = new Hono()
  for (const area of areas) area.mount?.(http, world)
  const guards = [world.limits]
  http.post(
    '/graphql',
    createServeGraphql(
      world,
      areas.flatMap((area) => area.graphql ?? []),
      guards,
    ),
  )
  http.all(
    '*',
    createServe(
      world,
      areas.flatMap((area) => area.routes ?? []),
      guards,
    ),
  )
  const { server, port } = await open(http, options.port ?? 0)
  origin = `http://127.0.0.1:${port}`
  const stops: (() => void | Promise<void>)[] = []
  const close = async (): Promise<void> => {
    deliveries.close()
    for (const stop of stops.toReversed()) await stop()
    await shut(server)
  }
  try {
    for (const area of areas) stops.push((await area.start?.(world)) ?? (() => {}))
  } catch (error) {
    await close()
    throw error
  }

  return {
    url: origin,
    world,
    state,
    seed: seeded,
    switches,
    log: world.log,
    deliveries,
    tokens: Object.fromEntries(granted) as Record<Person | 'claude', string>,
    keys,
    setWebhookUrl(url) {
      const app = state.apps.get(seeded.muster.id)
      if (app) state.apps.update(app.id, { hook: { ...app.hook, url } })
    },
    fetch: async (request) => http.fetch(request),
    close,
  }
}

function agentToken(world: World, seeded: Seed): string {
  return world.tokens.mintInstallation({
    appId: seeded.claude.id,
    installationId: seeded.installations.claude,
    permissions: seeded.claude.permissions,
    repositories: 'all',
  }).token
}

function open(http: Hono, port: number): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: http.fetch, port, hostname: '127.0.0.1' }, (info) =>
      resolve({ server, port: info.port }),
    )
    server.once('error', reject)
  })
}

function shut(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
