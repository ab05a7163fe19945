/** Comments on issues and pull requests: write, edit (history kept), delete, hide, pin; each with its webhook. */
import { forbidden } from '../http/errors.ts'
import type { Issue, IssueComment } from '../model/issue.ts'
import { renderCommentPayload } from '../render/comment.ts'
import { renderIssuePayload, repositoryOfIssue } from '../render/issue.ts'
import { emit } from '../webhooks/emit.ts'
import type { EventPayload } from '../http/description-types.ts'
import { checkBody } from './check-text.ts'
import { type Doer, doerAccount, doerAppId, doerIs } from './doer.ts'
import { noteEvent } from './note-event.ts'

export function addComment(doer: Doer, issue: Issue, body: string): IssueComment {
  const { state, clock } = doer.world
  const repository = repositoryOfIssue(doer.world, issue)
  if (issue.locked && !doerIs(doer, repository, 'write'))
    throw forbidden('Unable to create comment because issue is locked.')
  checkBody('IssueComment', body, true)
  const now = clock.now()
  const comment = state.comments.put({
    id: state.ids.next(),
    issueId: issue.id,
    body,
    authorId: doerAccount(doer).id,
    appId: doerAppId(doer),
    edits: [],
    minimized: null,
    pin: null,
    createdAt: now,
    updatedAt: now,
  })
  const touched = state.issues.update(issue.id, { updatedAt: now })
  emitComment(doer, touched, comment, 'created')
  return comment
}

export function editComment(doer: Doer, comment: IssueComment, body: string): IssueComment {
  const { state, clock } = doer.world
  const issue = issueOfComment(doer, comment)
  demandAuthorOrWriter(doer, issue, comment)
  checkBody('IssueComment', body, true)
  if (body === comment.body) return comment
  const now = clock.now()
  const original = {
    id: state.ids.next(),
    at: comment.createdAt,
    editorId: comment.authorId,
    appId: comment.appId,
    body: comment.body,
  }
  const before = comment.edits.length > 0 ? comment.edits : [original]
  const edit = { id: state.ids.next(), at: now, editorId: doerAccount(doer).id, appId: doerAppId(doer), body }
  const next = state.comments.update(comment.id, { body, edits: [...before, edit], updatedAt: now })
  const touched = state.issues.update(issue.id, { updatedAt: now })
  emitComment(doer, touched, next, 'edited', { changes: { body: { from: comment.body } } })
  return next
}

export function deleteComment(doer: Doer, comment: IssueComment): void {
  const { state, clock } = doer.world
  const issue = issueOfComment(doer, comment)
  demandAuthorOrWriter(doer, issue, comment)
  state.comments.delete(comment.id)
  for (const reaction of state.reactions.where(
    (one) => one.subject.kind === 'comment' && one.subject.id === comment.id,
  ))
    state.reactions.delete(reaction.id)
  const touched = state.issues.update(issue.id, { updatedAt: clock.now() })
  noteEvent(doer, touched, 'comment_deleted')
  emitComment(doer, touched, comment, 'deleted')
}

/** Hides or shows a comment; `reason` as REST shows it, null shows it again. No webhook on GitHub. */
export function minimizeComment(doer: Doer, comment: IssueComment, reason: string | null): IssueComment {
  demandAuthorOrWriter(doer, issueOfComment(doer, comment), comment)
  return doer.world.state.comments.update(comment.id, { minimized: reason })
}

/** One comment of an issue is pinned at most: pinning another one takes its place. */
export function pinComment(doer: Doer, comment: IssueComment, pinned: boolean): IssueComment {
  const { state, clock } = doer.world
  const issue = issueOfComment(doer, comment)
  if ((comment.pin !== null) === pinned) return comment
  const former = state.comments.find((one) => one.issueId === issue.id && one.pin !== null)
  if (pinned && former) pinComment(doer, former, false)
  const pin = pinned ? { at: clock.now(), byId: doerAccount(doer).id } : null
  const next = state.comments.update(comment.id, { pin })
  emitComment(doer, issue, next, pinned ? 'pinned' : 'unpinned')
  return next
}

export function issueOfComment(doer: Pick<Doer, 'world'>, comment: IssueComment): Issue {
  const issue = doer.world.state.issues.get(comment.issueId)
  if (!issue) throw new Error(`comment ${comment.id} has no issue`)
  return issue
}

function demandAuthorOrWriter(doer: Doer, issue: Issue, comment: IssueComment): void {
  if (doerAccount(doer).id === comment.authorId) return
  if (!doerIs(doer, repositoryOfIssue(doer.world, issue), 'write'))
    throw forbidden('Must have write access to Repository.')
}

type CommentAction = 'created' | 'edited' | 'deleted' | 'pinned' | 'unpinned'

function emitComment(
  doer: Doer,
  issue: Issue,
  comment: IssueComment,
  action: CommentAction,
  extra: { readonly changes?: { readonly body: { readonly from: string } } } = {},
): void {
  const repository = repositoryOfIssue(doer.world, issue)
  const payload = {
    issue: renderIssuePayload(doer.world, repository, issue),
    comment: renderCommentPayload(doer.world, repository, issue, comment),
    ...extra,
  }
  emit(doer.world, 'issue_comment', action, {
    repository,
    caller: doer.caller,
    // Each action's payload type narrows the issue differently; the run-time check of every payload holds it.
    payload: payload as unknown as EventPayload<'issue_comment', CommentAction>,
  })
}
