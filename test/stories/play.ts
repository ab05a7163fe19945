/** A sandbox and the whole App in one process, for stories: post a comment, wait until all is quiet, read the thread. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { compose, composeRestore } from '../../app/compose.ts'
import type { Config } from '../../app/config.ts'
import { taskStream } from '../../app/domain/event/envelope.ts'
import type { TaskCommandOf } from '../../app/domain/task/commands.ts'
import { handleCommand } from '../../app/engine/handle-command.ts'
import { issueAgentKey } from '../../app/inbound/http/agent-key.ts'
import { systemClock } from '../../app/sandbox/clock.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../app/sandbox/sandbox.ts'
import { createClient, type Who } from '../sandbox/client.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'

/** Due later than this, an effect waits for something (a look after GitHub's lag, the ledger's turn) and not for us. */
const SOON_MS = 1500
const PATIENCE_MS = 15_000
const LOOK_MS = 40
export const RECORD_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`

export interface Play {
  readonly sandbox: Sandbox
  readonly app: Awaited<ReturnType<typeof compose>>
  /** The Apps beside it. */
  readonly others: readonly Awaited<ReturnType<typeof compose>>[]
  readonly appUrl: string
  /** Another life on the same GitHub, with an empty database; nothing of it runs. */
  anew(): ReturnType<typeof composeRestore>
  as: ReturnType<typeof createClient>
  /** Opens an issue as a person and returns its number. */
  issue(title: string, body?: string, who?: Who): Promise<number>
  /** Comments, and returns the comment's id. */
  say(who: Who, issue: number, text: string): Promise<number>
  /** Everybody's clock goes forward. */
  pass(ms: number): void
  /** The App ends, and nobody listens until `up`: deliveries fail, and are forgotten by GitHub after three days. */
  down(): Promise<void>
  /** Another App on the same data; resolves when it has scanned what it had missed, and all is quiet. */
  up(): Promise<void>
  /** Resolves when everything was scanned once more since then, and all is quiet. */
  scanned(since: number): Promise<void>
  /** All deliveries made, all work done that is not waiting for a later time. */
  quiet(patienceMs?: number): Promise<void>
  /** The thread as people see it: author, reactions, text without what is hidden. */
  thread(issue: number): Promise<string>
  labels(issue: number): Promise<readonly string[]>
  /** A report as one that a run uploaded is carried out, once it is believed. */
  report(issue: number, report: Omit<TaskCommandOf<'report-attempt'>, 'type'>): Promise<void>
  /** `POST /v1/commands` with a fresh agent key. */
  agent(id: string): Promise<(body: object, idempotencyKey?: string) => Promise<{ status: number; json: never }>>
  stop(): Promise<void>
}

export interface PlayOptions extends SandboxOptions {
  readonly data?: string
  /** How much faster than the real one everybody's clock goes; 1 by default. */
  readonly speed?: number
  /** Postgres instead of the embedded store. */
  readonly databaseUrl?: string
  /** How many Apps work beside the one that hears GitHub; they need Postgres. None by default. */
  readonly replicas?: number
}

export const play = async (options: PlayOptions = {}): Promise<Play> => {
  const { data: given, speed = 1, databaseUrl = null, replicas = 0, ...sandboxOptions } = options
  const began = Date.now()
  const data = given ?? mkdtempSync(join(tmpdir(), 'muster-story-'))
  let passed = 0
  const clock = { ...systemClock, now: () => Math.floor(began + (Date.now() - began) * speed + passed) }
  const sandbox = await createSandbox({ clock, keys: SEED_KEYS, ...sandboxOptions })
  const config: Config = {
    appId: sandbox.seed.muster.id,
    privateKey: sandbox.keys.muster.privateKey,
    webhookSecret: sandbox.keys.muster.webhookSecret,
    apiUrl: sandbox.url,
    recordKeys: RECORD_KEYS,
    databaseUrl,
    dataDir: data,
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
  }
  let app = await compose(config, clock)
  const server = serve({
    fetch: (request: Request) => app.http.fetch(request),
    port: 0,
    hostname: '127.0.0.1',
  }) as Server
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sandbox.setWebhookUrl(`${appUrl}/api/github/webhooks`)
  await app.start()
  const others = await Promise.all(Array.from({ length: replicas }, () => compose(config, clock)))
  for (const other of others) await other.start()
  const as = createClient(sandbox)
  const repo = '/repos/acme/widgets'
  let reports = 0

  const isQuiet = async (): Promise<boolean> => {
    if (sandbox.deliveries.pending > 0 || (await app.store.inbox.pending()) > 0) return false
    const { oldestDueAt } = await app.store.outbox.pending()
    return oldestDueAt === null || oldestDueAt - clock.now() > SOON_MS
  }

  const isScanned = async (since: number): Promise<boolean> =>
    (await app.store.documents.list('scan')).every(({ value }) => {
      const { at, checkedAt } = JSON.parse(value) as { at: string | null; checkedAt: number | null }
      return at === null && checkedAt !== null && checkedAt >= since
    })

  const self: Play = {
    sandbox,
    get app() {
      return app
    },
    others,
    appUrl,
    anew: () => composeRestore({ ...config, dataDir: mkdtempSync(join(data, 'anew-')) }, clock),
    as,
    issue: async (title, body = '', who = 'alice') =>
      ((await as(who).post(`${repo}/issues`, { title, body })).json as { number: number }).number,
    say: async (who, issue, text) =>
      ((await as(who).post(`${repo}/issues/${issue}/comments`, { body: text })).json as { id: number }).id,
    pass: (ms) => {
      passed += ms
    },
    async down() {
      await sandbox.deliveries.idle()
      sandbox.setWebhookUrl(null)
      await app.stop()
    },
    async up() {
      await sandbox.deliveries.idle()
      app = await compose(config, clock)
      sandbox.setWebhookUrl(`${appUrl}/api/github/webhooks`)
      const since = clock.now()
      await app.start()
      await self.scanned(since)
    },
    async scanned(since) {
      for (let looks = 0; !(await isScanned(since)); looks += 1) {
        if (looks * LOOK_MS > PATIENCE_MS) throw new Error('it did not come to the end of its scan: see STORY_LOG=1')
        await sleep(LOOK_MS)
      }
      await self.quiet()
    },
    async quiet(patienceMs = PATIENCE_MS) {
      const until = Date.now() + patienceMs
      for (let calm = 0; calm < 3;) {
        calm = (await isQuiet()) ? calm + 1 : 0
        if (Date.now() > until) throw new Error('it did not become quiet: see STORY_LOG=1')
        await sleep(40)
      }
    },
    async thread(issue) {
      const comments = sandbox.state.comments
        .all()
        .filter((comment) => sandbox.state.issues.get(comment.issueId)?.number === issue)
      const lines = comments.map((comment) => {
        const author = sandbox.state.accounts.get(comment.authorId)?.login ?? '?'
        const reactions = sandbox.state.reactions
          .all()
          .filter((reaction) => reaction.subject.kind === 'comment' && reaction.subject.id === comment.id)
          .map(({ content }) => content)
        const shown = comment.body
          .replaceAll(/<!--[\s\S]*?-->/g, '')
          .replaceAll(/\b\d+ m?s\b/g, '… s')
          .trim()
        return `[${author}${reactions.length === 0 ? '' : ` ${reactions.join(' ')}`}]\n${shown}`
      })
      return lines.join('\n\n')
    },
    labels: async (issue) =>
      ((await as('alice').get(`${repo}/issues/${issue}`)).json as { labels: { name: string }[] }).labels
        .map(({ name }) => name)
        .sort(),
    async report(issue, report) {
      const { outcome } = await handleCommand(app.engine, {
        stream: taskStream(sandbox.seed.repositories.widgets.id, issue),
        command: { type: 'report-attempt', ...report },
        actor: { kind: 'ci', id: 'story' },
        cause: `report:story:${(reports += 1)}`,
      })
      if (!outcome.ok) throw new Error(`the report was refused: ${outcome.rejection.code}`)
    },
    async agent(id) {
      const [project] = await app.store.projections.projects()
      if (project === undefined) throw new Error('no project yet: make a task first')
      const key = await issueAgentKey(app.store.agentKeys, id, project.stream)
      let n = 0
      return async (body, idempotencyKey) => {
        const answer = await fetch(`${appUrl}/v1/commands`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'idempotency-key': idempotencyKey ?? `story-${(n += 1)}`,
          },
          body: JSON.stringify(body),
        })
        return { status: answer.status, json: (await answer.json()) as never }
      }
    },
    async stop() {
      for (const other of others) await other.stop()
      await app.stop()
      server.close()
      await sandbox.close()
      if (given === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
  return self
}
