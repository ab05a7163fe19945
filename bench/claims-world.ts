/** A store full of ready tasks, put there as they would have been written; and the claim of each, worked out but not written. */
import { createSchemaJudge } from '../app/outbound/json-schema/create-schema-judge.ts'
import { createHash } from 'node:crypto'
import { monotonicFactory } from 'ulid'
import type { Actor } from '../app/domain/actor.ts'
import type { StoredEvent, StreamId } from '../app/domain/event/envelope.ts'
import { GENESIS_HASH, hashEvent } from '../app/domain/event/hash-chain.ts'
import { DEFAULT_SETTINGS } from '../app/domain/settings.ts'
import type { TaskCommand } from '../app/domain/task/commands.ts'
import { decideTask } from '../app/domain/task/decide-task.ts'
import { fold, parseTask } from '../app/engine/fold.ts'
import { handleCommand, type Engine } from '../app/engine/handle-command.ts'
import type { Store } from '../app/engine/ports.ts'

export const PROJECT: StreamId = 'project/7'
const ALICE: Actor = { kind: 'user', id: 'alice' }
const START = 1_700_000_000_000
/** Writes that wait together share a transaction. */
const TOGETHER = 64

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const engineOver = (store: Store): Engine => ({
  store,
  ids: { ulid: monotonicFactory() },
  sha256,
  schemas: createSchemaJudge(),
  settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
})

export interface Written {
  readonly stream: StreamId
  readonly events: readonly StoredEvent[]
  readonly state: string
}

/** The stream after one more command, nothing stored. */
export const after = (before: Written, command: TaskCommand, actor: Actor, cause: string, now: number): Written => {
  const context = { now, actor, epoch: 1, paused: null, settings: DEFAULT_SETTINGS }
  const decision = decideTask(parseTask(before.state === '' ? null : before.state), command, context)
  if (!decision.ok) throw new Error(`${command.type}: ${decision.rejection.code}`)
  let prev = before.events.at(-1)?.hash ?? GENESIS_HASH
  const added = decision.events.map((event, index): StoredEvent => {
    const version = before.events.length + index + 1
    const place = {
      stream: before.stream,
      version,
      id: `01J${sha256(`${cause}${version}`).slice(0, 23).toUpperCase()}`,
    }
    const unhashed = { ...place, type: event.type, v: event.v, at: now, actor, cause, data: event.data, prev }
    prev = hashEvent(sha256, unhashed)
    return Object.assign(unhashed, { hash: prev })
  })
  const { state } = fold(before.stream, before.state === '' ? null : before.state, added)
  return { stream: before.stream, events: [...before.events, ...added], state }
}

const PRIORITY = ['p0', 'p1', 'p2', 'p3'] as const

export const readyTask = (n: number): Written => {
  const stream: StreamId = `task/7/${n}`
  const priority = PRIORITY[n % PRIORITY.length] ?? 'p2'
  const create: TaskCommand = {
    type: 'create-task',
    project: PROJECT,
    key: `W-${n}`,
    number: n,
    title: `Task number ${n}`,
    priority,
  }
  const now = START + ((n * 7919) % 1_000_000)
  const made = after({ stream, events: [], state: '' }, create, ALICE, `create:${n}`, now)
  return after(made, { type: 'ready-task' }, ALICE, `ready:${n}`, now)
}

export const claimOf = (owner: string) =>
  ({ type: 'claim-task', owner, ttlMs: null, baseSha: null, model: null, runId: null }) as const

export const put = async (store: Store, { stream, events, state }: Written): Promise<void> => {
  const { index } = fold(stream, null, events)
  await store.log.importStream({ stream, base: null, events, state, index, leases: [] })
}

/** Opens the project and puts tasks `from` to `to` in place, ready. */
export const fill = async (store: Store, from: number, to: number): Promise<void> => {
  await handleCommand(engineOver(store), {
    stream: PROJECT,
    command: {
      type: 'open-project',
      repositoryId: 7,
      repositoryNodeId: 'R_7',
      repository: 'acme/widgets',
      installationId: 1,
      prefix: 'W',
    },
    actor: ALICE,
    cause: 'open',
  })
  for (let first = from; first <= to; first += TOGETHER) {
    const length = Math.min(TOGETHER, to - first + 1)
    await Promise.all(Array.from({ length }, (_, n) => put(store, readyTask(first + n))))
  }
}
