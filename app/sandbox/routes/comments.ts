/** Comments on issues and pull requests. */
import { addComment, deleteComment, editComment, issueOfComment, pinComment } from '../changes/comments.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { renderComment } from '../render/comment.ts'
import { findComment, findIssue } from './find-issue.ts'
import { sinceOf } from './issues.ts'

const READ = { issues: 'read', pull_requests: 'read' } as const
const WRITE = { issues: 'write', pull_requests: 'write' } as const

export const commentRoutes = [
  defineRoute('issues/create-comment', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    who: SIGNED_IN,
    permission: WRITE,
    createsContent: true,
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'write')
      const body = renderComment(c.world, c.repo, issue, addComment(c, issue, c.body.body))
      return { status: 201, body, headers: { location: body.url } }
    },
  }),
  defineRoute('issues/list-comments', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    who: ANYONE,
    permission: READ,
    takes: ['since'],
    handle(c) {
      const issue = findIssue(c, c.params.issue_number, 'read')
      const since = sinceOf(c.query)
      const rows = c.world.state.comments.where((one) => one.issueId === issue.id && one.updatedAt >= since, c.asOf)
      const page = paginate(rows, c.url)
      return {
        status: 200,
        headers: page.headers,
        body: page.rows.map((one) => renderComment(c.world, c.repo, issue, one)),
      }
    },
  }),
  defineRoute('issues/list-comments-for-repo', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments',
    who: ANYONE,
    permission: READ,
    takes: ['since', 'sort', 'direction'],
    handle(c) {
      const { state } = c.world
      const since = sinceOf(c.query)
      const rows = state.comments
        .where((one) => one.updatedAt >= since && state.issues.get(one.issueId)?.repositoryId === c.repo.id, c.asOf)
        .toSorted((a, b) => (c.query.get('sort') === 'updated' ? a.updatedAt - b.updatedAt : 0) || a.id - b.id)
      // Newest first is the default only once `sort` is given, as the description says of `direction`.
      const ordered = c.query.has('sort') && c.query.get('direction') !== 'asc' ? rows.toReversed() : rows
      const page = paginate(ordered, c.url)
      return {
        status: 200,
        headers: page.headers,
        body: page.rows.map((one) => renderComment(c.world, c.repo, issueOfComment(c, one), one)),
      }
    },
  }),
  defineRoute('issues/get-comment', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    who: ANYONE,
    permission: READ,
    handle(c) {
      const { comment, issue } = findComment(c, c.params.comment_id, 'read')
      return { status: 200, body: renderComment(c.world, c.repo, issue, comment) }
    },
  }),
  defineRoute('issues/update-comment', {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    who: SIGNED_IN,
    permission: WRITE,
    handle(c) {
      const { comment, issue } = findComment(c, c.params.comment_id, 'write')
      return { status: 200, body: renderComment(c.world, c.repo, issue, editComment(c, comment, c.body.body)) }
    },
  }),
  defineRoute('issues/delete-comment', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    who: SIGNED_IN,
    permission: WRITE,
    handle(c) {
      deleteComment(c, findComment(c, c.params.comment_id, 'write').comment)
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('issues/pin-comment', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/pin',
    who: SIGNED_IN,
    permission: { issues: 'write' },
    role: 'triage',
    handle(c) {
      const { comment, issue } = findComment(c, c.params.comment_id, 'write')
      return { status: 200, body: renderComment(c.world, c.repo, issue, pinComment(c, comment, true)) }
    },
  }),
  defineRoute('issues/unpin-comment', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/pin',
    who: SIGNED_IN,
    permission: { issues: 'write' },
    role: 'triage',
    handle(c) {
      pinComment(c, findComment(c, c.params.comment_id, 'write').comment, false)
      return { status: 204, body: undefined }
    },
  }),
]
