/** Issues: create, read, list, change, lock. */
import { sameLogin } from './repositories.ts'
import { createIssue } from '../changes/create-issue.ts'
import { isAssignable, setAssignees } from '../changes/assignees.ts'
import { lockIssue, unlockIssue, updateIssue } from '../changes/update-issue.ts'
import { notFound, validationFailed } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { labelsOf, renderIssue } from '../render/issue.ts'
import type { World } from '../world.ts'
import { findIssue } from './find-issue.ts'

const READ = { issues: 'read', pull_requests: 'read' } as const
const WRITE = { issues: 'write', pull_requests: 'write' } as const

export const issueRoutes = [
  defineRoute('issues/create', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues',
    who: SIGNED_IN,
    permission: { issues: 'write' },
    takes: ['title', 'body', 'labels', 'assignees', 'milestone'],
    createsContent: true,
    handle(c) {
      const { title, body, labels = [], assignees = [], milestone } = c.body
      const issue = createIssue(c, c.repo, {
        title: String(title),
        body: body ?? null,
        labels: labelNames(labels),
        assignees: loginsIn(assignees),
        milestoneId: milestoneId(c.world, c.repo, milestone),
      })
      const rendered = renderIssue(c.world, c.repo, issue)
      return { status: 201, body: rendered, headers: { location: rendered.url } }
    },
  }),
  defineRoute('issues/list-for-repo', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues',
    who: ANYONE,
    permission: READ,
    takes: ['state', 'labels', 'since', 'sort', 'direction', 'assignee', 'creator', 'milestone'],
    handle(c) {
      const rows = c.world.state.issues.where((one) => one.repositoryId === c.repo.id, c.asOf)
      const page = paginate(sorted(rows.filter(matcher(c.world, c.repo, c.query)), c.query), c.url)
      return { status: 200, headers: page.headers, body: page.rows.map((one) => renderIssue(c.world, c.repo, one)) }
    },
  }),
  defineRoute('issues/get', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    who: ANYONE,
    permission: READ,
    handle: (c) => ({
      status: 200,
      body: renderIssue(c.world, c.repo, findIssue(c, c.params.issue_number, 'read')),
    }),
  }),
  defineRoute('issues/update', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    who: SIGNED_IN,
    permission: WRITE,
    takes: ['title', 'body', 'state', 'state_reason', 'labels', 'assignees', 'milestone'],
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      const { title, body, state, state_reason: stateReason, labels, assignees, milestone } = c.body
      const changed = updateIssue(c, issue, {
        ...(title !== undefined && title !== null && { title: String(title) }),
        ...(body !== undefined && { body }),
        ...(state !== undefined && { state }),
        ...(stateReason !== undefined && { stateReason }),
        ...(labels && { labels: labelNames(labels) }),
        ...(assignees && { assignees: loginsIn(assignees) }),
        ...(milestone !== undefined && { milestoneId: milestoneId(c.world, c.repo, milestone) }),
      })
      return { status: 200, body: renderIssue(c.world, c.repo, changed) }
    },
  }),
  defineRoute('issues/lock', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/lock',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      lockIssue(c, findIssue(c, c.params.issue_number, 'write'), c.body?.lock_reason ?? null)
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('issues/unlock', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/lock',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      unlockIssue(c, findIssue(c, c.params.issue_number, 'write'))
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('issues/add-assignees', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/assignees',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      const ids = loginsIn(c.body.assignees)
        .map((login) => isAssignable(c, c.repo, login))
        .filter((id) => id !== undefined)
      const changed = setAssignees(c, issue, [...new Set([...issue.assigneeIds, ...ids])])
      return { status: 201, body: renderIssue(c.world, c.repo, changed) }
    },
  }),
  defineRoute('issues/remove-assignees', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/assignees',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      const gone = new Set(loginsIn(c.body.assignees).map((login) => isAssignable(c, c.repo, login)))
      const changed = setAssignees(
        c,
        issue,
        issue.assigneeIds.filter((id) => !gone.has(id)),
      )
      return { status: 200, body: renderIssue(c.world, c.repo, changed) }
    },
  }),
  defineRoute('issues/check-user-can-be-assigned', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/assignees/{assignee}',
    who: SIGNED_IN,
    permission: READ,
    handle(c) {
      if (isAssignable(c, c.repo, c.params.assignee) === undefined) throw notFound()
      return { status: 204, body: undefined }
    },
  }),
]

function labelNames(labels: readonly (string | { readonly name?: string })[]): string[] {
  return labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
}

/** The description takes logins, or objects with a login. */
function loginsIn(items: readonly (string | { readonly login?: string })[] = []): string[] {
  return items.map((item) => (typeof item === 'string' ? item : (item.login ?? '')))
}

function milestoneId(world: World, repository: Repository, number: string | number | null | undefined): number | null {
  if (number === null || number === undefined) return null
  const found = world.state.milestones.find(
    (one) => one.repositoryId === repository.id && one.number === Number(number),
  )
  if (!found) throw validationFailed({ resource: 'Issue', code: 'invalid', field: 'milestone', value: number })
  return found.id
}

function matcher(world: World, repository: Repository, query: URLSearchParams): (issue: Issue) => boolean {
  const state = query.get('state') ?? 'open'
  const since = sinceOf(query)
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '')
  const creator = query.get('creator')
  const assignee = query.get('assignee')
  const milestone = query.get('milestone')
  const idOf = (login: string) => world.state.accounts.find((one) => sameLogin(one.login, login))?.id ?? -1
  return (issue) =>
    (state === 'all' || issue.state === state) &&
    issue.updatedAt >= since &&
    labels.every((name) => labelsOf(world, issue).some((label) => label.name.toLowerCase() === name.toLowerCase())) &&
    (creator === null || issue.authorId === idOf(creator)) &&
    matchesAny(assignee, issue.assigneeIds, (login) => idOf(login)) &&
    matchesAny(
      milestone,
      issue.milestoneId === null ? [] : [issue.milestoneId],
      (number) =>
        world.state.milestones.find((one) => one.repositoryId === repository.id && one.number === Number(number))?.id ??
        -1,
    )
}

/** GitHub's filters know `*` (any) and `none`. */
function matchesAny(wanted: string | null, ids: readonly number[], idOf: (text: string) => number): boolean {
  if (wanted === null) return true
  if (wanted === '*') return ids.length > 0
  return wanted === 'none' ? ids.length === 0 : ids.includes(idOf(wanted))
}

/** `since` has whole seconds: what happened within that second is included. */
export function sinceOf(query: URLSearchParams): number {
  const since = Date.parse(query.get('since') ?? '')
  return Number.isNaN(since) ? 0 : Math.floor(since / 1000) * 1000
}

function sorted(issues: readonly Issue[], query: URLSearchParams): Issue[] {
  const sort = query.get('sort') ?? 'created'
  const sign = query.get('direction') === 'asc' ? 1 : -1
  const key = (issue: Issue) => (sort === 'updated' ? issue.updatedAt : issue.createdAt)
  return issues.toSorted((a, b) => sign * (key(a) - key(b) || a.number - b.number))
}
