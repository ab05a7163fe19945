/**
 * The next task for somebody who names none: the first in the order that they may take, claimed by the ordinary command. Who
 * is overtaken goes on to the next one. A repetition under the same cause gets the same task, whatever is ready by then.
 */
import type { StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { agentSettings, unfitFor } from '../domain/schedule/eligible.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import { ASK_AGAIN_MS } from './ask-again.ts'
import { createHandOut } from './hand-out.ts'
import { handleCommand, type Engine, type Handled } from './handle-command.ts'
import { standing } from './outcome.ts'
import { parseTask } from './fold.ts'
import type { Asked, Outcome } from './ports.ts'

/** `stream` is the project's. */
export type AskedNext = Asked<Omit<TaskCommandOf<'claim-task'>, 'type'>>

/** Safe to call at the same time; claims of one process are given different tasks to try. */
export type ClaimNext = (asked: AskedNext) => Promise<Handled>

/** Who is overtaken so often has met more than a race: let them ask again, when others are through. */
const MOST_TRIES = 32

export const createClaimNext = (engine: Engine): ClaimNext => {
  const { log, projections } = engine.store
  const handOut = createHandOut(projections)

  const again = async (outcome: Outcome): Promise<Handled> => {
    const state = outcome.ok ? parseTask((await log.load(outcome.stream)).state) : null
    return { outcome, state, repeated: true, events: [] }
  }

  const nothingReady = async (asked: AskedNext): Promise<Handled> => {
    const known = await log.findOutcome(asked.cause)
    if (known !== null) return again(standing(known, asked))
    const { ready = 0, waiting = 0, blocked = 0 } = await projections.standing(asked.stream)
    return refused({ code: 'nothing-ready', waiting, blocked, unfit: ready, retryAfterMs: ASK_AGAIN_MS })
  }

  return async (asked) => {
    const { stream: project, command, actor, cause, fingerprint } = asked
    const agent = agentSettings(await engine.settingsOf(project), command.owner)
    const tried = new Set<StreamId>()
    while (tried.size < MOST_TRIES) {
      const suits = (task: Parameters<typeof unfitFor>[0]) => !tried.has(task.stream) && unfitFor(task, agent) === null
      const task = await handOut.next(project, suits)
      if (task === null) break
      const { stream } = task
      tried.add(stream)
      try {
        const claim = { ...command, type: 'claim-task', unheld: true } as const
        const handled = await handleCommand(engine, {
          stream,
          command: claim,
          actor,
          cause,
          fingerprint,
          tentative: true,
        })
        const { outcome } = handled
        if (outcome.ok) return outcome.stream === stream ? handled : await again(outcome)
        if (handled.repeated || !isOfTask(outcome.rejection)) return handled
      } finally {
        handOut.done(task)
      }
    }
    return nothingReady(asked)
  }
}

/** What stands in the way of one task names it; what stands in the way of all of them does not. */
const isOfTask = (rejection: Rejection): boolean => 'key' in rejection

const refused = (rejection: Rejection): Handled => ({
  outcome: { ok: false, rejection },
  state: null,
  repeated: false,
  events: [],
})
