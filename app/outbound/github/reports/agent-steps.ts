/** Whether a job of a workflow file has steps of an agent: then what it reports could be the agent's own word. Pure. */

/** Actions that run an agent. */
const AGENT_ACTIONS =
  /^(?:anthropics\/claude-code(?:-base)?-action|openai\/codex-action|google-github-actions\/run-gemini-cli|sst\/opencode(?:\/github)?|anomalyco\/opencode(?:\/github)?|block\/goose-action|augmentcode\/[\w-]+|cursor\/[\w-]+)(?:@|\/|$)/i

/** Agents' own programs, where a shell would look for a command. */
const AGENT_PROGRAMS =
  /(?:^|[\s;&|("'`/])(?:claude|codex|gemini|aider|opencode|copilot|cursor-agent|goose|amp|qwen|crush)(?=\s|$)/m

/** Names of what only an agent needs: a key to act on tasks, or a key to a model. */
const AGENT_KEYS =
  /\b(?:MUSTER_AGENT_KEY|ANTHROPIC_[A-Z_]*(?:KEY|TOKEN)|CLAUDE_CODE_[A-Z_]*TOKEN|OPENAI_API_KEY|CODEX_API_KEY|GEMINI_API_KEY|GOOGLE_API_KEY|OPENROUTER_API_KEY|MISTRAL_API_KEY|DEEPSEEK_API_KEY|XAI_API_KEY)\b/

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `surroundings`: what holds for every job of the file, such as its `env`. A job that calls another workflow is not looked into: it counts as having them. */
export const hasAgentSteps = (job: unknown, surroundings: unknown): boolean => {
  if (!isRecord(job) || typeof job['uses'] === 'string') return true
  if (AGENT_KEYS.test(JSON.stringify([job, surroundings]))) return true
  const steps = Array.isArray(job['steps']) ? job['steps'] : []
  return steps.some((step: unknown) => {
    if (!isRecord(step)) return false
    const { uses, run } = step
    return (
      (typeof uses === 'string' && AGENT_ACTIONS.test(uses)) || (typeof run === 'string' && AGENT_PROGRAMS.test(run))
    )
  })
}
