/** Who sends a request: the agent of a key, in the one project that the key is for. Nothing is read of the request but its headers. */
import type { Project } from '../../domain/project/project.ts'
import type { Store } from '../../engine/ports.ts'
import { findAgentKey } from './agent-key.ts'
import { refuse } from './refuse.ts'

export interface Caller {
  readonly agent: string
  readonly project: Project
}

export const whoCalls = async (
  { projections, agentKeys }: Pick<Store, 'projections' | 'agentKeys'>,
  authorization: string | undefined,
): Promise<Caller | Response> => {
  const key = await findAgentKey(agentKeys, authorization)
  if (key === null) {
    const next =
      'Send the header "Authorization: Bearer <agent key>"; `npm run -s agent-key -- --agent ID --project owner/repo` prints a key.'
    return refuse(401, 'bad-key', 'The agent key is missing, unknown or revoked.', next)
  }
  const project = await projections.project(key.project)
  if (project === null) {
    const next = 'Have a person comment `/task` on an issue of that repository, then ask again.'
    return refuse(404, 'unknown-project', 'The project of this key has no task yet.', next)
  }
  return { agent: key.agent, project }
}

/** The header's draft standard has it in double quotes; most clients send it bare. */
const IDEMPOTENCY_KEY = /^("?)([\w.:/+=-]{1,200})\1$/

/** Null: there is none that could be kept. */
export const idempotencyKeyIn = (header: string | undefined): string | null =>
  IDEMPOTENCY_KEY.exec(header ?? '')?.[2] ?? null
