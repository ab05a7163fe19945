/** The reconciler in front of a sandbox: one task whose state a test sets, everything else real HTTP. */
import { GENESIS_HASH } from '../../../../app/domain/event/hash-chain.ts'
import type { Task } from '../../../../app/domain/task/state.ts'
import type { Documents, OutboxItem, RateBuckets } from '../../../../app/engine/ports.ts'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { seal } from '../../../../app/outbound/github/record/seal.ts'
import type { PersonChange } from '../../../../app/engine/person-change.ts'
import { createReconciler } from '../../../../app/outbound/github/replica/reconcile.ts'
import type { Meeting } from '../../../../app/outbound/github/replica/records.ts'
import { createSandbox } from '../../../../app/sandbox/sandbox.ts'
import type { Switches } from '../../../../app/sandbox/switches.ts'
import { createClient } from '../../../sandbox/client.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'
import { aTask } from '../task-fixture.ts'

export const memoryDocuments = (): Documents => {
  const rows = new Map<string, string>()
  return {
    async get(kind, key) {
      return rows.get(`${kind} ${key}`) ?? null
    },
    async put(kind, key, value) {
      rows.set(`${kind} ${key}`, value)
    },
    async replace(kind, key, before, after) {
      if ((rows.get(`${kind} ${key}`) ?? null) !== before) return false
      if (after === null) rows.delete(`${kind} ${key}`)
      else rows.set(`${kind} ${key}`, after)
      return true
    },
    async delete(kind, key) {
      rows.delete(`${kind} ${key}`)
    },
    async list(kind) {
      return [...rows]
        .filter(([name]) => name.startsWith(`${kind} `))
        .map(([name, value]) => ({ key: name.slice(kind.length + 1), value }))
    },
  }
}

const openLanes: RateBuckets = { take: async () => ({ ok: true }), block: async () => {} }
const KEY = { kid: 'k1', secret: Buffer.alloc(32, 7) }

/** `documents` are those of the App; another replica may be given others over the same database. */
export const setUp = async (switches: Partial<Switches> = {}, documents: Documents = memoryDocuments()) => {
  const sandbox = await createSandbox({ keys: SEED_KEYS, friendly: true, switches })
  const as = createClient(sandbox)
  const { number } = (await as('alice').post('/repos/acme/widgets/issues', { title: 'Rounding is off' })).json
  const repository = (await as('alice').get('/repos/acme/widgets')).json
  const branch = (await as('alice').get('/repos/acme/widgets/git/ref/heads/main')).json
  const appId = sandbox.seed.muster.id
  let offset = 0
  const clock = { now: () => Date.now() + offset }
  let task: Task = aTask({ number, stream: `task/${repository.id}/${number}`, project: `project/${repository.id}` })
  let rev = 1
  /** Behind `rev` when all that came since was reports of tampering. */
  let news = 1
  let meeting: Meeting = 'write'
  /** Tasks beside it, of which only is known that they are there. */
  const others: Task[] = []
  const changes: PersonChange[] = []
  const answers: { explain: string | null } = { explain: null }
  const put: OutboxItem[] = []
  const warnings: string[] = []

  const process = (remembering: Documents = documents) => {
    const github = createGitHub({
      appId,
      privateKey: SEED_KEYS.muster.privateKey,
      apiUrl: sandbox.url,
      buckets: openLanes,
      clock,
      log: { warn: (message) => void warnings.push(message) },
    })
    const reconciler = createReconciler({
      github,
      onElsewhere: () => Promise.resolve(false),
      appId,
      isOurs: ({ kind, id }) => kind === 'bot' && id === 'muster[bot]',
      projections: {
        taskAt: async () => null,
        task: async (stream) => {
          if (stream === task.stream) return { task, version: rev }
          const other = others.find((one) => one.stream === stream)
          return other === undefined ? null : { task: other, version: 1 }
        },
        project: async () => ({
          stream: task.project,
          repositoryId: repository.id,
          repositoryNodeId: repository.node_id,
          repository: 'acme/widgets',
          installationId: sandbox.seed.installations.muster,
          prefix: 'DEV',
          epoch: 1,
          ledgerIssue: null,
          paused: null,
        }),
      },
      documents: remembering,
      outbox: { put: async (items) => void put.push(...items) },
      clock,
      log: { warn: (message) => void warnings.push(message) },
      records: {
        async write(stream, issue) {
          const origin = { repositoryId: issue.repositoryId, issueId: issue.id, issueNumber: issue.number }
          const payload = { stream, origin, schema: 1, rev, head: GENESIS_HASH, status: task.status, title: task.title }
          return { body: `### ${task.key}: ${task.status}\n\n${seal('record', payload, KEY)}`, rev, news }
        },
        meet: async () => meeting,
      },
      onPersonChange: async (change) => {
        changes.push(change)
        return change.field === 'war' ? { explain: null } : answers
      },
    })
    return { github, reconciler }
  }

  let running = process()
  const path = `/repos/acme/widgets/issues/${number}`
  return {
    sandbox,
    as,
    appId,
    changes,
    answers,
    put,
    warnings,
    documents,
    number: number as number,
    baseSha: branch.object.sha as string,
    repository: repository as { id: number; node_id: string },
    get task() {
      return task
    },
    /** Opens an issue as bob; `isTask`: the log knows it. */
    async other(title: string, isTask = true) {
      const issue = (await as('bob').post('/repos/acme/widgets/issues', { title })).json
      const stream = `task/${repository.id}/${issue.number}` as const
      const ref = { stream, key: `DEV-${issue.number}` }
      if (isTask) others.push(aTask({ ...ref, number: issue.number, project: task.project }))
      return { ref, id: issue.id as number, number: issue.number as number }
    },
    change(more: Partial<Task>) {
      task = { ...task, ...more }
      news = ++rev
    },
    /** An event that says nothing new of the task. */
    putOnRecord() {
      rev++
    },
    reconcile: () => running.reconciler.reconcileTask(task.stream),
    touch: () => running.reconciler.touched(task.stream, null),
    reconciler: () => running.reconciler,
    requests: () => running.github.requests.byRoute,
    restart: () => (running = process()),
    /** One more App beside the first. */
    replica(remembering: Documents = documents) {
      const { github, reconciler } = process(remembering)
      return { reconcile: () => reconciler.reconcileTask(task.stream), requests: () => github.requests.byRoute }
    },
    meetAs: (next: Meeting) => (meeting = next),
    passTime: (ms: number) => (offset += ms),
    async labels(): Promise<readonly string[]> {
      const { json } = await as('alice').get(path)
      return (json.labels as { name: string }[]).map(({ name }) => name).sort()
    },
    now: () => clock.now(),
    /** What the reconciler has noted of the issue. */
    base: async (): Promise<unknown> => JSON.parse((await documents.get('replica', task.stream)) ?? 'null'),
    async comments(): Promise<readonly { id: number; body: string; user: { login: string } }[]> {
      return (await as('alice').get(`${path}/comments?per_page=100`)).json
    },
    async checks(sha: string) {
      const { json } = await as('alice').get(`/repos/acme/widgets/commits/${sha}/check-runs?filter=all&per_page=100`)
      // Tests read the few members that they assert.
      // oxlint-disable-next-line typescript/no-explicit-any
      return (json.check_runs as any[]).filter(({ app }) => app.id === appId).toSorted((a, b) => a.id - b.id)
    },
    async pushBranch(name: string, files: Readonly<Record<string, string>>): Promise<string> {
      const bob = as('bob')
      await bob.post('/repos/acme/widgets/git/refs', { ref: `refs/heads/${name}`, sha: branch.object.sha })
      let sha = branch.object.sha as string
      for (const [file, text] of Object.entries(files)) {
        const content = Buffer.from(text).toString('base64')
        const body = { message: `Write ${file}`, content, branch: name }
        sha = (await bob.put(`/repos/acme/widgets/contents/${file}`, body)).json.commit.sha
      }
      return sha
    },
    close: () => sandbox.close(),
  }
}
