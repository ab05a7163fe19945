/** Reactions on issues and on their comments. */
import { addReaction, removeReaction } from '../changes/reactions.ts'
import type { Context } from '../http/context.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Reaction, ReactionContent } from '../model/issue.ts'
import { reactionsOn, renderReaction } from '../render/reaction.ts'
import { findComment, findIssue } from './find-issue.ts'

const READ = { issues: 'read', pull_requests: 'read' } as const
const WRITE = { issues: 'write', pull_requests: 'write' } as const

export const reactionRoutes = [
  defineRoute('reactions/list-for-issue', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/reactions',
    who: ANYONE,
    permission: READ,
    takes: ['content'],
    handle: (c) => list(c, { kind: 'issue', id: findIssue(c, c.params.issue_number, 'read').id }),
  }),
  defineRoute('reactions/create-for-issue', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/reactions',
    who: SIGNED_IN,
    permission: WRITE,
    handle: (c) => create(c, { kind: 'issue', id: findIssue(c, c.params.issue_number, 'write').id }, c.body.content),
  }),
  defineRoute('reactions/delete-for-issue', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}',
    who: SIGNED_IN,
    permission: WRITE,
    handle(c) {
      const subject = { kind: 'issue', id: findIssue(c, c.params.issue_number, 'write').id } as const
      removeReaction(c, subject, Number(c.params.reaction_id))
      return { status: 204, body: undefined }
    },
  }),
  defineRoute('reactions/list-for-issue-comment', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    who: ANYONE,
    permission: READ,
    takes: ['content'],
    handle: (c) => list(c, { kind: 'comment', id: findComment(c, c.params.comment_id, 'read').comment.id }),
  }),
  defineRoute('reactions/create-for-issue-comment', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    who: SIGNED_IN,
    permission: WRITE,
    handle: (c) =>
      create(c, { kind: 'comment', id: findComment(c, c.params.comment_id, 'write').comment.id }, c.body.content),
  }),
  defineRoute('reactions/delete-for-issue-comment', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}',
    who: SIGNED_IN,
    permission: WRITE,
    handle(c) {
      const subject = { kind: 'comment', id: findComment(c, c.params.comment_id, 'write').comment.id } as const
      removeReaction(c, subject, Number(c.params.reaction_id))
      return { status: 204, body: undefined }
    },
  }),
]

type Asked = Pick<Context, 'world' | 'caller' | 'url' | 'query' | 'asOf'>

function list(c: Asked, subject: Reaction['subject']) {
  const content = c.query.get('content')
  const rows = reactionsOn(c.world, subject, c.asOf).filter((one) => content === null || one.content === content)
  const page = paginate(rows, c.url)
  return { status: 200, headers: page.headers, body: page.rows.map((one) => renderReaction(c.world, one)) } as const
}

function create(c: Asked, subject: Reaction['subject'], content: ReactionContent) {
  const { reaction, created } = addReaction(c, subject, content)
  const body = renderReaction(c.world, reaction)
  return created ? ({ status: 201, body } as const) : ({ status: 200, body } as const)
}
