/** How many tasks may be worked on at once when a claim comes through: by one agent, in the project, in its workspace. */
import type { Actor } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Rejection } from '../domain/rejection.ts'
import { agentSettings } from '../domain/schedule/eligible.ts'
import type { Settings } from '../domain/settings.ts'
import type { Task } from '../domain/task/state.ts'
import { ASK_AGAIN_MS } from './ask-again.ts'
import type { Cap, Projections } from './ports.ts'

/** Only a lease that its owner did not have before counts; a person who works for themselves is not an agent. */
export const capsOn = async (
  before: Task | null,
  after: Task | null,
  actor: Actor,
  { wip = {}, ...settings }: Settings,
  projections: Pick<Projections, 'project' | 'projects'>,
): Promise<readonly Cap[]> => {
  const lease = after?.lease ?? null
  if (after === null || lease === null || before?.lease?.owner === lease.owner) return []
  const { project } = after
  const name = `wip:${project}`
  const caps: Cap[] = []
  const agentMost = agentSettings(settings, lease.owner).wip ?? wip.agent
  const isSelf = actor.kind === 'user' && actor.id === lease.owner
  if (agentMost !== undefined && !isSelf) {
    caps.push({ of: 'agent', name, projects: [project], owner: lease.owner, most: agentMost })
  }
  if (wip.project !== undefined) caps.push({ of: 'project', name, projects: [project], owner: null, most: wip.project })
  if (wip.workspace !== undefined) {
    const workspace = await workspaceOf(project, projections)
    const projects = workspace.projects
    caps.push({ of: 'workspace', name: `wip:${workspace.id}`, projects, owner: null, most: wip.workspace })
  }
  return caps
}

/** The projects of the same installation. */
const workspaceOf = async (project: StreamId, projections: Pick<Projections, 'project' | 'projects'>) => {
  const installationId = (await projections.project(project))?.installationId ?? 0
  const all = await projections.projects()
  const projects = all.filter((one) => one.installationId === installationId).map(({ stream }) => stream)
  return { id: `workspace/${installationId}`, projects }
}

export const pastCap = ({ of, owner, most }: Cap): Rejection => ({
  code: 'wip-limit',
  of,
  agent: owner,
  most,
  retryAfterMs: ASK_AGAIN_MS,
})
