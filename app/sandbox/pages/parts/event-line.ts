/** What happened between the comments, one sentence each; neighbouring label changes of one account are one sentence. */
import { html } from 'hono/html'
import type { IssueEvent } from '../../model/issue.ts'
import type { Label } from '../../model/repository.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'
import { issueReference } from './issue-link.ts'
import { author, avatar, labelPill, when } from './small-parts.ts'

type LabelData = Pick<Label, 'name' | 'color'>

const isLabelEvent = (one: IssueEvent) => one.event === 'labeled' || one.event === 'unlabeled'

/** Events that make one line: label changes by one account with nothing in between. */
export function belongTogether(a: IssueEvent, b: IssueEvent): boolean {
  return isLabelEvent(a) && isLabelEvent(b) && a.actorId === b.actorId
}

export function eventLine(visit: RepoVisit, events: readonly IssueEvent[]): Piece {
  const first = events[0]
  if (!first) return NOTHING
  return html`<p class="event ${first.event}">
    ${avatar(visit.world, first.actorId)}
    <span
      >${author(visit.world, first.actorId)} ${isLabelEvent(first) ? labels(events) : deed(visit, first)}
      ${when(first.createdAt)}</span
    >
  </p>`
}

function labels(events: readonly IssueEvent[]): Piece {
  const pills = (event: string) =>
    events.filter((one) => one.event === event).map((one) => html`${labelPill(labelOf(one))} `)
  const [added, removed] = [pills('labeled'), pills('unlabeled')]
  const both = added.length > 0 && removed.length > 0
  return html`${added.length > 0 ? html`added ${added}` : NOTHING}${both ? 'and ' : ''}${
    removed.length > 0 ? html`removed ${removed}` : NOTHING
  }`
}

function labelOf(event: IssueEvent): LabelData {
  return event.data['label'] as LabelData
}

/** Every label that the lines of these events show. */
export function labelsIn(events: readonly IssueEvent[]): LabelData[] {
  return events.filter(isLabelEvent).map(labelOf)
}

function deed(visit: RepoVisit, { event, data }: IssueEvent): Piece {
  const login = (name: string) => (data[name] as { readonly login?: string } | undefined)?.login ?? ''
  switch (event) {
    case 'renamed': {
      const { from, to } = data['rename'] as { readonly from: string; readonly to: string }
      return html`changed the title <del>${from}</del> → <strong>${to}</strong>`
    }
    case 'closed':
      return html`closed this${data['state_reason'] === 'not_planned' ? ' as not planned' : ''}`
    case 'assigned':
    case 'unassigned':
      return html`${event} <strong>${login('assignee')}</strong>`
    case 'merged': {
      const sha = typeof data['commit_id'] === 'string' ? data['commit_id'] : ''
      return html`merged commit <a href="${visit.base}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a>`
    }
    case 'milestoned':
    case 'demilestoned': {
      const { title = '' } = (data['milestone'] ?? {}) as { readonly title?: string }
      return html`${event === 'milestoned' ? 'added this to' : 'removed this from'} the milestone
        <strong>${title}</strong>`
    }
    default: {
      return html`${PHRASES[event] ?? event.replaceAll('_', ' ')} ${otherIssue(visit, data)}`
    }
  }
}

/** The other issue of a relation; nothing of one that the viewer may not see. */
function otherIssue(visit: RepoVisit, data: IssueEvent['data']): Piece {
  const ids = RELATIONS.map((name) => (data[name] as { readonly id?: number } | undefined)?.id)
  const other = visit.world.state.issues.get(ids.find((id) => id !== undefined) ?? 0)
  return other ? issueReference(visit, other) : NOTHING
}

const RELATIONS = ['sub_issue', 'parent_issue', 'blocking_issue', 'blocked_issue'] as const

const PHRASES: Readonly<Record<string, string>> = {
  reopened: 'reopened this',
  locked: 'locked this conversation',
  unlocked: 'unlocked this conversation',
  pinned: 'pinned this issue',
  unpinned: 'unpinned this issue',
  transferred: 'transferred this issue',
  comment_deleted: 'deleted a comment',
  convert_to_draft: 'marked this pull request as draft',
  ready_for_review: 'marked this pull request as ready for review',
  sub_issue_added: 'added the sub-issue',
  sub_issue_removed: 'removed the sub-issue',
  parent_issue_added: 'added the parent issue',
  parent_issue_removed: 'removed the parent issue',
  blocked_by_added: 'marked this as blocked by',
  blocked_by_removed: 'marked this as no longer blocked by',
  blocking_added: 'marked this as blocking',
  blocking_removed: 'marked this as no longer blocking',
}
