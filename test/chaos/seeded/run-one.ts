/** One run: a sandbox, the App's lives on one database, the scenario under a plan, and the end once all is healed. */
import { mkdtempSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../../app/config.ts'
import { lookAtTask, reconcileLedger } from '../../../app/engine/effects.ts'
import { HOLD_MS } from '../../../app/inbound/webhook/order-of.ts'
import { WEBHOOK_PATH } from '../../../app/inbound/webhook/receive.ts'
import type { AppSecrets } from '../../../app/sandbox/app-keys.ts'
import { createSandbox, type Sandbox } from '../../../app/sandbox/sandbox.ts'
import { endState, type EndState } from './end-state.ts'
import type { FaultPlan } from './fault-plan.ts'
import { begin, createLife, Died, watchCommits, type App, type Life } from './life.ts'
import { createPeople } from './people.ts'
import { playScenario } from './scenario.ts'
import { createVirtualTime, lives } from './virtual-time.ts'
import { watchGit } from './watch-git.ts'
import { APP_URL, createWire, type Wire } from './wire.ts'

const START = Date.parse('2026-11-21T09:00:00Z')
/** What was held for an hour is taken up again, and put right, within this. */
const HEALING_MS = 80 * 60_000
/** Everything that a second look may still find to do is due by then. */
const LOOKS_MS = 10 * 60_000
/** A database in memory where there is such a place: what a disk does is not what is tried here. */
const MEMORY = '/dev/shm'

export interface Run {
  readonly end: EndState
  /** Tasks whose pair of comments arrived so far apart that either order is right. */
  readonly raced: readonly string[]
  readonly told: readonly string[]
  readonly lives: number
  readonly requests: number
  readonly commits: number
  readonly virtualMs: number
}

export type Keys = { readonly muster: AppSecrets; readonly claude: AppSecrets }

export interface RunOptions {
  /** The pairs of comments are said the other way round. */
  readonly turned?: boolean
  /** Everything that the App asks and hears about this issue is told too. */
  readonly issue?: number | null
}

export const runOne = async (
  plan: FaultPlan,
  keys: Keys,
  { turned = false, issue = null }: RunOptions = {},
): Promise<Run> => {
  const time = createVirtualTime(START, plan.random())
  const data = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'muster-chaos-'))
  const told: string[] = []
  const counts = { commit: 0, request: 0 }
  const now: { lives: { readonly life: Life; readonly app: App } | null } = { lives: null }
  let sandbox: Sandbox | null = null
  let lifeCount = 0
  let isCalm = false
  let config: Config | null = null
  /** What nobody caught, in a life that was not over. */
  const loose: string[] = []

  const bear = async (): Promise<void> => {
    const life = createLife((lifeCount += 1))
    const app = await Promise.race([begin(life, config as Config, time), life.died]).catch((error: unknown) => error)
    if (life.isDead) return
    if (app instanceof Error) {
      life.end()
      throw app
    }
    now.lives = { life, app: app as App }
  }

  /** A start that breaks off is tried again, as whoever starts it would. */
  const rise = async (): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await bear()
      } catch (error) {
        if (tries > 20) throw error
        told.push(`${time.now()} the start broke off: ${String(error)}`)
        await time.sleep(2000)
      }
    }
  }

  const kill = (life: Life, downMs: number): void => {
    life.end()
    now.lives = null
    lives.run(undefined, () => {
      time.after(
        downMs,
        () =>
          void rise().catch((error: unknown) => {
            loose.push(String(error))
          }),
      )
    })
  }

  const tell = (at: 'commit' | 'request') => (life: Life, side: 'before' | 'after') => {
    if (life.isDead) throw new Died('the App is dead')
    if (side === 'before') counts[at] += 1
    if (isCalm) return
    const crash = plan.crashes.find((one) => one.at === at && one.n === counts[at] && one.side === side)
    if (crash === undefined) return
    told.push(`${time.now()} killed ${side} ${at} ${counts[at]}, for ${crash.downMs} ms`)
    kill(life, crash.downMs)
    throw new Died('the App is dead')
  }

  const onLoose = (error: unknown): void => {
    if (lives.getStore()?.isDead === true || error instanceof Died || isClosedFile(error)) return
    loose.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  const realFetch = globalThis.fetch
  const unwatch = watchCommits(tell('commit'))
  const leaveGit = watchGit(time)
  process.on('unhandledRejection', onLoose)
  try {
    return await time.live(async () => {
      const wire = createWire({
        plan,
        time,
        sandbox: () => sandbox as Sandbox,
        app: () => now.lives,
        issue,
        tell: tell('request'),
      })
      globalThis.fetch = wire.fetch
      const world = await time.holding(() =>
        createSandbox({
          keys,
          clock: time,
          seed: plan.seed,
          switches: plan.switches,
          webhookUrl: `${APP_URL}${WEBHOOK_PATH}`,
        }),
      )
      sandbox = world
      config = configOf(world, data)
      await rise()
      const people = createPeople({ sandbox: world, time, wire, app: () => now.lives?.app ?? null })
      const { vain, pairs } = await playScenario(people, turned)
      isCalm = true
      wire.calm()
      told.push(`${time.now()} calm from here on`)
      await time.sleep(HEALING_MS)
      await people.until('an App', () => now.lives !== null)
      if (now.lives === null) throw new Error('no App lives')
      const { app, life } = now.lives
      const before = wire.writes()
      await lookAtEverything(app, time.now())
      await time.sleep(LOOKS_MS)
      const end = await endState(world, app)
      const wrong = [...vain, ...end.wrong, ...loose.map((one) => `not caught: ${one}`)]
      if (wire.writes() > before)
        wrong.push(
          `a second look wrote ${wire.writes() - before} times: ${wire.lastWrites(wire.writes() - before).join(', ')}`,
        )
      for (const [what, count] of Object.entries(await leftOver(app, time.now())))
        if (count > 0) wrong.push(`${count} left over: ${what}`)
      const virtualMs = time.now() - START
      life.end()
      await time.holding(() => world.close())
      return {
        end: { ...end, wrong },
        raced: [...pairs].flatMap(([n, ids]) => (isRace(ids, wire.arrivals) ? [`DEV-${n}`] : [])),
        told: [...told, ...wire.told].sort(),
        lives: lifeCount,
        requests: wire.requests(),
        commits: counts.commit,
        virtualMs,
      }
    })
  } finally {
    globalThis.fetch = realFetch
    unwatch()
    leaveGit()
    process.off('unhandledRejection', onLoose)
    rmSync(data, { recursive: true, force: true })
  }
}

/** A later arrival is decided when it arrives: the order by comment id holds within the hold only. */
const isRace = ([first = 0, second = 0]: readonly number[], arrivals: Wire['arrivals']): boolean => {
  const [one, two] = [arrivals.get(first), arrivals.get(second)]
  return one === undefined || two === undefined || one.stored > two.begun + HOLD_MS
}

const isClosedFile = (error: unknown): boolean =>
  error instanceof Error && /not open|closed|finalized/.test(error.message)

const lookAtEverything = async ({ store }: App, now: number): Promise<void> => {
  const [project] = await store.projections.projects()
  if (project === undefined) return
  for (const { stream } of await store.projections.tasks(project.stream)) {
    await store.documents.put('replica-touched', stream, JSON.stringify({ at: now, by: null, looked: false }))
    await store.outbox.put([lookAtTask(stream, now)])
  }
  await store.outbox.put([reconcileLedger(project.stream, now)])
}

const leftOver = async ({ store }: App, now: number): Promise<Readonly<Record<string, number>>> => {
  const { count, oldestDueAt } = await store.outbox.pending()
  return {
    deliveries: await store.inbox.pending(),
    'effects that are due': oldestDueAt !== null && oldestDueAt < now - 60_000 ? count : 0,
  }
}

const configOf = (sandbox: Sandbox, dataDir: string): Config => ({
  appId: sandbox.seed.muster.id,
  privateKey: sandbox.keys.muster.privateKey,
  webhookSecret: sandbox.keys.muster.webhookSecret,
  apiUrl: sandbox.url,
  recordKeys: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  databaseUrl: null,
  dataDir,
  host: '127.0.0.1',
  port: 0,
  logLevel: process.env['STORY_LOG'] === undefined ? 'silent' : 'debug',
  json: false,
  revoke: false,
  args: [],
  agent: null,
  publicUrl: null,
  world: 0,
  found: null,
  project: null,
  at: null,
})
