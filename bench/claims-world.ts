/** A store full of tasks, put there as they would have been written; and what more would be written, worked out but not written. */
import { createSchemaJudge } from '../app/outbound/json-schema/create-schema-judge.ts'
import { createHash } from 'node:crypto'
import { createIds } from '../app/create-ids.ts'
import type { Actor } from '../app/domain/actor.ts'
import type { StoredEvent, StreamId } from '../app/domain/event/envelope.ts'
import { GENESIS_HASH, hashEvent } from '../app/domain/event/hash-chain.ts'
import { DEFAULT_BUDGETS } from '../app/domain/budget/settings.ts'
import { canonicalJson } from '../app/domain/event/canonical-json.ts'
import { DEFAULT_SETTINGS, type Settings } from '../app/domain/settings.ts'
import type { TaskCommand } from '../app/domain/task/commands.ts'
import { decideTask } from '../app/domain/task/decide-task.ts'
import type { Task } from '../app/domain/task/state.ts'
import { calendarAt } from '../app/engine/calendar.ts'
import { foldTask, parseTask, taskIndex } from '../app/engine/fold.ts'
import { handleCommand, type Engine } from '../app/engine/handle-command.ts'
import type { LeaseRow, Store } from '../app/engine/ports.ts'

export const PROJECT: StreamId = 'project/7'
const ALICE: Actor = { kind: 'user', id: 'alice' }
const START = 1_700_000_000_000
/** Writes that wait together share a transaction. */
const TOGETHER = 64

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Limits that every claim reserves under and is held against, and that none of them reaches. */
export const BUDGETED: Settings = { ...DEFAULT_SETTINGS, budgets: budgets() }

function budgets() {
  const plenty = { microUsd: 1_000_000_000_000, tokens: null }
  const limits = { day: plenty, month: plenty, total: plenty }
  return { ...DEFAULT_BUDGETS, workspace: limits, project: limits, task: plenty }
}

export const engineOver = (store: Store, settings: Settings = DEFAULT_SETTINGS): Engine => ({
  store,
  ids: createIds(),
  sha256,
  schemas: createSchemaJudge(),
  settingsOf: () => Promise.resolve(settings),
})

export interface Written {
  readonly stream: StreamId
  readonly events: readonly StoredEvent[]
  readonly state: string
}

export interface Step {
  readonly command: TaskCommand
  readonly actor: Actor
  readonly cause: string
  readonly at: number
}

/** The stream after more commands, nothing stored. */
export const after = (before: Written, steps: readonly Step[], settings: Settings = DEFAULT_SETTINGS): Written => {
  const { stream } = before
  const events = [...before.events]
  let task: Task | null = parseTask(before.state === '' ? null : before.state)
  for (const { command, actor, cause, at } of steps) {
    const decision = decideTask(task, command, {
      now: at,
      actor,
      epoch: 1,
      paused: null,
      settings,
      ...money(settings, at),
    })
    if (!decision.ok) throw new Error(`${command.type}: ${decision.rejection.code}`)
    const first = events.length
    for (const { type, v, data } of decision.events) {
      const version = events.length + 1
      const id = `01J${sha256(`${cause}${version}`).slice(0, 23).toUpperCase()}`
      const prev = events.at(-1)?.hash ?? GENESIS_HASH
      const unhashed = { stream, version, id, type, v, at, actor, cause, data, prev }
      events.push({ ...unhashed, hash: hashEvent(sha256, unhashed) })
    }
    task = foldTask(task, events.slice(first))
  }
  return { stream, events, state: canonicalJson(task) }
}

const money = ({ budgets }: Settings, at: number) =>
  budgets === undefined
    ? {}
    : {
        budget: {
          workspace: 'workspace/1',
          calendar: calendarAt(at, budgets.timeZone),
          books: [],
          usual: { microUsd: null, tokens: null },
        },
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
  const at = START + ((n * 7919) % 1_000_000)
  return after({ stream, events: [], state: '' }, [
    { command: create, actor: ALICE, cause: `create:${n}`, at },
    { command: { type: 'ready-task' }, actor: ALICE, cause: `ready:${n}`, at },
  ])
}

export const claimOf = (owner: string) =>
  ({ type: 'claim-task', owner, ttlMs: null, baseSha: null, model: null, runId: null }) as const

export const put = async (
  store: Store,
  { stream, events, state }: Written,
  leases: readonly LeaseRow[] = [],
): Promise<void> => {
  const task = parseTask(state)
  if (task === null) throw new TypeError('a stream that was written has a state')
  await store.log.importStream({ stream, base: null, events, state, index: taskIndex(task), leases })
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
