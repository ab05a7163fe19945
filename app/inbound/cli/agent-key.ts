/** `npm run agent-key -- --agent ID --project owner/repo`: makes a key for an agent and shows it this once; `--revoke` forgets its keys. */
import type { StreamId } from '../../domain/event/envelope.ts'
import type { AgentKeys, Projections } from '../../engine/ports.ts'
import { issueAgentKey } from '../http/agent-key.ts'
import { counted, type CliResult } from './result.ts'

const USAGE = 'Say for whom and where: npm run -s agent-key -- --agent claude --project owner/repo'
const AGENT = /^[A-Za-z0-9][\w.-]{0,63}$/

export const agentKeyCommand = async (
  deps: {
    readonly projections: Pick<Projections, 'projectByRepository'>
    readonly agentKeys: AgentKeys
    /** For a repository that has no project yet. Throws when the App is not installed there. */
    readonly findProject: (repository: string) => Promise<StreamId>
  },
  {
    agent,
    project: repository,
    revoke,
  }: { readonly agent: string | null; readonly project: string | null; readonly revoke: boolean },
): Promise<CliResult> => {
  if (agent === null || !AGENT.test(agent) || repository === null || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    return { exitCode: 1, lines: [USAGE], json: { error: USAGE } }
  }
  const known = await deps.projections.projectByRepository(repository)
  const project = known?.stream ?? (await deps.findProject(repository))
  if (revoke) {
    const revoked = await deps.agentKeys.revoke(agent, project)
    if (revoked === 0) {
      const error = `${agent} has no key for ${repository}, so nothing was revoked: check the agent's id.`
      return { exitCode: 1, lines: [error], json: { error, revoked, agent } }
    }
    return { exitCode: 0, lines: [`${counted(revoked, 'key')} of ${agent} revoked.`], json: { revoked, agent } }
  }
  const key = await issueAgentKey(deps.agentKeys, agent, project)
  return { exitCode: 0, lines: [key], json: { key, agent, project: known?.repository ?? repository } }
}
