/**
 * The next task for somebody who names none: the first in the order that they may take, claimed by the ordinary command. Who
 * is overtaken goes on to the next one. A repetition under the same cause gets the same task, whatever is ready by then.
 */
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { agentSettings, unfitFor } from '../domain/schedule/eligible.ts'
import { isStale } from '../domain/schedule/is-stale.ts'
import type { AgentSettings } from '../domain/settings.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import { ASK_AGAIN_MS } from './ask-again.ts'
import { createHandOut } from './hand-out.ts'
import { handleCommand, type Engine, type Handled } from './handle-command.ts'
import { standing } from './outcome.ts'
import { parseTask } from './fold.ts'
import type { Asked, Outcome, Projections } from './ports.ts'

/** `stream` is the project's. */
export type AskedNext = Asked<Omit<TaskCommandOf<'claim-task'>, 'type'>>

/** Safe to call at the same time; claims of one process are given different tasks to try. */
export type ClaimNext = (asked: AskedNext) => Promise<Handled>

/** Who is overtaken so often has met more than a race: let them ask again, when others are through. */
const MOST_TRIES = 32

/** As many tasks may be passed over that are ready, and that this agent may not take: each is decided on by itself. */
const MOST_BARRED = 128

export const createClaimNext = (engine: Engine): ClaimNext => {
  const { log, projections } = engine.store
  const handOut = createHandOut(projections)

  const again = async (outcome: Outcome): Promise<Handled> => {
    const state = outcome.ok ? parseTask((await log.load(outcome.stream)).state) : null
    return { outcome, state, repeated: true, events: [] }
  }

  /** What came of trying this task; `refused`: it is not to be had, and another one may be. */
  const attempt = async (
    { command, actor, cause, fingerprint }: AskedNext,
    stream: StreamId,
    how: { readonly unheld: true } | { readonly steal: true },
  ): Promise<Tried> => {
    const claim = { ...command, ...how, type: 'claim-task' } as const
    const handled = await handleCommand(engine, { stream, command: claim, actor, cause, fingerprint, tentative: true })
    const { outcome, repeated } = handled
    if (outcome.ok) return { handled: outcome.stream === stream ? handled : await again(outcome) }
    return repeated || !isOfTask(outcome.rejection) ? { handled } : { refused: outcome.rejection }
  }

  /** From whoever has been silent the longest, where the project allows it. Null: from nobody. */
  const takeOver = async (asked: AskedNext, agent: AgentSettings): Promise<Handled | null> => {
    const { stream: project, command } = asked
    const { stealAfter } = (await engine.settingsOf(project)).lease
    if (stealAfter === undefined) return null
    const { now } = await log.load(project)
    const silent = (await projections.held(project))
      .filter(({ task, leaseUntil }) => task.lease !== null && isStale(task.lease, leaseUntil, now, stealAfter))
      .filter(({ task: { stream, details, lease } }) => {
        const fits = unfitFor({ stream, requires: details.requires ?? [] }, agent) === null
        return fits && lease?.owner !== command.owner
      })
      .toSorted((a, b) => lastBeat(a) - lastBeat(b))
    for (const { task } of silent.slice(0, MOST_TRIES)) {
      const tried = await attempt(asked, task.stream, { steal: true })
      if ('handled' in tried) return tried.handled
    }
    return null
  }

  const nothingReady = async (asked: AskedNext): Promise<Handled> => {
    const known = await log.findOutcome(asked.cause)
    if (known !== null) return again(standing(known, asked))
    const { ready = 0, waiting = 0, blocked = 0 } = await projections.standing(asked.stream)
    return refused({ code: 'nothing-ready', waiting, blocked, unfit: ready, retryAfterMs: ASK_AGAIN_MS })
  }

  return async (asked) => {
    const { stream: project, command } = asked
    const agent = agentSettings(await engine.settingsOf(project), command.owner)
    const looked = new Set<StreamId>()
    const left = { overtaken: MOST_TRIES, poor: MOST_TRIES, barred: MOST_BARRED }
    let tooDear: Rejection | null = null
    while (Math.min(left.overtaken, left.poor, left.barred) > 0) {
      const suits = (task: Parameters<typeof unfitFor>[0]) => !looked.has(task.stream) && unfitFor(task, agent) === null
      const task = await handOut.next(project, suits)
      if (task === null) break
      looked.add(task.stream)
      try {
        const tried = await attempt(asked, task.stream, { unheld: true })
        if ('handled' in tried) return tried.handled
        left[whyNot(tried.refused)] -= 1
        if (whyNot(tried.refused) === 'poor') tooDear ??= tried.refused
      } finally {
        handOut.done(task)
      }
    }
    const taken = await takeOver(asked, agent)
    return taken ?? (tooDear === null ? nothingReady(asked) : refused(tooDear))
  }
}

type Tried = { readonly handled: Handled } | { readonly refused: Rejection }

/** Somebody was quicker; the money of more than this task is used up; or this task alone is not for this agent. */
const whyNot = (rejection: Rejection): 'overtaken' | 'poor' | 'barred' => {
  switch (rejection.code) {
    case 'already-claimed':
    case 'blocked':
    case 'waits':
    case 'wrong-status':
      return 'overtaken'
    case 'budget-exceeded':
      return rejection.scope === 'task' ? 'barred' : 'poor'
    default:
      return 'barred'
  }
}

const lastBeat = ({ task, leaseUntil }: Awaited<ReturnType<Projections['held']>>[number]): Millis =>
  (leaseUntil ?? 0) - (task.lease?.ttlMs ?? 0)

/** What stands in the way of one task names it; what stands in the way of all of them does not. */
const isOfTask = (rejection: Rejection): boolean => 'key' in rejection

const refused = (rejection: Rejection): Handled => ({
  outcome: { ok: false, rejection },
  state: null,
  repeated: false,
  events: [],
})
