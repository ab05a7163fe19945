/** Which Probot event goes to which handler, and what of its payload the handler sees. */
import type { Probot } from 'probot'
import type { Actor } from '../../domain/actor.ts'
import { projectStream } from '../../domain/event/envelope.ts'
import { followAccount, followRepository } from '../follow-repository.ts'
import { carrying } from './dispatch.ts'
import { onClick } from './handlers/check-run.ts'
import { carriesRecord, onForeignRecord } from './handlers/foreign-record.ts'
import { onComment, type CommentDeps } from './handlers/issue-comment.ts'
import { isTaskLabel, onTaskLabel, onTitle, onTouched, type IssueChange } from './handlers/issues.ts'
import { onPullRequest } from './handlers/pull-request.ts'
import { onRelation } from './handlers/relations.ts'
import { onPush } from './handlers/push.ts'
import { issueAt, onTransfer } from './handlers/transfer.ts'
import { onRunCompleted } from './handlers/workflow-run.ts'
import { placeOf } from './place-of.ts'

export const register = (probot: Probot, deps: CommentDeps): void => {
  const isBot = (sender: { readonly type?: string }): boolean => sender.type === 'Bot'

  probot.on(
    ['issue_comment.created', 'issue_comment.edited'],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      const { comment, issue, sender } = payload
      if (place === null || comment.user === null) return
      const before = payload.action === 'edited' ? (payload.changes.body?.from ?? comment.body) : null
      await onComment(deps, place, {
        id: comment.id,
        nodeId: comment.node_id,
        body: comment.body,
        before,
        author: { id: comment.user.id, login: comment.user.login, isBot: isBot(comment.user) },
        senderId: sender.id,
        appId: comment.performed_via_github_app?.id ?? null,
        issue: { number: issue.number, isPullRequest: issue.pull_request !== undefined },
      })
    }),
  )

  probot.on(
    ['issue_comment.created', 'issue_comment.edited'],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      const { comment, issue, sender } = payload
      const ours = (comment.performed_via_github_app?.id ?? null) === deps.appId
      if (place === null || ours || !carriesRecord(comment.body)) return
      const by: Actor = { kind: isBot(sender) ? 'bot' : 'user', id: sender.login }
      await onForeignRecord(deps, place, { id: comment.id, nodeId: comment.node_id, issue: issue.number, by })
    }),
  )

  // The ledger was perhaps changed; which issue it is, is known elsewhere.
  probot.on(
    [
      'issues.edited',
      'issues.deleted',
      'issues.transferred',
      'issues.closed',
      'issues.unlocked',
      'issue_comment.created',
      'issue_comment.edited',
      'issue_comment.deleted',
    ],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null || deps.isOurs(payload.sender)) return
      await deps.ledgerTouched(projectStream(place.repositoryId), payload.issue.number)
    }),
  )

  // Our record was perhaps edited or deleted: look at the issue.
  probot.on(
    ['issue_comment.edited', 'issue_comment.deleted'],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      const appId = payload.comment.performed_via_github_app?.id ?? null
      if (place !== null && appId === deps.appId) await onTouched(deps, place, changeOf(payload))
    }),
  )

  const senderOf = (sender: { readonly login: string; readonly id: number; readonly type?: string }) => ({
    login: sender.login,
    isBot: isBot(sender),
    isOurs: deps.isOurs(sender),
  })

  const changeOf = (payload: {
    readonly issue: {
      readonly number: number
      readonly node_id: string
      readonly labels?: unknown
    }
    readonly sender: { readonly login: string; readonly id: number; readonly type?: string }
  }): IssueChange => ({
    number: payload.issue.number,
    nodeId: payload.issue.node_id,
    labels: namesOf(payload.issue.labels),
    sender: senderOf(payload.sender),
  })

  probot.on(
    'issues.transferred',
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null) return
      const { new_issue: issue, new_repository: repository } = payload.changes
      const from = issueAt(payload.repository, payload.issue)
      await onTransfer(deps, place, { from, to: issueAt(repository, issue), by: actorOf(payload), arrives: false })
    }),
  )

  probot.on(
    ['issues.opened', 'issues.labeled'],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null) return
      if (payload.action === 'opened' && payload.changes !== undefined) {
        const { old_issue: issue, old_repository: repository } = payload.changes
        const from = issue === null ? null : issueAt(repository, issue)
        const to = issueAt(payload.repository, payload.issue)
        if (await onTransfer(deps, place, { from, to, by: actorOf(payload), arrives: true })) return
      }
      const change = changeOf(payload)
      // Another label on an issue that carries ours already says nothing about tasks, whoever puts it there.
      const asked = payload.action === 'opened' ? change.labels : [payload.label?.name ?? '']
      if (asked.some(isTaskLabel)) await onTaskLabel(deps, place, change)
    }),
  )

  probot.on(
    'issues.edited',
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null) return
      await deps.facts.forgetIssue(place, payload.issue.number)
      if (payload.changes.title !== undefined) await onTitle(deps, place, changeOf(payload))
    }),
  )

  probot.on(
    ['repository.renamed', 'repository.transferred'],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null) return
      const stream = projectStream(place.repositoryId)
      if ((await deps.engine.store.projections.project(stream)) !== null) await followRepository(deps, stream)
    }),
  )

  // Neither names a repository.
  probot.on(
    ['organization.renamed', 'installation_target.renamed'],
    carrying(async ({ payload }) => {
      if (payload.installation !== undefined) await followAccount(deps, payload.installation.id)
    }),
  )

  probot.on(
    ['label.edited', 'label.deleted'],
    carrying(async ({ id, payload }) => {
      const place = placeOf(payload)
      if (place === null || deps.isOurs(payload.sender)) return
      // Where no task is, labels are none of ours.
      if ((await deps.engine.store.projections.project(projectStream(place.repositoryId))) === null) return
      const { name, node_id: nodeId } = payload.label
      await deps.labelChanged({
        installationId: place.installationId,
        repositoryId: place.repositoryId,
        nodeId,
        was: payload.action === 'edited' ? (payload.changes?.name?.from ?? name) : name,
        is: payload.action === 'edited' ? name : null,
        by: actorOf(payload),
        delivery: id,
      })
    }),
  )

  probot.on(
    [
      'issues.labeled',
      'issues.unlabeled',
      'issues.reopened',
      'issues.assigned',
      'issues.unassigned',
      'issues.milestoned',
      'issues.demilestoned',
    ],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      const isLabel = payload.action === 'labeled' || payload.action === 'unlabeled'
      const shown = !isLabel || deps.isStateLabel(payload.label?.name ?? '')
      const reopenedAt = payload.action === 'reopened' ? Date.parse(payload.issue.updated_at) : null
      if (place !== null && shown) await onTouched(deps, place, changeOf(payload), reopenedAt)
    }),
  )

  // One edge is told of on both of its issues; it starts from the part, or from what waits.
  probot.on(
    'sub_issues',
    carrying(async ({ payload }) => {
      const { repository, sender, sub_issue: part } = payload
      const home = ('sub_issue_repo' in payload ? payload.sub_issue_repo : undefined) ?? repository
      if (home === undefined || part === undefined || sender === undefined) return
      await onRelation(deps, { repositoryId: home.id, number: part.number, sender: senderOf(sender) })
    }),
  )
  probot.on(
    'issue_dependencies',
    carrying(async ({ payload }) => {
      const { repository, sender, blocked_issue: waiting } = payload
      const home = ('blocked_issue_repo' in payload ? payload.blocked_issue_repo : undefined) ?? repository
      if (waiting === undefined) return
      await onRelation(deps, { repositoryId: home.id, number: waiting.number, sender: senderOf(sender) })
    }),
  )

  probot.on(
    [
      'pull_request.opened',
      'pull_request.edited',
      'pull_request.synchronize',
      'pull_request.closed',
      'pull_request.reopened',
    ],
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place !== null) await onPullRequest(deps, place, payload.pull_request.number, payload.action)
    }),
  )

  probot.on(
    'push',
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      if (place === null) return
      await onPush(deps, place, {
        ref: payload.ref,
        before: payload.before,
        after: payload.after,
        deleted: payload.deleted,
        defaultBranch: payload.repository.default_branch,
        commits: payload.commits.length,
        ...(payload.sender === undefined ? {} : { by: payload.sender.login }),
        headMessage: payload.head_commit?.message ?? '',
        paths: payload.commits.flatMap(({ added, modified, removed }) => [
          ...(added ?? []),
          ...(modified ?? []),
          ...(removed ?? []),
        ]),
      })
    }),
  )

  probot.on(
    'workflow_run.completed',
    carrying(async ({ payload }) => {
      const place = placeOf(payload)
      const { id, run_attempt: attempt } = payload.workflow_run
      if (place !== null) await onRunCompleted(deps, place, { id, attempt })
    }),
  )

  probot.on(
    ['check_run.requested_action', 'check_run.rerequested'],
    carrying(async ({ id, payload }) => {
      const place = placeOf(payload)
      const { check_run: run, sender } = payload
      if (place === null) return
      await onClick(deps, place, {
        button: payload.action === 'rerequested' ? 'rerun' : (payload.requested_action?.identifier ?? ''),
        checkRunId: run.id,
        externalId: run.external_id ?? '',
        appId: run.app?.id ?? 0,
        login: sender.login,
        isBot: isBot(sender),
        delivery: id,
      })
    }),
  )
}

const actorOf = ({ sender }: { readonly sender: { readonly login: string; readonly type?: string } }): Actor => ({
  kind: sender.type === 'Bot' ? 'bot' : 'user',
  id: sender.login,
})

const namesOf = (labels: unknown): readonly string[] =>
  Array.isArray(labels)
    ? labels.flatMap((label: unknown) =>
        typeof label === 'object' && label !== null && 'name' in label && typeof label.name === 'string'
          ? [label.name]
          : [],
      )
    : []
