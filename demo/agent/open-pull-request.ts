/** Opens the pull request of a task's branch through GitHub's API; one that is open already stays as it is. */
import type { AgentEnvironment } from './agent-environment.ts'

export interface PullText {
  readonly branch: string
  readonly title: string
  readonly body: string
}

/** GitHub's answer when a pull request for the branch is open already. */
const EXISTS = 422

export async function openPullRequest(env: AgentEnvironment, text: PullText): Promise<string> {
  const { branch, title, body } = text
  const response = await fetch(`${env.apiUrl}/repos/${env.repository}/pulls`, {
    method: 'POST',
    headers: {
      authorization: `token ${env.githubToken}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'user-agent': 'scripted-agent',
      'x-github-api-version': '2022-11-28',
    },
    body: JSON.stringify({ title, body, head: branch, base: 'main' }),
  })
  const answer = (await response.json()) as { readonly html_url?: string; readonly message?: string }
  if (response.ok && answer.html_url !== undefined) return answer.html_url
  if (response.status === EXISTS) return `the open pull request of ${branch}`
  throw new Error(`GitHub did not open the pull request: ${response.status} ${answer.message ?? ''}`)
}
