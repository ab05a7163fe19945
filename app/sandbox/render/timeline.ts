/** Issue events as REST's `/events` and `/timeline` show them. A timeline has the comments in between. */
import { nodeId } from '../model/ids.ts'
import type { Issue, IssueComment, IssueEvent } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { renderAppId } from './app.ts'
import { renderComment } from './comment.ts'
import { repositoryUrl } from './repository.ts'

export function renderIssueEvent(world: World, repository: Repository, event: IssueEvent) {
  return {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: `${repositoryUrl(world, repository)}/issues/events/${event.id}`,
    actor: renderAccountId(world, event.actorId),
    event: event.event,
    commit_id: null,
    commit_url: null,
    created_at: isoSeconds(event.createdAt),
    performed_via_github_app: renderAppId(world, event.appId),
    ...event.data,
  }
}

export function renderCommented(world: World, repository: Repository, issue: Issue, comment: IssueComment) {
  const rendered = renderComment(world, repository, issue, comment)
  return { event: 'commented', ...rendered, actor: rendered.user }
}
