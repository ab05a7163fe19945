/**
 * When a task of the most urgent priority becomes ready and its project works on as much as it may, one holder of less urgent
 * work is asked to give it back. Once each time it becomes ready, so that work nobody takes does not end all other work.
 */
import { MUSTER } from '../domain/actor.ts'
import { whomToPreempt } from '../domain/schedule/whom-to-preempt.ts'
import { isUrgent } from '../domain/schedule/is-urgent.ts'
import type { EffectPayload } from './effects.ts'
import { handleCommand, type Engine } from './handle-command.ts'

export const makeRoom = async (engine: Engine, { stream, version }: EffectPayload['make-room']): Promise<void> => {
  const { projections } = engine.store
  const urgent = (await projections.task(stream))?.task ?? null
  if (urgent === null || !isUrgent(urgent)) return
  const most = (await engine.settingsOf(urgent.project)).wip?.project
  const held = await projections.held(urgent.project)
  if (most === undefined || held.length < most) return
  for (const { stream: victim, lease } of whomToPreempt(
    urgent,
    held.map(({ task }) => task),
  )) {
    if (lease === null) continue
    const { events } = await handleCommand(engine, {
      stream: victim,
      command: { type: 'ask-preemption', by: urgent.key, fence: lease.fence },
      actor: MUSTER,
      cause: `preempt:${victim}:${stream}:${version}`,
    })
    if (events.length > 0) return
  }
}
