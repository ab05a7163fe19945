/** The addresses of one issue or pull request. */
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'
import { repositoryHtml, repositoryUrl } from './repository.ts'

export function issueUrl(world: World, repository: Repository, issue: Issue): string {
  return `${repositoryUrl(world, repository)}/issues/${issue.number}`
}

export function issueHtml(world: World, repository: Repository, issue: Issue): string {
  return `${repositoryHtml(world, repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
}
