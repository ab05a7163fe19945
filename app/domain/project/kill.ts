/**
 * The kill switch: of one agent, of a project, of all projects of a workspace. While one is on, nothing is claimed that it
 * covers; who is at work already is told to stop. Only a person lifts it. Deciding is in project.ts.
 */
import type { Actor } from '../actor.ts'
import type { Millis } from '../event/envelope.ts'

export const KILL_SCOPES = ['agent', 'project', 'workspace'] as const
export type KillScope = (typeof KILL_SCOPES)[number]

/** What a kill covers. `agent` is null unless the scope is one. */
export interface KillTarget {
  readonly scope: KillScope
  readonly agent: string | null
}

export interface Kill extends KillTarget {
  readonly reason: string
  /** Login. */
  readonly by: string
  readonly at: Millis
}

/** Agents are stopped however their name is spelled. */
const sameName = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase()

export const sameTarget = (a: KillTarget, b: KillTarget): boolean => a.scope === b.scope && sameName(a.agent, b.agent)

export const withKill = (kills: readonly Kill[] = [], kill: Kill): readonly Kill[] => [
  ...kills.filter((other) => !sameTarget(other, kill)),
  kill,
]

export const withoutKill = (kills: readonly Kill[] = [], target: KillTarget): readonly Kill[] =>
  kills.filter((kill) => !sameTarget(kill, target))

/** The widest kill that stops work of the owner, or of whoever asks in its name; null when none does. */
export const killOf = (kills: readonly Kill[] = [], owner: string, actor: Actor): Kill | null =>
  KILL_SCOPES.toReversed()
    .flatMap((scope) => kills.filter((kill) => kill.scope === scope))
    .find(({ scope, agent }) => scope !== 'agent' || sameName(agent, owner) || sameName(agent, actor.id)) ?? null
