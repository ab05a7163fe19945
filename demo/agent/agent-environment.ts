/** What the agent's process is given, read once. Nothing else reaches it: no bug, no fix, no seed. */
export interface AgentEnvironment {
  /** The App's address, without a slash at the end. */
  readonly musterUrl: string
  readonly agentKey: string
  /** `DEV-12`. */
  readonly task: string
  /** Agent's own GitHub token, for the pull request. */
  readonly githubToken: string
  readonly apiUrl: string
  /** `owner/name`. */
  readonly repository: string
  readonly runId: string
  readonly runAttempt: string
  /** The clone that the job checked out. */
  readonly workspace: string
  /** Where GITHUB_OUTPUT lines go. */
  readonly outputFile: string
}

export function readAgentEnvironment(env: Readonly<Record<string, string | undefined>>): AgentEnvironment {
  const required = (name: string): string => {
    const value = env[name]
    if (value === undefined || value === '')
      throw new Error(`${name} is not set: the agent's step in the workflow sets it`)
    return value
  }
  return {
    musterUrl: required('MUSTER_URL').replace(/\/+$/, ''),
    agentKey: required('MUSTER_AGENT_KEY'),
    task: required('MUSTER_TASK'),
    githubToken: required('GH_TOKEN'),
    apiUrl: required('GITHUB_API_URL'),
    repository: required('GITHUB_REPOSITORY'),
    runId: required('GITHUB_RUN_ID'),
    runAttempt: required('GITHUB_RUN_ATTEMPT'),
    workspace: required('GITHUB_WORKSPACE'),
    outputFile: required('GITHUB_OUTPUT'),
  }
}
