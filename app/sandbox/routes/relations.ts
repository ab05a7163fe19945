/** Sub-issues and dependencies. Bodies name other issues by database id, not by number. */
import { addBlockedBy, addSubIssue, removeBlockedBy, removeSubIssue } from '../changes/relations.ts'
import { notFound } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { maySee } from '../auth/access.ts'
import type { Issue } from '../model/issue.ts'
import { renderIssue, repositoryOfIssue } from '../render/issue.ts'
import { findIssue, type In } from './find-issue.ts'

const READ = { issues: 'read' } as const
const WRITE = { issues: 'write' } as const

export const relationRoutes = [
  defineRoute('issues/list-sub-issues', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/sub_issues',
    who: ANYONE,
    permission: READ,
    handle: (c) => listed(c, findIssue(c, c.params.issue_number, 'read').subIssueIds),
  }),
  defineRoute('issues/add-sub-issue', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/sub_issues',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    createsContent: true,
    handle(c) {
      const parent = findIssue(c, c.params.issue_number, 'write')
      const child = issueById(c, c.body.sub_issue_id)
      return { status: 201, body: rendered(c, addSubIssue(c, parent, child, c.body.replace_parent ?? false)) }
    },
  }),
  defineRoute('issues/remove-sub-issue', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/sub_issue',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const parent = findIssue(c, c.params.issue_number, 'write')
      return { status: 200, body: rendered(c, removeSubIssue(c, parent, issueById(c, c.body.sub_issue_id))) }
    },
  }),
  defineRoute('issues/get-parent', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/parent',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const { parentId } = findIssue(c, c.params.issue_number, 'read')
      if (parentId === null) throw notFound()
      return { status: 200, body: rendered(c, issueById(c, parentId)) }
    },
  }),
  defineRoute('issues/list-dependencies-blocked-by', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by',
    who: ANYONE,
    permission: READ,
    handle: (c) => listed(c, findIssue(c, c.params.issue_number, 'read').blockedByIds),
  }),
  defineRoute('issues/add-blocked-by-dependency', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    createsContent: true,
    handle(c) {
      const blocked = findIssue(c, c.params.issue_number, 'write')
      const blocking = issueById(c, c.body.issue_id)
      addBlockedBy(c, blocked, blocking)
      return { status: 201, body: rendered(c, blocking) }
    },
  }),
  defineRoute('issues/remove-dependency-blocked-by', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by/{issue_id}',
    who: SIGNED_IN,
    permission: WRITE,
    role: 'triage',
    handle(c) {
      const blocked = findIssue(c, c.params.issue_number, 'write')
      const blocking = issueById(c, Number(c.params.issue_id))
      removeBlockedBy(c, blocked, blocking)
      return { status: 200, body: rendered(c, blocking) }
    },
  }),
  defineRoute('issues/list-dependencies-blocking', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'read')
      const blocked = c.world.state.issues.where((one) => one.blockedByIds.includes(issue.id))
      return listed(
        c,
        blocked.map((one) => one.id),
      )
    },
  }),
]

/** An issue of any repository that the caller may see. */
function issueById(c: In, id: number): Issue {
  const issue = c.world.state.issues.get(id)
  if (!issue || !maySee(c.world, c.caller, repositoryOfIssue(c.world, issue))) throw notFound()
  return issue
}

function rendered(c: In, issue: Issue) {
  return renderIssue(c.world, repositoryOfIssue(c.world, issue), issue)
}

function listed(c: In, ids: readonly number[]) {
  const then = c.world.state.issues.all(c.asOf)
  const seen = ids
    .map((id) => then.find((one) => one.id === id))
    .filter((one) => one !== undefined)
    .filter((one) => maySee(c.world, c.caller, repositoryOfIssue(c.world, one)))
  const page = paginate(seen, c.url)
  return { status: 200, headers: page.headers, body: page.rows.map((one) => rendered(c, one)) } as const
}
