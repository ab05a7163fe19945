/** What policy is told of an agent and of what it wants: from the task, the configuration and the question itself. */
import type { Millis } from '../event/envelope.ts'
import type { AgentSettings } from '../settings.ts'
import type { Task } from '../task/state.ts'
import type { PolicyFacts } from './evaluate.ts'
import { plainPath } from './plain-path.ts'
import type { PolicyVerb } from './rule.ts'

export interface Question {
  readonly verb: PolicyVerb
  readonly agent: string
  readonly tool?: string | null
  readonly path?: string | null
}

const listOf = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined ? [] : [value]

/** `task` null: asked of the project as a whole. An agent that the configuration does not list is not trusted by name: `unlisted`. */
export const factsOf = (
  { verb, agent, tool, path }: Question,
  task: Task | null,
  agents: readonly AgentSettings[],
  at: Millis,
): PolicyFacts => {
  const listed = agents.find(({ id }) => id === agent)
  const { tags = [], routing = [], tier, parent } = task?.details ?? {}
  return {
    agent: [agent],
    capability: listed?.capabilities ?? [],
    trust: [listed === undefined ? 'unlisted' : (listed.trust ?? 'trusted')],
    verb: [verb],
    tag: [...tags, ...routing],
    tier: listOf(tier),
    priority: listOf(task?.priority),
    parent: listOf(parent?.key),
    path: listOf(path).map(plainPath),
    tool: listOf(tool),
    at,
  }
}
