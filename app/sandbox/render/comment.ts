/** An issue comment as REST and webhooks show it. */
import type { Schema, WebhookSchema } from '../http/description-types.ts'
import { nodeId } from '../model/ids.ts'
import type { Issue, IssueComment } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { renderAppId } from './app.ts'
import { authorAssociation } from './association.ts'
import { issueHtml, issueUrl } from './issue-address.ts'
import { renderReactions } from './reaction.ts'
import { repositoryUrl } from './repository.ts'

export function renderComment(world: World, repository: Repository, issue: Issue, comment: IssueComment) {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${issueHtml(world, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, repository, issue),
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: renderAccountId(world, comment.authorId),
    created_at: isoSeconds(comment.createdAt),
    updated_at: isoSeconds(comment.updatedAt),
    author_association: authorAssociation(world, repository, comment.authorId),
    body: comment.body,
    reactions: renderReactions(world, { kind: 'comment', id: comment.id }, url),
    performed_via_github_app: renderAppId(world, comment.appId),
    pin: comment.pin && {
      pinned_at: isoSeconds(comment.pin.at),
      pinned_by: renderAccountId(world, comment.pin.byId),
    },
    minimized: comment.minimized === null ? null : { reason: comment.minimized },
  } satisfies Schema<'issue-comment'>
}

/** What a webhook carries is the same, with its own type. */
export function renderCommentPayload(world: World, repository: Repository, issue: Issue, comment: IssueComment) {
  return renderComment(world, repository, issue, comment) as unknown as WebhookSchema<'webhooks_issue_comment'>
}
