/** An issue (or the issue side of a pull request) as REST and webhooks show it. */
import type { Schema, WebhookSchema } from '../http/description-types.ts'
import { nodeId } from '../model/ids.ts'
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { renderAppId } from './app.ts'
import { authorAssociation } from './association.ts'
import { renderComment } from './comment.ts'
import { issueHtml, issueUrl } from './issue-address.ts'
import { renderLabel, renderMilestone } from './label.ts'
import { renderReactions } from './reaction.ts'
import { repositoryHtml, repositoryUrl } from './repository.ts'

export function issueNodeId(issue: Issue): string {
  return issue.pull ? nodeId('PullRequest', issue.pull.id) : nodeId('Issue', issue.id)
}

export function renderIssue(world: World, repository: Repository, issue: Issue) {
  const { state } = world
  const url = issueUrl(world, repository, issue)
  const assignees = issue.assigneeIds.map((id) => renderAccountId(world, id))
  const milestone = issue.milestoneId === null ? undefined : state.milestones.get(issue.milestoneId)
  const pinned = state.comments.find((one) => one.issueId === issue.id && one.pin !== null)
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issueHtml(world, repository, issue),
    id: issue.id,
    node_id: issueNodeId(issue),
    number: issue.number,
    title: issue.title,
    user: renderAccountId(world, issue.authorId),
    labels: labelsOf(world, issue).map((label) => renderLabel(world, repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: milestone ? renderMilestone(world, repository, milestone) : null,
    comments: state.comments.where((one) => one.issueId === issue.id).length,
    created_at: isoSeconds(issue.createdAt),
    updated_at: isoSeconds(issue.updatedAt),
    closed_at: isoSecondsOrNull(issue.closedAt),
    closed_by: issue.closedById === null ? null : renderAccountId(world, issue.closedById),
    author_association: authorAssociation(world, repository, issue.authorId),
    body: issue.body,
    reactions: renderReactions(world, { kind: 'issue', id: issue.id }, url),
    performed_via_github_app: renderAppId(world, issue.appId),
    ...(issue.pull && { draft: issue.pull.draft, pull_request: pullAddresses(world, repository, issue) }),
    ...(!issue.pull && { ...summaries(world, issue), ...parentUrl(world, issue) }),
    pinned_comment: pinned ? renderComment(world, repository, issue, pinned) : null,
  } satisfies Schema<'issue'>
}

/** What a webhook carries is the same, with its own type. */
export function renderIssuePayload(world: World, repository: Repository, issue: Issue) {
  return renderIssue(world, repository, issue) as unknown as WebhookSchema<'webhooks_issue'>
}

export function labelsOf(world: World, issue: Issue) {
  return issue.labelIds.map((id) => world.state.labels.get(id)).filter((label) => label !== undefined)
}

export function repositoryOfIssue(world: World, issue: Issue): Repository {
  const repository = world.state.repositories.get(issue.repositoryId)
  if (!repository) throw new Error(`issue ${issue.id} has no repository`)
  return repository
}

function pullAddresses(world: World, repository: Repository, issue: Issue) {
  const html = `${repositoryHtml(world, repository)}/pull/${issue.number}`
  return {
    url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: isoSecondsOrNull(issue.pull?.mergedAt ?? null),
  }
}

function summaries(world: World, issue: Issue) {
  const { issues } = world.state
  const subs = issue.subIssueIds.map((id) => issues.get(id)).filter((one) => one !== undefined)
  const blockers = issue.blockedByIds.map((id) => issues.get(id)).filter((one) => one !== undefined)
  const blocking = issues.where((one) => one.blockedByIds.includes(issue.id))
  const completed = subs.filter((one) => one.state === 'closed').length
  return {
    sub_issues_summary: {
      total: subs.length,
      completed,
      percent_completed: subs.length === 0 ? 0 : Math.floor((completed / subs.length) * 100),
    },
    issue_dependencies_summary: {
      blocked_by: blockers.filter((one) => one.state === 'open').length,
      total_blocked_by: blockers.length,
      blocking: issue.state === 'open' ? blocking.length : 0,
      total_blocking: blocking.length,
    },
  }
}

function parentUrl(world: World, issue: Issue) {
  const parent = issue.parentId === null ? undefined : world.state.issues.get(issue.parentId)
  return { parent_issue_url: parent ? issueUrl(world, repositoryOfIssue(world, parent), parent) : null }
}
