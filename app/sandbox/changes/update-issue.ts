/** Edits, closes, reopens and locks issues. Rights that depend on authorship are decided here; routes decide the rest. */
import { forbidden } from '../http/errors.ts'
import type { Issue, LockReason, StateReason } from '../model/issue.ts'
import { renderMilestone } from '../render/label.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { checkBody, checkTitle } from './check-text.ts'
import { resolveAssignees, setAssignees } from './assignees.ts'
import { type Doer, doerAccount, doerAppId, doerIs } from './doer.ts'
import { emitIssue } from './emit-issue.ts'
import { setLabels } from './labels.ts'
import { noteEvent } from './note-event.ts'

export interface IssueChange {
  readonly title?: string
  readonly body?: string | null
  readonly state?: 'open' | 'closed'
  readonly stateReason?: StateReason | null
  readonly labels?: readonly string[]
  readonly assignees?: readonly string[]
  readonly milestoneId?: number | null
}

export function updateIssue(doer: Doer, issue: Issue, change: IssueChange): Issue {
  const repository = repositoryOfIssue(doer.world, issue)
  const author = doer.caller.kind !== 'anonymous' && doerAccount(doer).id === issue.authorId
  const triager = doerIs(doer, repository, 'triage')
  const editsText = change.title !== undefined || change.body !== undefined
  if (editsText && !author && !doerIs(doer, repository, 'write'))
    throw forbidden('Must have write access to Repository.')
  if (!author && !triager) throw forbidden('Must have triage access to Repository.')
  let current = editsText ? editText(doer, issue, change) : issue
  if (triager && change.labels) current = setLabels(doer, current, change.labels)
  if (triager && change.assignees)
    current = setAssignees(doer, current, resolveAssignees(doer, repository, change.assignees))
  if (triager && change.milestoneId !== undefined) current = setMilestone(doer, current, change.milestoneId)
  return change.state === undefined ? current : setState(doer, current, change.state, change.stateReason ?? null)
}

function editText(doer: Doer, issue: Issue, change: IssueChange): Issue {
  const { state, clock } = doer.world
  const title = change.title ?? issue.title
  const body = change.body === undefined ? issue.body : change.body
  checkTitle(issue.pull ? 'PullRequest' : 'Issue', title)
  checkBody(issue.pull ? 'PullRequest' : 'Issue', body ?? '')
  const retitled = title !== issue.title
  const rewritten = body !== issue.body
  if (!retitled && !rewritten) return issue
  const now = clock.now()
  const edit = { at: now, editorId: doerAccount(doer).id, appId: doerAppId(doer), body: body ?? '' }
  const first = {
    id: state.ids.next(),
    at: issue.createdAt,
    editorId: issue.authorId,
    appId: issue.appId,
    body: issue.body ?? '',
  }
  const before = issue.edits.length > 0 ? issue.edits : [first]
  const edits = rewritten ? [...before, { id: state.ids.next(), ...edit }] : issue.edits
  const next = state.issues.update(issue.id, { title, body, edits, updatedAt: now })
  if (retitled) noteEvent(doer, next, 'renamed', { rename: { from: issue.title, to: title } })
  emitIssue(doer, next, 'edited', {
    changes: {
      ...(retitled && { title: { from: issue.title } }),
      ...(rewritten && { body: { from: issue.body ?? '' } }),
    },
  })
  return next
}

/** Closing what is closed, or opening what is open, changes nothing but a given reason. */
export function setState(doer: Doer, issue: Issue, to: 'open' | 'closed', reason: StateReason | null): Issue {
  const { state, clock } = doer.world
  if (issue.state === to) {
    if (to === 'open' || reason === null || reason === issue.stateReason) return issue
    return state.issues.update(issue.id, { stateReason: reason, updatedAt: clock.now() })
  }
  const now = clock.now()
  const closing = to === 'closed'
  const stateReason = issue.pull ? null : closing ? (reason ?? 'completed') : 'reopened'
  const next = state.issues.update(issue.id, {
    state: to,
    stateReason,
    closedAt: closing ? now : null,
    closedById: closing ? doerAccount(doer).id : null,
    updatedAt: now,
  })
  noteEvent(doer, next, closing ? 'closed' : 'reopened', { state_reason: stateReason })
  emitIssue(doer, next, closing ? 'closed' : 'reopened')
  return next
}

function setMilestone(doer: Doer, issue: Issue, milestoneId: number | null): Issue {
  const { state, clock } = doer.world
  if (milestoneId === issue.milestoneId) return issue
  const next = state.issues.update(issue.id, { milestoneId, updatedAt: clock.now() })
  const milestone = state.milestones.get(milestoneId ?? issue.milestoneId ?? 0)
  const action = milestoneId === null ? 'demilestoned' : 'milestoned'
  noteEvent(doer, next, action, { milestone: { title: milestone?.title ?? '' } })
  const repository = repositoryOfIssue(doer.world, issue)
  emitIssue(doer, next, action, milestone ? { milestone: renderMilestone(doer.world, repository, milestone) } : {})
  return next
}

export function lockIssue(doer: Doer, issue: Issue, reason: LockReason | null): Issue {
  const next = doer.world.state.issues.update(issue.id, { locked: true, lockReason: reason })
  if (issue.locked) return next
  noteEvent(doer, next, 'locked', { lock_reason: reason })
  emitIssue(doer, next, 'locked')
  return next
}

export function unlockIssue(doer: Doer, issue: Issue): Issue {
  if (!issue.locked) return issue
  const next = doer.world.state.issues.update(issue.id, { locked: false, lockReason: null })
  noteEvent(doer, next, 'unlocked')
  emitIssue(doer, next, 'unlocked')
  return next
}

export function setPinned(doer: Doer, issue: Issue, pinned: boolean): Issue {
  if (issue.pinned === pinned) return issue
  const next = doer.world.state.issues.update(issue.id, { pinned })
  noteEvent(doer, next, pinned ? 'pinned' : 'unpinned')
  emitIssue(doer, next, pinned ? 'pinned' : 'unpinned')
  return next
}
