/**
 * Whether an agent may take a task: by what the task asks for, and by how far the agent is trusted. Who is not listed has no
 * capabilities and is trusted. Knows no limits on how much somebody works on at once; see engine/caps.ts.
 */
import type { StreamId } from '../event/envelope.ts'
import type { AgentSettings, Settings } from '../settings.ts'
import { shareOf } from './share-of.ts'

/** Why not: what it needs is missing, or a canary's share does not include it. */
export type Unfit = { readonly lacks: readonly string[] } | { readonly outside: 'share' }

/** Of all tasks, for an agent that is on trial and has no share of its own. */
export const CANARY_SHARE = 0.1

export const agentSettings = ({ agents }: Settings, id: string): AgentSettings =>
  agents.find((agent) => agent.id === id) ?? { id, capabilities: [] }

/** Null: it may. */
export const unfitFor = (
  task: { readonly stream: StreamId; readonly requires: readonly string[] },
  agent: AgentSettings,
): Unfit | null => {
  const lacks = task.requires.filter((wanted) => !agent.capabilities.includes(wanted))
  if (lacks.length > 0) return { lacks }
  const isInShare = agent.trust !== 'canary' || shareOf(agent.id, task.stream) < (agent.share ?? CANARY_SHARE)
  return isInShare ? null : { outside: 'share' }
}
