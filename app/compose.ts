/** Builds every adapter and plugs it in. The only file that knows them all; nothing is decided here. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigFault, type Config, type StoreConfig } from './config.ts'
import { createIds } from './create-ids.ts'
import type { StreamId } from './domain/event/envelope.ts'
import { behind, createArrivals, inOrder } from './engine/arrivals.ts'
import { raiseAfterGap } from './engine/catch-up.ts'
import { createCatchUpLoop } from './engine/catch-up-loop.ts'
import { reportCause } from './engine/cause.ts'
import { createClaimNext } from './engine/claim-next.ts'
import { lookAtTask, reconcileLedger, reconcileTask } from './engine/effects.ts'
import { finishRestores } from './engine/finish-restore.ts'
import { fold } from './engine/fold.ts'
import { handleCommand, type Engine } from './engine/handle-command.ts'
import { createLabelFindings } from './engine/label-findings.ts'
import { createLedgerFindings } from './engine/ledger-findings.ts'
import { lookAtRestored } from './engine/look-at-restored.ts'
import { lostSince } from './engine/lost-since.ts'
import { makeRoom } from './engine/make-room.ts'
import { createMissedLoop } from './engine/missed-loop.ts'
import { createScanLoop } from './engine/scan/scan-loop.ts'
import { createLoop } from './engine/loop.ts'
import type { Clock } from './engine/ports.ts'
import { passTime } from './engine/pass-time.ts'
import { resumeLeases } from './engine/resume-leases.ts'
import { settleDependencyOf, settleDependentsOf } from './engine/settle-dependents.ts'
import { createInboxWorker } from './engine/work-inbox.ts'
import { createOutboxWorker } from './engine/work-outbox.ts'
import type { CarryOutDeps } from './inbound/carried.ts'
import { BATCH_PATH, createBatchEndpoint } from './inbound/http/batch.ts'
import { COMMANDS_PATH, createCommandsEndpoint } from './inbound/http/commands.ts'
import { createDoor } from './inbound/http/door.ts'
import { createHealthEndpoint } from './inbound/http/health.ts'
import { followIssue } from './inbound/follow-issue.ts'
import { followRepository } from './inbound/follow-repository.ts'
import { createPersonChangeHandler } from './inbound/person-change.ts'
import { createProjectOpener, storedSettings } from './inbound/project-of.ts'
import { rememberIssues } from './inbound/remember-issues.ts'
import { createTakers } from './inbound/scan/create-takers.ts'
import { onScanned } from './inbound/scan/on-scanned.ts'
import { isScanned } from './inbound/scan/scanned-delivery.ts'
import { renderHelp } from './inbound/slash/render-help.ts'
import { placeOfProject } from './inbound/standing-at.ts'
import { dispatch } from './inbound/webhook/dispatch.ts'
import { createReceiver } from './inbound/webhook/receive.ts'
import type { CommentDeps } from './inbound/webhook/handlers/issue-comment.ts'
import { loadProbot } from './inbound/webhook/load-probot.ts'
import { createLog, createPino } from './log.ts'
import { createAnswerComment } from './outbound/github/answer-comment.ts'
import { createAudit } from './outbound/github/audit/create-audit.ts'
import { createChapters } from './outbound/github/chapters/keep-chapters.ts'
import { createGitHub } from './outbound/github/client.ts'
import { isGitHubFault } from './outbound/github/client/fault.ts'
import { createDefaultHeads } from './outbound/github/facts/default-heads.ts'
import { createGitHubFacts } from './outbound/github/facts/github-facts.ts'
import { createIssueNodeIds } from './outbound/github/facts/issue-node-ids.ts'
import { createPullNodeIds } from './outbound/github/facts/pull-node-ids.ts'
import { createGitHubComments } from './outbound/github/github-comments.ts'
import { familyOf } from './outbound/github/labels/label-table.ts'
import { createLabelMender } from './outbound/github/labels/mend-labels.ts'
import { createLedgers } from './outbound/github/ledger/create-ledgers.ts'
import type { RecordMark } from './outbound/github/ledger/marks-page.ts'
import { createOwnAccount } from './outbound/github/own-account.ts'
import { parseRecordKeys } from './outbound/github/record/record-keys.ts'
import { redeliverMissed, type Lost } from './outbound/github/redeliver-missed.ts'
import { createRecordAt } from './outbound/github/replica/record-at.ts'
import { createRecords } from './outbound/github/replica/create-records.ts'
import { createReconciler } from './outbound/github/replica/reconcile.ts'
import { createReadRun } from './outbound/github/reports.ts'
import type { PatienceLimits } from './outbound/github/restore/patience.ts'
import { createGitHubRestore } from './outbound/github/restore/restore-from-github.ts'
import { createScan } from './outbound/github/scan/create-scan.ts'
import { statusCard } from './outbound/github/status-card.ts'
import { createSchemaJudge } from './outbound/json-schema/create-schema-judge.ts'
import { openStore } from './store/open-store.ts'

const TICK_MS = 1000
const SWEEP_MS = 60_000
/** Open issues are looked at this often even when no webhook says that somebody touched them. */
const LOOK_AGE_MS = 6 * 3_600_000
const LOOKS_PER_SWEEP = 20
const LOST = ['lost', 'deliveries'] as const
/** A GitHub that is away must not keep the App from starting. */
const START_PATIENCE: PatienceLimits = { tries: 3, longestWaitMs: 4_000 }
/** Longer than GitHub keeps deliveries for redelivery, so that a late one is still known. */
const INBOX_KEEP_MS = 7 * 24 * 3_600_000

const SYSTEM_CLOCK: Clock = { now: () => Date.now() }

/** What every command works on: the store, and the engine over it. Calls nobody. */
export const composeEngine = async (config: StoreConfig, clock: Clock = SYSTEM_CLOCK) => {
  const pino = createPino(config.logLevel)
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, clock })
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    settingsOf: storedSettings(store.documents),
    schemas: createSchemaJudge(),
  }
  return { pino, log: createLog(pino), clock, store, engine }
}

/** The engine and the client, and what brings a project back from GitHub. */
export const composeRestore = async (config: Config, clock?: Clock, patience?: PatienceLimits) => {
  const parsedKeys = parseRecordKeys(config.recordKeys)
  if (!parsedKeys.ok) throw new ConfigFault(parsedKeys.problem)
  const { keys } = parsedKeys
  const { appId, privateKey, apiUrl } = config
  const core = await composeEngine(config, clock)
  const { store, log } = core
  const github = createGitHub({ appId, privateKey, apiUrl, buckets: store.buckets, clock: core.clock, log })
  const account = await createOwnAccount({ github, documents: store.documents, appId })
  const restorer = createGitHubRestore({
    github,
    log: store.log,
    fold,
    keys,
    trustedApps: [appId],
    botLogin: account.botLogin,
    clock: core.clock,
    sleep: (ms) => sleep(ms),
    ...(patience === undefined ? {} : { patience }),
  })
  const audit = createAudit({ github, store, keys, appId, account })
  return { ...core, keys, github, account, restorer, audit }
}

/** The whole App. Nothing runs before `start`. */
export const compose = async (config: Config, given?: Clock) => {
  const { appId, privateKey, apiUrl } = config
  const core = await composeRestore(config, given, START_PATIENCE)
  const { pino, log, clock, store, engine, keys, github, account, restorer } = core
  const { documents, projections, outbox, inbox } = store
  const { settingsOf } = engine

  const pulls = createPullNodeIds(documents)
  const heads = createDefaultHeads(documents)
  const facts = rememberIssues(createGitHubFacts({ github, clock, pulls, heads }), { documents, clock })
  const projects = createProjectOpener({ engine, facts, log, now: () => clock.now() })
  const placeOf = async (stream: StreamId) => {
    const task = (await projections.task(stream))?.task
    const project = task === undefined ? null : await projections.project(task.project)
    return project === null ? null : placeOfProject(project)
  }
  const onPersonChange = createPersonChangeHandler({ engine, facts, placeOf })
  const ledgers = createLedgers({
    github,
    store,
    keys,
    fold,
    appId,
    account,
    clock,
    log,
    findings: createLedgerFindings(engine),
  })
  const records = createRecords({
    log: store.log,
    projections,
    fold,
    keys,
    appId,
    bareCommands: async (project) => (await settingsOf(project)).commands.bare,
    ledger: (project) => ledgers.of(project),
    github: ({ installationId, repository }) =>
      createGitHubComments({ client: github.installation(installationId, 'result'), appId, repository }),
    chapters: createChapters({
      log: store.log,
      fold,
      keys,
      documents,
      clock,
      trustedApps: [appId],
      onPersonChange,
      later: (stream, at, behind) => outbox.put([behind ? reconcileTask(stream, at) : lookAtTask(stream, at)]),
    }),
    onPersonChange,
    onGap: (project, epoch) => raiseAfterGap(engine, project, epoch),
  })
  const reconciler = createReconciler({
    github,
    appId,
    isOurs: ({ kind, id }) => kind === 'bot' && account.isOurs({ login: id }),
    projections,
    documents,
    outbox,
    clock,
    log,
    records,
    onPersonChange,
    onElsewhere: async (stream) => {
      const task = (await projections.task(stream))?.task
      const following = { engine, facts, projects }
      if (task !== undefined && (await followRepository(following, task.project))) return true
      return followIssue(following, stream)
    },
  })
  const answerComment = createAnswerComment({ github, documents, issues: createIssueNodeIds(documents), clock })

  const carryOut = {
    engine,
    facts,
    projects,
    claimNext: createClaimNext(engine),
    card: (task, { bare }) => statusCard(task, { bare }),
    help: renderHelp,
  } satisfies CarryOutDeps
  const handlerDeps = {
    ...carryOut,
    appId,
    isOurs: (sender) => account.isOurs(sender),
    labelChanged: createLabelMender({ github, documents, outbox, clock, found: createLabelFindings(engine) }),
    isStateLabel: (name) => familyOf(name) !== null,
    observe: (stream, by, reopened) => reconciler.touched(stream, by, reopened),
    recordAt: createRecordAt({ github, keys }),
    ledgerTouched: async (stream, issue) => {
      const project = await projections.project(stream)
      if (project?.ledgerIssue !== issue) return
      await ledgers.of(project).lookAgain(stream)
      await outbox.put([reconcileLedger(stream, clock.now())])
    },
    log,
  } satisfies CommentDeps
  const probotLog = pino.child({ part: 'probot' }, { level: 'fatal' })
  const probotOptions = { appId, privateKey, secret: config.webhookSecret, baseUrl: apiUrl, log: probotLog }
  let probot: ReturnType<typeof loadProbot> | undefined

  const arrivals = createArrivals()
  const outboxWorker = createOutboxWorker({
    outbox: behind(arrivals, outbox),
    clock,
    log,
    handlers: {
      'reconcile-task': async ({ stream }) => {
        await reconciler.reconcileTask(stream)
        const task = (await projections.task(stream))?.task
        if (task !== undefined) await outbox.put([reconcileLedger(task.project, clock.now())])
      },
      'look-at-task': ({ stream }) => reconciler.reconcileTask(stream),
      'reconcile-ledger': ({ project }) => ledgers.keep(project),
      answer: answerComment,
      'read-run': createReadRun({
        github,
        apiUrl,
        projections,
        log: store.log,
        notes: log,
        documents,
        clock,
        report: async (identity, command, actor) => {
          await handleCommand(engine, { stream: identity.task, command, actor, cause: reportCause(identity) })
        },
      }),
      'settle-dependents': (payload) => settleDependentsOf(engine, payload),
      'make-room': (payload) => makeRoom(engine, payload),
      'settle-dependency': (payload) => settleDependencyOf(engine, payload),
    },
  })
  const scanned = createScan(github, documents)
  const inboxWorker = createInboxWorker({
    inbox: behind(arrivals, inOrder(arrivals, inbox)),
    clock,
    log,
    handle: async (item) =>
      isScanned(item)
        ? onScanned({ ...handlerDeps, scan: scanned.facts }, item)
        : dispatch(await (probot ??= loadProbot(probotOptions, handlerDeps)), item),
  })
  const scan = createScanLoop({
    source: scanned.source,
    takers: createTakers({ ...scanned, engine, appId, clock, log }),
    inbox,
    documents,
    projects: async () => (await projections.projects()).map(placeOfProject),
    clock,
    log,
    everyMs: config.scanEveryMs,
  })
  const ticker = createLoop({
    name: 'tick',
    log,
    idleMs: TICK_MS,
    round: async () => (await passTime(engine)) > 0,
  })
  const sweeper = createLoop({
    name: 'sweep',
    log,
    idleMs: SWEEP_MS,
    round: async () => {
      await inbox.sweep(clock.now() - INBOX_KEEP_MS)
      await reconciler.sweep(LOOKS_PER_SWEEP, LOOK_AGE_MS)
      return false
    },
  })
  // Remembered until GitHub was asked: a start that breaks off must not forget it.
  const parseLost = (text: string | null): Lost | null => (text === null ? null : (JSON.parse(text) as Lost))
  const missed = createMissedLoop({
    look: async (since) => {
      const lost = await documents.get(...LOST)
      const count = await redeliverMissed({ github, log }, since, parseLost(lost))
      // What another replica has noted meanwhile was not asked for yet.
      if (lost !== null) await documents.replace(...LOST, lost, null)
      if (count > 0) scan.outage()
      return count
    },
    documents,
    clock,
    log,
  })
  const catchingUp = createCatchUpLoop({
    engine,
    log,
    isOutside: (error) => isGitHubFault(error),
    importMissing: async (project) => {
      const { repositoryId: id, repositoryNodeId: nodeId, repository: name, installationId, stream } = project
      const place = { id, nodeId, name }
      const learn = (marks: readonly RecordMark[]): void => ledgers.of(project).learn(stream, marks)
      const report = await restorer.restore({ place, installationId }, 'behind', learn)
      await ledgers.doubted(stream, report.doubts)
      return report
    },
  })
  const loops = [inboxWorker, outboxWorker, ticker, sweeper, missed, scan, catchingUp]

  const claim = async (): Promise<void> => {
    if (!(await store.startWorking())) {
      throw new ConfigFault(`another App works on ${config.dataDir}: stop it, or choose another --data`)
    }
    await missed.open()
  }
  /** Before anything is worked on: restores are finished, and what GitHub knows beyond this data is imported. */
  const begin = async (): Promise<void> => {
    // A restore may have been shown GitHub's past: what it missed is imported before anything is added.
    await catchingUp.first()
    const restored = await finishRestores(engine)
    await lookAtRestored(store, clock, restored)
    if (restored.length > 0) await documents.put(...LOST, JSON.stringify(await lostSince(store, restored)))
  }
  let begun = (): void => {}
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve
  })

  const http = createDoor({ log, clock })
    .route(
      '/',
      createReceiver({ secret: config.webhookSecret, inbox, arrivals, clock, log, wake: () => inboxWorker.wake() }),
    )
    // A command on data that is older than GitHub would begin another history.
    .on('POST', [COMMANDS_PATH, BATCH_PATH], async (_, next) => {
      await hasBegun
      await next()
    })
    .route('/', createCommandsEndpoint(carryOut))
    .route('/', createBatchEndpoint({ ...carryOut, log, clock }))
    .route('/', createHealthEndpoint({ store, clock }))

  return {
    http,
    log,
    store,
    engine,
    github,
    ledgers,
    restorer,
    /** Before anything is told to be ready: throws when another App works on the same data. */
    claim,
    async start() {
      await claim()
      await begin()
      const lastAlive = await store.leases.lastAlive()
      await resumeLeases(store, clock, lastAlive)
      const lost = parseLost(await documents.get(...LOST))
      await missed.since(lastAlive ?? lost?.since ?? null)
      await scan.open(lastAlive, lost)
      // Only now: a start that breaks off before this must not pass for a life that held leases and heard GitHub.
      await store.leases.beat()
      begun()
      for (const loop of loops) loop.start()
    },
    /** For a flush while no App runs: works off what is there. Does not count as being alive, and lets no time pass. */
    async workOff() {
      await begin()
      inboxWorker.start()
      outboxWorker.start()
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await store.close()
    },
  }
}
