/** A project that comes into a workspace takes on the kills that are on there. Looked up inside the loop, under the workspace's guard. */
import type { ProjectCommand } from '../domain/project/project.ts'
import { parseProject } from './fold.ts'
import type { Prepared } from './prepare.ts'
import type { LoadedStream, Store } from './ports.ts'
import { workspaceGuard } from './workspace-kills.ts'

export const prepareOpening = async (
  { log, projections }: Pick<Store, 'log' | 'projections'>,
  command: ProjectCommand & { readonly type: 'open-project' },
  { state }: LoadedStream,
): Promise<Prepared> => {
  const { installationId } = command
  if (parseProject(state)?.installationId === installationId) return { command, guards: [] }
  const name = workspaceGuard(installationId)
  // The version is read before the projects: a kill in between makes the append fail, never pass.
  const expectedVersion = await log.guardVersion(name)
  const siblings = (await projections.projects()).filter((project) => project.installationId === installationId)
  const kills = siblings.flatMap((project) => project.kills ?? []).filter(({ scope }) => scope === 'workspace')
  return { command: { ...command, inherited: kills.slice(-1) }, guards: [{ name, expectedVersion }] }
}
