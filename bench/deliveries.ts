/**
 * Deliveries per second and their slowest percentile: signature → durable inbox → command → event, on a synced file, against
 * Probot's own server middleware with a handler that does nothing. Same payloads, same load, one after the other.
 */
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { createNodeMiddleware, Probot } from 'probot'
import { monotonicFactory } from 'ulid'
import { createAppKeys } from '../app/sandbox/app-keys.ts'
import { createSchemaJudge } from '../app/outbound/json-schema/create-schema-judge.ts'
import { DEFAULT_SETTINGS } from '../app/domain/settings.ts'
import { behind, createArrivals } from '../app/engine/arrivals.ts'
import { createClaimNext } from '../app/engine/claim-next.ts'
import { handleCommand, type Engine } from '../app/engine/handle-command.ts'
import { createInboxWorker } from '../app/engine/work-inbox.ts'
import type { RememberingFacts } from '../app/inbound/remember-issues.ts'
import { createProjectOpener } from '../app/inbound/project-of.ts'
import { dispatch } from '../app/inbound/webhook/dispatch.ts'
import { createReceiver, WEBHOOK_PATH } from '../app/inbound/webhook/receive.ts'
import { register } from '../app/inbound/webhook/register.ts'
import { createSqliteStore } from '../app/store/sqlite/create-sqlite-store.ts'
import { makeFolder, removeFolder } from './clean-up.ts'
import { against, count, percentile, type Figures } from './figures.ts'
import { outputOf } from './running.ts'

const TOTAL = 4000
const CONCURRENCY = 16
const TASKS = 50
const SECRET = 'a-secret-for-the-bench-only'
const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

interface Load {
  readonly elapsedMs: number
  readonly times: readonly number[]
}

const load = async (url: string, total: number): Promise<Load> => {
  const args = [join(import.meta.dirname, 'load.ts'), url, SECRET, String(total), String(CONCURRENCY), String(TASKS)]
  return JSON.parse(await outputOf(args)) as Load
}

const pem = createAppKeys().privateKey

export const deliveries = async (): Promise<Figures> => {
  const reference = await noOpProbot()
  const ours = await wholePath()
  const perSecond = (n: Load, elapsed = n.elapsedMs) => (TOTAL / elapsed) * 1000
  return {
    'deliveries-acknowledged': against(perSecond(ours.load), perSecond(reference), '1/s'),
    'deliveries-to-event': against(perSecond(ours.load, ours.toEventMs), perSecond(reference), '1/s'),
    'delivery-p99': against(percentile(ours.load.times, 0.99), percentile(reference.times, 0.99), 'ms'),
    'delivery-slowest': count(Math.max(...ours.load.times), 'ms'),
    'events-written': count(ours.events, 'events'),
  }
}

/** Probot as its documentation runs it, but for throttling: a handler that does nothing. */
const noOpProbot = async (): Promise<Load> => {
  const probot = new Probot({ appId: 1, privateKey: pem, secret: SECRET, logLevel: 'fatal' })
  const middleware = await createNodeMiddleware((app) => app.on('issue_comment', () => undefined), {
    probot,
    webhooksPath: WEBHOOK_PATH,
  })
  const server = createServer((req, res) => void middleware(req, res))
  const url = await listen(server)
  await load(url, 500)
  const measured = await load(url, TOTAL)
  server.close()
  return measured
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}${WEBHOOK_PATH}`),
    )
  })

/** Everything but GitHub: the facts are answered at once, as they are from the cache for a minute. */
const wholePath = async (): Promise<{ load: Load; toEventMs: number; events: number }> => {
  const dir = makeFolder()
  const clock = { now: () => Date.now() }
  const store = await createSqliteStore({ path: join(dir, 'bench.db'), clock })
  const engine: Engine = {
    store,
    ids: { ulid: monotonicFactory() },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    schemas: createSchemaJudge(),
  }
  const facts: RememberingFacts = {
    forgetIssue: () => Promise.resolve(),
    roleOf: () => Promise.resolve('write'),
    pullRequest: () => Promise.resolve(null),
    commitMessages: () => Promise.resolve([]),
    branchHead: () => Promise.resolve(null),
    defaultHead: () => Promise.resolve(null),
    noteDefaultHead: () => Promise.resolve(),
    configurationFiles: () => Promise.resolve({ repository: null, account: null }),
    publicRepositories: () => Promise.resolve(new Map()),
    whereIssueIs: () => Promise.resolve({ is: 'gone' }),
    installedAt: () => Promise.resolve(null),
    repositoryNow: () => Promise.resolve(null),
    issue: () => Promise.resolve(null),
  }
  const projects = createProjectOpener({ engine, facts, log: QUIET, now: clock.now })
  const actor = { kind: 'user', id: 'alice' } as const
  for (let n = 1; n <= TASKS; n += 1) {
    await handleCommand(engine, {
      stream: `task/7/${n}`,
      command: { type: 'create-task', project: 'project/7', key: `W-${n}`, number: n, title: 'T', priority: 'p2' },
      actor,
      cause: `bench:${n}`,
    })
  }
  const probot = new Probot({ appId: 1, privateKey: pem, secret: SECRET, logLevel: 'fatal' })
  await probot.load((app) =>
    register(app, {
      engine,
      facts,
      projects,
      claimNext: createClaimNext(engine),
      appId: 1,
      card: () => '',
      help: () => '',
      isOurs: () => false,
      labelChanged: () => Promise.resolve(),
      isStateLabel: () => false,
      observe: () => Promise.resolve(),
      ledgerTouched: () => Promise.resolve(),
      recordAt: () => Promise.resolve(null),
      log: QUIET,
    }),
  )
  const arrivals = createArrivals()
  const worker = createInboxWorker({
    inbox: behind(arrivals, store.inbox),
    clock,
    log: QUIET,
    handle: (item) => dispatch(probot, item),
  })
  const receiver = createReceiver({
    secret: SECRET,
    inbox: store.inbox,
    arrivals,
    clock,
    log: QUIET,
    wake: () => worker.wake(),
  })
  worker.start()
  const server = serve({ fetch: receiver.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  await new Promise<void>((resolve) => void server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${WEBHOOK_PATH}`
  const started = performance.now()
  const measured = await load(url, TOTAL)
  while ((await store.inbox.pending()) > 0) await sleep(20)
  const toEventMs = performance.now() - started
  let events = 0
  for (let n = 1; n <= TASKS; n += 1) events += (await store.log.load(`task/7/${n}`)).version - 1
  if (events !== TOTAL) throw new Error(`${TOTAL} deliveries made ${events} events`)
  server.close()
  await worker.stop()
  await store.close()
  removeFolder(dir)
  return { load: measured, toEventMs, events }
}
