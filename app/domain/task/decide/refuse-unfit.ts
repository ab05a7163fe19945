/** The refusal of a claim by who lacks what the task needs, or is on trial and was not given this one. */
import type { Actor } from '../../actor.ts'
import type { Rejection } from '../../rejection.ts'
import { agentSettings, unfitFor } from '../../schedule/eligible.ts'
import type { Settings } from '../../settings.ts'
import type { Task } from '../state.ts'

/** A person works for themselves as they see fit, and may give a task to an agent on trial. */
export const refuseUnfit = (task: Task, owner: string, actor: Actor, settings: Settings): Rejection | null => {
  const { key, stream, details } = task
  if (actor.kind === 'user' && actor.id === owner) return null
  const unfit = unfitFor({ stream, requires: details.requires ?? [] }, agentSettings(settings, owner))
  if (unfit === null) return null
  if ('lacks' in unfit) return { code: 'lacks-capabilities', key, agent: owner, lacks: unfit.lacks }
  return actor.kind === 'user' ? null : { code: 'outside-share', key, agent: owner }
}
