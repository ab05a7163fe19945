/**
 * Where an issue is now, and which repository a name means: read by following GitHub's redirects, which it keeps for what was
 * transferred or renamed.
 */
import type { GitHub, InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'

interface Asked {
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
}

/** `there`: it was transferred. `gone`: deleted, or where we may not look. */
export type IssueSeen =
  | { readonly is: 'here' | 'gone' }
  | { readonly is: 'there'; readonly repository: string; readonly repositoryId: number; readonly number: number }

export const whereIssueIs = async (
  client: InstallationClient,
  { repository, repositoryId }: Asked,
  number: number,
): Promise<IssueSeen> => {
  const issue = await orNull(client.rest.issues.get({ ...split(repository), issue_number: number }))
  if (issue === null) return { is: 'gone' }
  const name = issue.data.repository_url.split('/').slice(-2).join('/')
  if (issue.data.number === number && name.toLowerCase() === repository.toLowerCase()) return { is: 'here' }
  // Another name may be the same repository, renamed.
  const there = await orNull(client.rest.repos.get(split(name)))
  if (there === null) return { is: 'gone' }
  const { id, full_name: fullName } = there.data
  if (id === repositoryId && issue.data.number === number) return { is: 'here' }
  return { is: 'there', repository: fullName, repositoryId: id, number: issue.data.number }
}

/** Null where our App is not installed. A former name is as good. */
export const installedAt = async (github: GitHub, repository: string) => {
  const installation = await orNull(github.asApp('GET /repos/{owner}/{repo}/installation', split(repository)))
  if (installation === null) return null
  const client = github.installation(installation.data.id, 'command')
  const found = await orNull(client.rest.repos.get(split(repository)))
  if (found === null) return null
  const { id, node_id: nodeId, full_name: fullName } = found.data
  return {
    installationId: installation.data.id,
    repository: fullName,
    repositoryId: id,
    repositoryNodeId: nodeId,
    owner: fullName.slice(0, fullName.indexOf('/')),
  }
}

/** Whether the issue that once stood there is this one, by its database id. */
export const redirectsTo = async (
  { request }: InstallationClient,
  { repositoryId: id, issueNumber: number }: { readonly repositoryId: number; readonly issueNumber: number },
  issueId: number,
): Promise<boolean> => {
  const found = await orNull(request('GET /repositories/{id}/issues/{number}', { id, number }))
  return found !== null && (found.data as { readonly id: number }).id === issueId
}

export interface RepositoryById {
  readonly installationId: number
  readonly repositoryId: number
}

/** Under whatever name, and whichever account's it is: ids stay. Null when it is gone, or where our App is not. */
export const repositoryNow = async (github: GitHub, { installationId, repositoryId }: RepositoryById) => {
  const { request } = github.installation(installationId, 'command')
  const found = await orNull(request('GET /repositories/{id}', { id: repositoryId }))
  const name = found === null ? null : (found.data as { readonly full_name: string }).full_name
  return name === null ? null : installedAt(github, name)
}

const split = (repository: string): { readonly owner: string; readonly repo: string } => {
  const [owner = '', repo = ''] = repository.split('/')
  return { owner, repo }
}

const orNull = async <T>(request: Promise<T>): Promise<T | null> => {
  try {
    return await request
  } catch (error) {
    if (isGitHubFault(error, 'not-found')) return null
    throw error
  }
}
