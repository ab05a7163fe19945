/**
 * How long an accepted command takes to be seen in its issue's record, under GitHub's limits: the whole App before a sandbox,
 * in this process, on a clock that is moved by hand. GitHub's answers take no time on it, so that what is measured is the
 * waiting for limits and for company, and the figures are the same on every machine.
 */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { compose } from '../app/compose.ts'
import type { Config } from '../app/config.ts'
import { taskStream } from '../app/domain/event/envelope.ts'
import { handleCommand } from '../app/engine/handle-command.ts'
import { createManualClock } from '../app/sandbox/clock.ts'
import { createSandbox } from '../app/sandbox/sandbox.ts'
import { inFolder } from './clean-up.ts'
import { count, median, percentile, type Figure, type Figures } from './figures.ts'

/** `stepMs` is how exactly a lag is seen. */
interface Load {
  readonly issues: number
  readonly seconds: number
  readonly commandsASecond: number
  readonly stepMs: number
}

/** What GitHub allows in a minute is used up after seconds. */
const BURST: Load = { issues: 20, seconds: 120, commandsASecond: 50, stepMs: 1000 }
/** What was saved up of an hour's points is gone after a quarter of an hour; how many commands share a write no longer matters. */
const LASTING: Load = { issues: 20, seconds: 1800, commandsASecond: 4, stepMs: 10_000 }
const TOO_LATE_MS = 60_000
const MANY = [100, 400] as const
const AGENT = { kind: 'agent', id: 'a1' } as const
const PATIENCE_MS = 60_000

interface Lags {
  /** Milliseconds from a command to its record, of all that were seen. */
  readonly lags: readonly number[]
  readonly requests: number
  readonly commands: number
}

export const lag = async (small: boolean): Promise<Figures> => {
  const burst = await lagsOf(small ? { ...BURST, seconds: 20 } : BURST)
  if (small) return { 'lag-20-p50': seconds(median(burst.lags)) }
  const lasting = await lagsOf(LASTING)
  let many = 0
  for (const issues of MANY) {
    const { lags } = await lagsOf({ ...BURST, issues })
    if (percentile(lags, 0.99) > TOO_LATE_MS) break
    many = issues
  }
  return {
    'lag-20-p50': seconds(median(burst.lags)),
    'lag-20-p99': seconds(percentile(burst.lags, 0.99)),
    'lag-20-lasting-p99': seconds(percentile(lasting.lags, 0.99)),
    'lag-20-requests': count(burst.requests / burst.commands, 'a command'),
    'lag-within-a-minute': count(many, 'issues'),
  }
}

const seconds = (ms: number): Figure => count(ms / 1000, 's')

const lagsOf = ({ issues, seconds, commandsASecond, stepMs }: Load): Promise<Lags> =>
  inFolder(async (dataDir) => {
    const clock = createManualClock()
    // Libraries sign and stamp by the machine's time.
    const machineTime = Date.now
    Date.now = () => clock.now()
    const sandbox = await createSandbox({ clock, friendly: true })
    const config: Config = {
      appId: sandbox.seed.muster.id,
      privateKey: sandbox.keys.muster.privateKey,
      webhookSecret: sandbox.keys.muster.webhookSecret,
      apiUrl: sandbox.url,
      recordKeys: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      databaseUrl: null,
      dataDir,
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      json: false,
      revoke: false,
      args: [],
      agent: null,
      publicUrl: null,
      world: 0,
      found: null,
      project: null,
      at: null,
    }
    const app = await compose(config, clock)
    const server = serve({ fetch: app.http.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    const { outbox, inbox } = app.store
    /** Work that is due now is done; what waits for a later time waits. */
    const settled = async (): Promise<void> => {
      for (const until = performance.now() + PATIENCE_MS; ; await sleep(2)) {
        const { oldestDueAt } = await outbox.pending()
        if (oldestDueAt === null || oldestDueAt > clock.now()) return
        if (performance.now() > until) throw new Error('the App did not come to rest')
      }
    }
    const forward = async (ms: number): Promise<void> => {
      clock.advance(ms)
      await settled()
    }
    try {
      await new Promise<void>((listening) => void server.once('listening', listening))
      sandbox.setWebhookUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`)
      await app.start()
      const repositoryId = sandbox.seed.repositories.widgets.id
      for (let n = 1; n <= issues; n += 1) {
        await fetch(`${sandbox.url}/repos/acme/widgets/issues`, {
          method: 'POST',
          headers: { authorization: `Bearer ${sandbox.tokens.alice}`, 'content-type': 'application/json' },
          body: JSON.stringify({ title: `Task ${n}`, labels: ['muster'] }),
        })
      }
      for (; (await inbox.pending()) > 0 || revsOf(sandbox).size < issues; await sleep(20)) await forward(1000)
      sandbox.setWebhookUrl(null)
      const send = async (issue: number, command: Parameters<typeof handleCommand>[1]['command'], cause: string) => {
        const stream = taskStream(repositoryId, issue)
        const { outcome } = await handleCommand(app.engine, { stream, command, actor: AGENT, cause })
        if (!outcome.ok) throw new Error(`${command.type}: ${outcome.rejection.code}`)
        return (await app.store.projections.task(stream))?.version ?? 0
      }
      const fence = { epoch: 1, n: 1 }
      for (let n = 1; n <= issues; n += 1) {
        await send(n, { type: 'ready-task' }, `ready:${n}`)
        await send(
          n,
          { type: 'claim-task', owner: 'a1', ttlMs: 12 * 3_600_000, baseSha: null, model: null, runId: null },
          `claim:${n}`,
        )
        await send(n, { type: 'start-attempt', fence }, `start:${n}`)
      }
      // An hour of rest, so that all of GitHub's budgets are whole again.
      for (let n = 0; n < 60; n += 1) await forward(60_000)
      sandbox.switches.enforceLimits = true
      const before = sandbox.log.counts().by_actor.app
      const waiting = new Map<number, { readonly version: number; readonly at: number }[]>()
      const lags: number[] = []
      let commands = 0
      const look = (): void => {
        const revs = revsOf(sandbox)
        for (const [issue, list] of waiting) {
          const rev = revs.get(issue) ?? 0
          while ((list[0]?.version ?? Number.POSITIVE_INFINITY) <= rev) {
            lags.push(clock.now() - (list.shift()?.at ?? 0))
          }
        }
      }
      for (let passed = 0; passed < seconds * 1000; passed += stepMs) {
        for (let n = 0; n < (commandsASecond * stepMs) / 1000; n += 1, commands += 1) {
          const issue = (commands % issues) + 1
          const version = await send(
            issue,
            { type: 'report-progress', percent: commands % 100, text: `row ${commands}`, fence },
            `progress:${commands}`,
          )
          waiting.set(issue, [...(waiting.get(issue) ?? []), { version, at: clock.now() }])
        }
        await forward(stepMs)
        look()
      }
      // What is still on its way counts as well, as long as it takes.
      const requests = sandbox.log.counts().by_actor.app - before
      for (let n = 0; n < 600 && [...waiting.values()].some((list) => list.length > 0); n += 1) {
        await forward(stepMs)
        look()
      }
      for (const list of waiting.values()) for (const { at } of list) lags.push(clock.now() - at)
      return { lags, requests, commands }
    } finally {
      await app.stop()
      server.close()
      await sandbox.close()
      Date.now = machineTime
    }
  })

/** The version that the record of each issue shows. */
const revsOf = (sandbox: Awaited<ReturnType<typeof createSandbox>>): ReadonlyMap<number, number> =>
  new Map(
    sandbox.state.comments.all().flatMap(({ body, issueId }) => {
      const rev = /<!-- muster:record v\d+ [^>]*?\brev=(\d+)/.exec(body)?.[1]
      const number = sandbox.state.issues.get(issueId)?.number
      return rev === undefined || number === undefined ? [] : [[number, Number(rev)] as const]
    }),
  )
