/** Agent keys: random, shown once, stored as SHA-256 only. A key stands for one agent in one project. */
import { createHash, randomBytes } from 'node:crypto'
import type { StreamId } from '../../domain/event/envelope.ts'
import type { AgentKeys } from '../../engine/ports.ts'

const PREFIX = 'muster_agent_'
/** 256 bits: nothing to guess, so a plain digest is enough. */
const BYTES = 32
const FORM = /^muster_agent_[\w-]{43}$/

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')

/** The key itself; it cannot be shown again. */
export const issueAgentKey = async (keys: AgentKeys, agent: string, project: StreamId): Promise<string> => {
  const key = PREFIX + randomBytes(BYTES).toString('base64url')
  await keys.add({ hash: digest(key), agent, project })
  return key
}

/** Who the key stands for, or null. */
export const findAgentKey = async (
  keys: AgentKeys,
  authorization: string | undefined,
): Promise<{ readonly agent: string; readonly project: StreamId } | null> => {
  const key = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return FORM.test(key) ? keys.find(digest(key)) : null
}
