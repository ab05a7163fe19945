/** From a move to what is asked of the engine, by what the log says when it begins. Knows nothing of what must come of it. */
import { ALICE, fail } from '../../domain/given.ts'
import { report } from '../../domain/budget/money.ts'
import type { Actor } from '../../../app/domain/actor.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { TaskCommand, TaskCommandOf } from '../../../app/domain/task/commands.ts'
import type { KillCommand } from '../../../app/engine/kill-switch.ts'
import type { Fence } from '../../../app/domain/task/state.ts'
import type { Move, Where } from './moves.ts'
import type { Witness, Wish } from './witness.ts'
import { actorOf, HOUR, TASKS, type TaskId } from './workspace.ts'

export interface Wanted {
  readonly stream: StreamId
  readonly command: TaskCommand
  readonly actor: Actor
  readonly wish: Wish
}

type WorkMove = Extract<Move, { readonly by: string; readonly fence: string }>

export const placeOf = (witness: Witness, where: Where): TaskId => {
  if (typeof where === 'string') return where
  const granted = TASKS.filter((task) => witness.of(task).grants.length > 0)
  const busy = granted.filter((task) => witness.of(task).live !== null)
  const among = busy.length > 0 ? busy : granted.length > 0 ? granted : TASKS
  return among[where % among.length] ?? TASKS[0]
}

/** Who says it, under which fence. */
export const speaking = (
  witness: Witness,
  { task, by, fence }: WorkMove,
): { readonly actor: Actor; readonly fence: Fence | null } => {
  const { live, grants } = witness.of(placeOf(witness, task))
  const newest = live ?? grants.at(-1)
  const who = by === 'holder' ? (newest?.holder ?? 'a1') : by
  const old = grants.findLast((grant) => grant !== newest)?.fence ?? { epoch: 1, n: 0 }
  return { actor: actorOf(who), fence: fence === 'none' ? null : fence === 'old' ? old : (newest?.fence ?? old) }
}

/** A command on one task, or null: the move is of another kind. */
export const wanted = (witness: Witness, move: Move): Wanted | null => {
  const as = (stream: StreamId, command: TaskCommand, actor: Actor = ALICE, wish: Partial<Wish> = {}): Wanted => ({
    stream,
    command,
    actor,
    wish: { actor, fence: null, isHolders: false, isReport: false, ...wish },
  })
  const held = (work: WorkMove, command: (fence: Fence | null) => TaskCommand): Wanted => {
    const { actor, fence } = speaking(witness, work)
    return as(placeOf(witness, work.task), command(fence), actor, { fence, isHolders: true })
  }
  switch (move.do) {
    case 'claim':
      return as(move.task, { type: 'claim-task', ...claimBy(move.by, move.hours) }, actorOf(move.by))
    case 'start':
      return held(move, (fence) => ({ type: 'start-attempt', fence }))
    case 'release':
      return held(move, (fence) => ({ type: 'release-task', fence, reason: 'enough' }))
    case 'evidence': {
      const { actor, fence } = speaking(witness, move)
      const command: TaskCommand = { type: 'record-evidence', command: 'npm test', exitCode: 0, headSha: null, fence }
      // A person who names no fence adds as a person.
      return as(placeOf(witness, move.task), command, actor, {
        fence,
        isHolders: fence !== null || actor.kind !== 'user',
      })
    }
    case 'succeed':
      return held(move, (fence) => ({ type: 'succeed-attempt', fence, costMicroUsd: move.usd, tokens: move.tokens }))
    case 'fail':
      return held(move, (fence) => fail({ fence, costMicroUsd: move.usd, tokens: move.tokens }))
    case 'report':
      return as(placeOf(witness, move.task), reportOf(witness, move), { kind: 'ci', id: 'run-9' }, { isReport: true })
    case 'ready':
      return as(move.task, { type: 'ready-task' })
    case 'retry':
      return as(move.task, { type: 'retry-task' })
    case 'cancel':
      return as(move.task, { type: 'cancel-task', reason: 'not needed' })
    case 'reopen':
      return as(move.task, { type: 'reopen-task', reason: 'needed after all' })
    case 'priority':
      return as(move.task, { type: 'set-priority', priority: move.priority })
    case 'estimate':
      return as(move.task, { type: 'update-task', changes: { estimate: { ...amountOf(move), durationMs: null } } })
    case 'budget':
      return as(move.task, { type: 'update-task', changes: { budget: amountOf(move) } })
    default:
      return null
  }
}

export const killOf = (witness: Witness, move: Extract<Move, { readonly do: 'kill' | 'lift-kill' }>): KillCommand => {
  if (move.do === 'kill') {
    const { scope, agent } = move
    return { type: 'kill', scope, agent: scope === 'agent' ? agent : null, reason: 'it deletes tests' }
  }
  const on = witness.kills.get(move.project) ?? []
  const { scope, agent } = on[move.nth % Math.max(1, on.length)] ?? { scope: 'project', agent: null }
  return { type: 'lift-kill', scope, agent, reason: 'settled' }
}

export const claimBy = (owner: string, hours: number | null): Omit<TaskCommandOf<'claim-task'>, 'type'> => ({
  owner,
  ttlMs: hours === null ? null : hours * HOUR,
  baseSha: null,
  model: null,
  runId: null,
})

const amountOf = ({ usd, tokens }: { readonly usd: number | null; readonly tokens: number | null }) => ({
  microUsd: usd,
  tokens,
})

const reportOf = (witness: Witness, move: Extract<Move, { readonly do: 'report' }>): TaskCommand => {
  const { grants } = witness.of(placeOf(witness, move.task))
  const { usd, tokens, passed, sha } = move
  return report(
    {
      trust: move.trust,
      costMicroUsd: usd,
      tokens: tokens === null ? null : { total: tokens, input: null, output: null, cacheRead: null, cacheWrite: null },
    },
    {
      attempt: Math.max(1, grants.length - move.back),
      passed,
      headSha: sha,
      failure: passed === false ? { class: 'test_fail', message: '1 of 9 tests failed' } : null,
    },
  )
}
