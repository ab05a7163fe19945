/** No refusal sends anybody into a dead end: whatever it says to do next is accepted where the task stands, by somebody. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../app/domain/actor.ts'
import type { Rejection } from '../../app/domain/rejection.ts'
import type { TaskCommand } from '../../app/domain/task/commands.ts'
import type { DecideContext } from '../../app/domain/task/decide/context.ts'
import { decideTask } from '../../app/domain/task/decide-task.ts'
import type { TaskEvent } from '../../app/domain/task/events.ts'
import { TASK_STATUSES, type Task } from '../../app/domain/task/state.ts'
import { CATALOGUE, findCommand } from '../../app/inbound/catalogue.ts'
import { bindJson } from '../../app/inbound/catalogue/bind-json.ts'
import type { Intent } from '../../app/inbound/catalogue/intent.ts'
import { explainRejection } from '../../app/inbound/explain-rejection.ts'
import { parseCommandLine } from '../../app/inbound/slash/parse-command-line.ts'
import type { Telling } from '../../app/inbound/telling.ts'
import {
  AGENT,
  ALICE,
  BOB,
  CLAIMED,
  CREATE,
  READY,
  RUNNING,
  claim,
  context,
  fail,
  played,
  replay,
  store,
} from '../domain/given.ts'

type Log = readonly TaskEvent[]
type Steps = readonly (readonly [TaskCommand, Partial<DecideContext>?])[]

const ON = { stream: 'task/7/3', key: 'DEV-3' } as const
const DEPENDS = { type: 'add-dependency', on: ON, status: 'open', path: null, onFailure: null } as const
const SUCCEED: TaskCommand = { type: 'succeed-attempt', fence: null, costMicroUsd: null, tokens: null }

const SCENES: Readonly<Record<string, Steps>> = {
  'in the backlog': [[CREATE]],
  ready: [...READY],
  'waiting for a backoff': [...RUNNING, [fail()]],
  'waiting for another task': [...READY, [DEPENDS]],
  'waiting after a retry': [...RUNNING, [DEPENDS], [fail()], [{ type: 'retry-task' }]],
  claimed: [...CLAIMED],
  'claimed by an agent': [...READY, [claim('a1'), { actor: AGENT }]],
  running: [...RUNNING],
  'in review': [...RUNNING, [SUCCEED]],
  'with a person before any attempt': [...READY, [{ type: 'ask-person', reason: 'look' }]],
  'with a person after an attempt': [...RUNNING, [fail({ failure: { class: 'permission_error', message: 'm' } })]],
  done: [...RUNNING, [{ type: 'complete-task', reason: 'merged' }]],
  'done before any attempt': [[CREATE], [{ type: 'complete-task', reason: 'merged' }]],
  'given up': [...RUNNING, [{ type: 'fail-task', reason: 'no' }]],
  'given up before any attempt': [[CREATE], [{ type: 'fail-task', reason: 'no' }]],
  canceled: [...READY, [{ type: 'cancel-task', reason: 'no' }]],
}
const CLOSED = ['done', 'given up', 'canceled']
const BLOCK = [{ type: 'block-task', reason: 'no key' }] as const
const BLOCKED = Object.entries(SCENES)
  .filter(([name]) => !CLOSED.some((closed) => name.startsWith(closed)))
  .map(([name, steps]) => [`blocked while ${name}`, steps.concat([BLOCK])] as const)
const ALL: readonly (readonly [string, Steps])[] = [...Object.entries(SCENES), ...BLOCKED]

/** Everybody who may have something to say: the fence is that of the first lease, as an old view has it. */
const ACTORS: readonly Actor[] = [ALICE, BOB, AGENT, { kind: 'agent', id: 'a2' }]

const commandOf = (intent: Intent, task: Task): TaskCommand | null => {
  if (intent.kind === 'command') return intent.command
  if (intent.kind !== 'depend') return null
  const [reference] = intent.on
  const on = task.dependsOn.find(({ key }) => reference?.kind === 'key' && key === reference.key) ?? ON
  return intent.add ? { ...DEPENDS, on } : { type: 'remove-dependency', on }
}

const heldFence = (task: Task, actor: Actor) => (actor.kind === 'agent' ? (task.lease?.fence ?? null) : null)

/** The log after the intent, or why nobody may. */
const anybody = (log: Log, intentOf: (actor: Actor) => Intent): Log | Rejection => {
  let refusal: Rejection = { code: 'not-a-task' }
  for (const actor of ACTORS) {
    const task = replay(log) as Task
    const command = commandOf(intentOf(actor), task)
    if (command === null) return log
    const at = context({ actor })
    const fenced = 'fence' in command ? ({ ...command, fence: heldFence(task, actor) } as TaskCommand) : command
    const decision = decideTask(task, fenced, at)
    if (decision.ok) return [...log, ...store(decision.events, at, log)]
    refusal = decision.rejection
  }
  return refusal
}

/** Commands as the sentence names them, in order. */
const named = (next: string): readonly ((actor: Actor) => Intent)[] =>
  [...next.matchAll(/`(?:\/([^`]+)|(\{"verb"[^`]+))`/g)].map(([, line, json]) => {
    if (json !== undefined) {
      const { verb, args = {} } = JSON.parse(json) as { verb: string; args?: Record<string, unknown> }
      const row = findCommand(verb, 'http')
      if (row === null) throw new Error(`${verb} is not open to keys`)
      const bound = bindJson(row, args)
      if (!bound.ok) throw new Error(`${json}: ${bound.problem.code}`)
      return ({ id }) => row.toIntent(bound.args, { id })
    }
    const parsed = parseCommandLine(`/${line ?? ''}`, { bare: true })
    if (parsed?.ok !== true) throw new Error(`/${line ?? ''} does not parse`)
    return ({ id }) => parsed.row.toIntent(parsed.args, { id })
  })

const COMMENT: Telling = { surface: 'comment', bare: true }
const HTTP: Telling = { surface: 'http', bare: true }

/** Every refusal of every command of the catalogue, with the fence of now, an old one and none. */
const refusals = (log: Log): readonly Rejection[] => {
  const task = replay(log) as Task
  const lines = CATALOGUE.flatMap(({ examples, surfaces }) => (surfaces.includes('comment') ? examples : [])).concat(
    'claim ttl=2h',
    'claim ttl=9d',
    'undepends DEV-3',
    'unblock 7',
  )
  const more: readonly TaskCommand[] = [
    { type: 'ask-person', reason: 'x' },
    { type: 'fail-task', reason: 'x' },
  ]
  const commands = lines.flatMap((line) => {
    const parsed = parseCommandLine(`/${line}`, { bare: true })
    if (parsed?.ok !== true) throw new Error(`/${line} does not parse`)
    return ACTORS.flatMap((actor) => {
      const command = commandOf(parsed.row.toIntent(parsed.args, { id: actor.id }), task)
      return command === null ? [] : [{ actor, command }]
    })
  })
  const asked = [...commands, ...more.map((command) => ({ actor: BOB, command }))]
  return asked.flatMap(({ actor, command }) => {
    const fences = 'fence' in command ? [null, { epoch: 1, n: 1 }, { epoch: 0, n: 1 }] : [undefined]
    return fences.flatMap((fence) => {
      const said = fence === undefined ? command : ({ ...command, fence } as TaskCommand)
      const decision = decideTask(task, said, context({ actor }))
      return decision.ok ? [] : [decision.rejection]
    })
  })
}

/** What to do lies outside the task, so that no command on it is named. */
const ELSEWHERE: ReadonlySet<Rejection['code']> = new Set(['already-claimed', 'self-dependency', 'fence-missing'])

it('the scenes are in every status', () => {
  const statuses = ALL.map(([, steps]) => replay(played(...steps))?.status)
  expect(new Set(statuses)).toEqual(new Set(TASK_STATUSES))
})

describe.each(ALL)('%s', (_, steps) => {
  it.each([
    ['in a comment', COMMENT],
    ['over HTTP', HTTP],
  ])('%s, every refusal names a step that is accepted', (_surface, telling) => {
    const log = played(...steps)
    const all = refusals(log)
    expect(all.length).toBeGreaterThan(0)
    for (const rejection of all) {
      const { problem, next } = explainRejection(rejection, telling)
      const told = `${problem} ${next}`
      expect(told).not.toMatch(/\u200b|needs_human|in_progress|undefined/)
      const intents = named(next)
      if (!ELSEWHERE.has(rejection.code)) expect([told, intents.length]).not.toEqual([told, 0])
      let at = log
      for (const intent of intents) {
        // Alternatives are accepted at once, and what comes after `then` when the first was done.
        const now = anybody(log, intent)
        const later = 'code' in now ? anybody(at, intent) : now
        if ('code' in later) expect.fail(`${told}: ${later.code}`)
        at = later
      }
    }
  })
})
