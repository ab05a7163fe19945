/** Builds every adapter and plugs it in. The only file that knows them all; nothing is decided here. */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { Probot, ProbotOctokit } from 'probot'
import { monotonicFactory } from 'ulid'
import { ConfigFault, type Config } from './config.ts'
import { MUSTER } from './domain/actor.ts'
import type { StreamId } from './domain/event/envelope.ts'
import { reconcileLedger } from './engine/effects.ts'
import { fold } from './engine/fold.ts'
import type { Engine } from './engine/handle-command.ts'
import { createMissedLoop } from './engine/missed-loop.ts'
import { createLoop } from './engine/loop.ts'
import { resumeLeases } from './engine/resume-leases.ts'
import { settleDependentsOf } from './engine/settle-dependents.ts'
import { tickDue } from './engine/tick.ts'
import { createInboxWorker } from './engine/work-inbox.ts'
import { createOutboxWorker } from './engine/work-outbox.ts'
import type { CarryOutDeps } from './inbound/carry-out.ts'
import { createCommandsEndpoint } from './inbound/http/commands.ts'
import { createHealthEndpoint } from './inbound/http/health.ts'
import { createPersonChangeHandler } from './inbound/person-change.ts'
import { createProjectOpener, storedSettings } from './inbound/project-of.ts'
import { renderHelp } from './inbound/slash/render-help.ts'
import { dispatch } from './inbound/webhook/dispatch.ts'
import { createReceiver } from './inbound/webhook/receive.ts'
import { register } from './inbound/webhook/register.ts'
import { createLog, createPino } from './log.ts'
import { createAnswerComment } from './outbound/github/answer-comment.ts'
import { createGitHub } from './outbound/github/client.ts'
import { createGitHubFacts } from './outbound/github/facts/github-facts.ts'
import { createIssueNodeIds } from './outbound/github/facts/issue-node-ids.ts'
import { createPullNodeIds } from './outbound/github/facts/pull-node-ids.ts'
import { createLedgers } from './outbound/github/ledger/create-ledgers.ts'
import { createOwnAccount } from './outbound/github/own-account.ts'
import { parseRecordKeys } from './outbound/github/record/record-keys.ts'
import { redeliverMissed } from './outbound/github/redeliver-missed.ts'
import { createRecords } from './outbound/github/replica/create-records.ts'
import { createReconciler } from './outbound/github/replica/reconcile.ts'
import { statusCard } from './outbound/github/status-card.ts'
import { openStore } from './store/open-store.ts'

const TICK_MS = 1000
const SWEEP_MS = 60_000
/** Open issues are looked at this often even when no webhook says that somebody touched them. */
const LOOK_AGE_MS = 6 * 3_600_000
const LOOKS_PER_SWEEP = 20
/** Longer than GitHub keeps deliveries for redelivery, so that a late one is still known. */
const INBOX_KEEP_MS = 7 * 24 * 3_600_000

export const compose = async (config: Config) => {
  const pino = createPino(config.logLevel)
  const log = createLog(pino)
  const clock = { now: () => Date.now() }
  const parsedKeys = parseRecordKeys(config.recordKeys)
  if (!parsedKeys.ok) throw new ConfigFault(parsedKeys.problem)
  const { keys } = parsedKeys
  const { appId, privateKey, apiUrl } = config

  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, clock })
  const { documents, projections, outbox, inbox } = store
  const settingsOf = storedSettings(documents)
  const engine: Engine = {
    store,
    ids: { ulid: monotonicFactory() },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    settingsOf,
  }

  const github = createGitHub({ appId, privateKey, apiUrl, buckets: store.buckets, clock, log })
  const pulls = createPullNodeIds(documents)
  const facts = createGitHubFacts({ github, clock, pulls })
  const account = await createOwnAccount({ github, documents, appId })
  const projects = createProjectOpener({ engine, facts, log, now: clock.now })
  const placeOf = async (stream: StreamId) => {
    const task = (await projections.task(stream))?.task
    const project = task === undefined ? null : await projections.project(task.project)
    if (project === null) return null
    const { repository, repositoryId, repositoryNodeId, installationId } = project
    const owner = repository.slice(0, repository.indexOf('/'))
    return { repository, repositoryId, repositoryNodeId, installationId, owner }
  }
  const onPersonChange = createPersonChangeHandler({ engine, facts, placeOf })
  const ledgers = createLedgers({ github, store, keys, fold, appId, account, log })
  const records = createRecords({
    log: store.log,
    projections,
    fold,
    keys,
    appId,
    bareCommands: async (project) => (await settingsOf(project)).commands.bare,
    ledger: (project) => ledgers.of(project),
    onPersonChange,
  })
  const reconciler = createReconciler({
    github,
    appId,
    projections,
    documents,
    outbox,
    clock,
    log,
    records,
    onPersonChange,
  })
  const answerComment = createAnswerComment({ github, documents, issues: createIssueNodeIds(documents), clock })

  const carryOut: CarryOutDeps = {
    engine,
    facts,
    projects,
    card: (task, bare) => statusCard(task, { bare }),
    help: (verb, bare) => renderHelp(verb, { bare }),
  }
  const probot = new Probot({
    appId,
    privateKey,
    secret: config.webhookSecret,
    baseUrl: apiUrl,
    log: pino.child({ part: 'probot' }, { level: 'fatal' }),
    Octokit: ProbotOctokit.defaults((options: object) => ({
      ...options,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  })
  await probot.load((app) =>
    register(app, {
      ...carryOut,
      appId,
      isOurs: (sender) => account.isOurs(sender),
      observe: (stream, by) => reconciler.touched(stream, by),
      log,
    }),
  )

  const outboxWorker = createOutboxWorker({
    outbox,
    clock,
    log,
    handlers: {
      'reconcile-task': async ({ stream }) => {
        await reconciler.reconcileTask(stream)
        const task = (await projections.task(stream))?.task
        if (task !== undefined) await outbox.put([reconcileLedger(task.project, clock.now())])
      },
      'reconcile-ledger': ({ project }) => ledgers.keep(project),
      answer: answerComment,
      'read-run': () => Promise.reject(new Error('reports are not read yet')),
      'settle-dependents': (payload) => settleDependentsOf(engine, payload),
    },
  })
  const inboxWorker = createInboxWorker({ inbox, clock, log, handle: (item) => dispatch(probot, item) })
  const ticker = createLoop({
    name: 'tick',
    log,
    idleMs: TICK_MS,
    round: async () => (await tickDue(engine)) > 0,
  })
  const sweeper = createLoop({
    name: 'sweep',
    log,
    idleMs: SWEEP_MS,
    round: async () => {
      await store.leases.beat()
      await inbox.sweep(clock.now() - INBOX_KEEP_MS)
      await reconciler.sweep(LOOKS_PER_SWEEP, LOOK_AGE_MS)
      return false
    },
  })
  const missed = createMissedLoop({ look: (since) => redeliverMissed({ github, log }, since), clock, log })
  const loops = [inboxWorker, outboxWorker, ticker, sweeper, missed]

  const http = new Hono()
    .route('/', createReceiver({ secret: config.webhookSecret, inbox, clock, log, wake: () => inboxWorker.wake() }))
    .route('/', createCommandsEndpoint(carryOut))
    .route('/', createHealthEndpoint({ store, clock }))

  return {
    http,
    log,
    store,
    engine,
    github,
    ledgers,
    actor: MUSTER,
    async start() {
      if (!(await store.startWorking())) {
        throw new ConfigFault(`another App works on ${config.dataDir}: stop it, or choose another --data`)
      }
      const lastAlive = await store.leases.beat()
      await resumeLeases(store, clock, lastAlive)
      missed.since(lastAlive)
      for (const loop of loops) loop.start()
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await store.close()
    },
  }
}
