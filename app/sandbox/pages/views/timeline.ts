/** Comments, reviews and events of one thread in the order in which they happened. */
import { html, raw } from 'hono/html'
import type { Issue, IssueComment, IssueEvent } from '../../model/issue.ts'
import { pullOfIssue, type Review, reviewsOf } from '../../model/pull.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { commentCard } from '../parts/comment-card.ts'
import { belongTogether, eventLine } from '../parts/event-line.ts'
import { author, avatar, when } from '../parts/small-parts.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

type Item =
  | { readonly kind: 'comment'; readonly at: number; readonly id: number; readonly comment: IssueComment }
  | { readonly kind: 'review'; readonly at: number; readonly id: number; readonly review: Review }
  | { readonly kind: 'events'; readonly at: number; readonly id: number; readonly events: readonly IssueEvent[] }

export function timeline(visit: RepoVisit, issue: Issue): Piece {
  return html`${itemsOf(visit, issue).map((item) => {
    if (item.kind === 'comment') return comment(visit, item.comment)
    return item.kind === 'review' ? review(visit, item.review) : eventLine(visit, item.events)
  })}`
}

export function eventsOf(visit: RepoVisit, issue: Issue): IssueEvent[] {
  return visit.world.state.issueEvents.where((one) => one.issueId === issue.id)
}

function itemsOf(visit: RepoVisit, issue: Issue): Item[] {
  const { state } = visit.world
  const pull = pullOfIssue(state, issue.id)
  const comments = state.comments.where((one) => one.issueId === issue.id)
  const reviews = pull ? reviewsOf(state).where((one) => one.pullId === pull.id && one.submittedAt !== null) : []
  const items: Item[] = [
    ...comments.map((one) => ({ kind: 'comment' as const, at: one.createdAt, id: one.id, comment: one })),
    ...reviews.map((one) => ({ kind: 'review' as const, at: one.submittedAt ?? 0, id: one.id, review: one })),
    ...eventsOf(visit, issue).map((one) => ({ kind: 'events' as const, at: one.createdAt, id: one.id, events: [one] })),
  ]
  const joined: Item[] = []
  for (const item of items.toSorted((a, b) => a.at - b.at || a.id - b.id)) {
    const last = joined.at(-1)
    if (last?.kind === 'events' && item.kind === 'events' && joins(last.events, item.events))
      joined.splice(-1, 1, { ...last, events: [...last.events, ...item.events] })
    else joined.push(item)
  }
  return joined
}

function joins(before: readonly IssueEvent[], next: readonly IssueEvent[]): boolean {
  const [a, b] = [before.at(-1), next[0]]
  return a !== undefined && b !== undefined && belongTogether(a, b)
}

function comment(visit: RepoVisit, one: IssueComment): Piece {
  return commentCard(visit, {
    anchor: `issuecomment-${one.id}`,
    authorId: one.authorId,
    body: one.body,
    at: one.createdAt,
    edits: one.edits,
    subject: { kind: 'comment', id: one.id },
    minimized: one.minimized,
    pinned: one.pin !== null,
    forms: `${visit.base}/comments/${one.id}`,
  })
}

const VERDICTS = {
  PENDING: 'began a review',
  COMMENTED: 'reviewed',
  APPROVED: 'approved these changes',
  CHANGES_REQUESTED: 'requested changes',
  DISMISSED: 'left a review that was dismissed',
} as const satisfies Record<Review['state'], string>

function review(visit: RepoVisit, one: Review): Piece {
  const { world } = visit
  return html`<div class="review" id="pullrequestreview-${one.id}">
    <p class="event ${one.state.toLowerCase()}">
      ${avatar(world, one.userId)}
      <span>${author(world, one.userId)} ${VERDICTS[one.state]} ${when(one.submittedAt ?? 0)}</span>
    </p>
    ${one.body === '' ? NOTHING : html`<div class="box markdown">${raw(renderMarkdown(visit, one.body))}</div>`}
  </div>`
}
