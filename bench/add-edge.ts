/**
 * Adding a dependency, with its cycle check, to a graph of 100,000 tasks and 300,000 edges, against a whole depth-first search
 * of the same graph. The graph is laid down in the tables as the store would have; the dependencies themselves go through the
 * engine, log and all. Takes half a minute to lay down: on request only.
 */
import { createSchemaJudge } from '../app/outbound/json-schema/create-schema-judge.ts'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createIds } from '../app/create-ids.ts'
import { levelsOf, type EdgePair } from '../app/domain/dependency/levels.ts'
import { GAP } from '../app/domain/dependency/move-apart.ts'
import { GENESIS_HASH } from '../app/domain/event/hash-chain.ts'
import type { StreamId } from '../app/domain/event/envelope.ts'
import { DEFAULT_SETTINGS } from '../app/domain/settings.ts'
import { handleCommand, type Engine } from '../app/engine/handle-command.ts'
import { fold } from '../app/engine/fold.ts'
import { createSqliteStore } from '../app/store/sqlite/create-sqlite-store.ts'
import { inFolder } from './clean-up.ts'
import { against, median, percentile, type Figures } from './figures.ts'

const TASKS = 100_000
const EDGES = 300_000
const ADDED = 300
const SEARCHES = 5

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const task = (n: number): StreamId => `task/7/${n}`

/** The same numbers in every run. */
const createRandom = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Three dependencies each, anywhere below: some sixty levels. */
interface Size {
  readonly tasks: number
  readonly edges: number
}

const makeEdges = (random: (below: number) => number, size: Size): ReadonlyMap<number, ReadonlySet<number>> => {
  const edges = new Map<number, Set<number>>()
  for (let made = 0; made < size.edges;) {
    const from = 2 + random(size.tasks - 1)
    const on = 1 + random(from - 1)
    const row = edges.get(from) ?? new Set<number>()
    if (row.has(on)) continue
    edges.set(from, row.add(on))
    made += 1
  }
  return edges
}

const layDown = (path: string, edges: ReadonlyMap<number, ReadonlySet<number>>, size: Size): void => {
  const db = new DatabaseSync(path)
  const pairs = [...edges].flatMap(([from, row]) => [...row].map((on): EdgePair => [task(from), task(on)]))
  db.exec('begin')
  const putStream = db.prepare(
    `insert into streams (stream, version, head, state, kind, project, search, depends_on) values (?, 1, ?, ?, 'task', 'project/7', ?, ?)`,
  )
  for (let n = 1; n <= size.tasks; n += 1) {
    const stream = task(n)
    const created = {
      stream,
      version: 1,
      id: `01J${String(n).padStart(23, '0')}`,
      type: 'task-created',
      v: 1,
      at: 0,
      actor: { kind: 'user', id: 'bench' } as const,
      cause: `made:${n}`,
      data: { project: 'project/7', key: `DEV-${n}`, number: n, title: `Task ${n}`, priority: 'p2' },
      prev: GENESIS_HASH,
      hash: sha256(stream),
    }
    const dependsOn = [...(edges.get(n) ?? [])].map((on) => ({ stream: task(on), key: `DEV-${on}` }))
    const state = JSON.parse(fold(stream, null, [created]).state) as object
    const full = JSON.stringify({ ...state, dependsOn, waitsFor: dependsOn.map((on) => on.stream) })
    putStream.run(stream, created.hash, full, `dev-${n}`, JSON.stringify(dependsOn.map((on) => on.stream).sort()))
  }
  const putEdge = db.prepare('insert into edges (stream, depends_on) values (?, ?)')
  for (const [from, on] of pairs) putEdge.run(from, on)
  const putLevel = db.prepare('insert into levels (stream, level) values (?, ?)')
  for (const [stream, level] of levelsOf(pairs)) putLevel.run(stream, level * GAP)
  db.exec('commit')
  db.close()
}

/** Reads every edge and walks all that lies below, as a check without levels has to. */
const searchAll = (path: string, from: StreamId): number => {
  const started = performance.now()
  const db = new DatabaseSync(path, { readOnly: true })
  const below = new Map<string, string[]>()
  for (const row of db.prepare('select stream, depends_on from edges').iterate()) {
    const [stream, on] = [String(row['stream']), String(row['depends_on'])]
    const known = below.get(stream)
    if (known === undefined) below.set(stream, [on])
    else known.push(on)
  }
  const seen = new Set<string>()
  const left: string[] = [from]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    left.push(...(below.get(at) ?? []))
  }
  db.close()
  return performance.now() - started
}

export const addEdge = (small: boolean): Promise<Figures> =>
  inFolder((dir) => addEdgeIn(dir, small ? { tasks: TASKS / 20, edges: EDGES / 20 } : { tasks: TASKS, edges: EDGES }))

const addEdgeIn = async (dir: string, size: Size): Promise<Figures> => {
  const path = join(dir, 'muster.db')
  const store = await createSqliteStore({ path, clock: { now: () => Date.now() } })
  try {
    const random = createRandom(1)
    const edges = makeEdges(random, size)
    layDown(path, edges, size)
    const engine: Engine = {
      store,
      ids: createIds(),
      sha256,
      schemas: createSchemaJudge(),
      settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    }
    const add = async (from: number, on: number) => {
      const started = performance.now()
      const { outcome } = await handleCommand(engine, {
        stream: task(from),
        command: {
          type: 'add-dependency',
          on: { stream: task(on), key: `DEV-${on}` },
          status: 'open',
          path: null,
          onFailure: null,
        },
        actor: { kind: 'user', id: 'bench' },
        cause: `bench:${from}:${on}`,
      })
      return { ms: performance.now() - started, outcome }
    }
    const accepted: number[] = []
    const refused: number[] = []
    for (let n = 0; n < ADDED; n += 1) {
      const [from, on] = [1 + random(size.tasks), 1 + random(size.tasks)]
      if (from === on) continue
      const { ms, outcome } = await add(from, on)
      if (outcome.ok) accepted.push(ms)
      else refused.push(ms)
    }
    // Certain circles: from a task to one that depends on one that depends on it.
    const closing = [...edges].slice(-ADDED)
    for (const [from, row] of closing) {
      const next = edges.get([...row][0] ?? 0)
      const end = [...(next ?? [])][0]
      if (end === undefined) continue
      const { ms, outcome } = await add(end, from)
      if (outcome.ok) throw new Error(`a circle over ${task(end)} was stored`)
      refused.push(ms)
    }
    const searches = Array.from({ length: SEARCHES }, (_, n) => searchAll(path, task(size.tasks - n)))
    return {
      'add-edge': against(median(accepted), median(searches), 'ms'),
      'add-edge-p99': against(percentile(accepted, 0.99), median(searches), 'ms'),
      'refuse-circle': against(median(refused), median(searches), 'ms'),
      'refuse-circle-p99': against(percentile(refused, 0.99), median(searches), 'ms'),
    }
  } finally {
    await store.close()
  }
}
