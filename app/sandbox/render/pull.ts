/** Pull requests and reviews as REST and webhooks show them. */
import type { Schema } from '../http/description-types.ts'
import { checkRunsOf } from '../model/check.ts'
import { nodeId } from '../model/ids.ts'
import type { Issue } from '../model/issue.ts'
import type { Pull, Review } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds, isoSecondsOrNull } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'
import { authorAssociation } from './association.ts'
import { issueHtml, issueUrl } from './issue-address.ts'
import { renderIssue } from './issue.ts'
import { renderRepository, repositoryUrl } from './repository.ts'

export function issueOfPull(world: World, pull: Pull): Issue {
  const issue = world.state.issues.get(pull.issueId)
  if (!issue) throw new Error(`pull request ${pull.id} has no issue`)
  return issue
}

export function repositoryOfPull(world: World, pull: Pull): Repository {
  const repository = world.state.repositories.get(pull.repositoryId)
  if (!repository) throw new Error(`pull request ${pull.id} has no repository`)
  return repository
}

function renderEnd(world: World, ownerId: number, ref: string, sha: string, repository: Repository | undefined) {
  const user = renderAccountId(world, ownerId)
  return {
    label: `${user.login}:${ref}`,
    ref,
    sha,
    user,
    repo: repository && renderRepository(world, repository),
  }
}

function links(world: World, repository: Repository, pull: Pull, issue: Issue) {
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`
  return {
    self: { href: url },
    html: { href: issueHtml(world, repository, issue) },
    issue: { href: issueUrl(world, repository, issue) },
    comments: { href: `${issueUrl(world, repository, issue)}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${repositoryUrl(world, repository)}/pulls/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: `${repositoryUrl(world, repository)}/statuses/${pull.headSha}` },
  }
}

/** As lists show it. */
export function renderPullSimple(world: World, pull: Pull) {
  const repository = repositoryOfPull(world, pull)
  const issue = issueOfPull(world, pull)
  const rendered = renderIssue(world, repository, issue)
  const address = links(world, repository, pull, issue)
  const html = address.html.href
  const head = pull.headRepositoryId === null ? undefined : world.state.repositories.get(pull.headRepositoryId)
  return {
    url: address.self.href,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: address.issue.href,
    commits_url: address.commits.href,
    review_comments_url: address.review_comments.href,
    review_comment_url: address.review_comment.href,
    comments_url: address.comments.href,
    statuses_url: address.statuses.href,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    title: issue.title,
    user: rendered.user,
    body: issue.body,
    // The description says that a label here always has a text; GitHub itself sends null where there is none.
    labels: rendered.labels as ((typeof rendered.labels)[number] & { description: string })[],
    milestone: rendered.milestone,
    created_at: rendered.created_at,
    updated_at: rendered.updated_at,
    closed_at: rendered.closed_at,
    merged_at: isoSecondsOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: rendered.assignee,
    assignees: rendered.assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) => renderAccountId(world, id)),
    requested_teams: [],
    // A deleted fork is null here, which the description does not foresee.
    head: renderEnd(world, pull.headOwnerId, pull.headRef, pull.headSha, head) as {
      repo: ReturnType<typeof renderRepository>
    } & ReturnType<typeof renderEnd>,
    base: {
      ...renderEnd(world, repository.ownerId, pull.baseRef, pull.baseSha, repository),
      repo: renderRepository(world, repository),
    },
    _links: address,
    author_association: authorAssociation(world, repository, issue.authorId),
    auto_merge: null,
    draft: issue.pull?.draft ?? false,
  } satisfies Schema<'pull-request-simple'>
}

function mergeableState(world: World, pull: Pull, issue: Issue): string {
  if (pull.merged || !pull.mergeableAsked) return 'unknown'
  if (!pull.mergeable) return 'dirty'
  if (issue.pull?.draft) return 'draft'
  const runs = checkRunsOf(world.state).where(
    (one) => one.repositoryId === pull.repositoryId && one.headSha === pull.headSha,
  )
  const fine = runs.every((one) => ['success', 'neutral', 'skipped'].includes(one.conclusion ?? ''))
  return fine ? 'clean' : 'unstable'
}

/** As one pull request is shown. `mergeable` is null until GitHub has worked it out after a push. */
export function renderPull(world: World, pull: Pull) {
  const issue = issueOfPull(world, pull)
  const simple = renderPullSimple(world, pull)
  const known = pull.mergeableAsked && !pull.merged
  return {
    ...simple,
    state: issue.state,
    merged: pull.merged,
    mergeable: known ? pull.mergeable : null,
    rebaseable: known ? pull.mergeable : null,
    mergeable_state: mergeableState(world, pull, issue),
    merged_by: pull.mergedById === null ? null : renderAccountId(world, pull.mergedById),
    comments: world.state.comments.where((one) => one.issueId === issue.id).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: pull.commits,
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
  } satisfies Schema<'pull-request'>
}

export function renderReview(world: World, pull: Pull, review: Review) {
  const repository = repositoryOfPull(world, pull)
  const html = `${issueHtml(world, repository, issueOfPull(world, pull))}#pullrequestreview-${review.id}`
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: renderAccountId(world, review.userId),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: authorAssociation(world, repository, review.userId),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.submittedAt !== null && { submitted_at: isoSeconds(review.submittedAt) }),
    commit_id: review.commitSha,
  } satisfies Schema<'pull-request-review'>
}
