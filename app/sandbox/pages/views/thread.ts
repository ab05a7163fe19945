/** An issue, or the conversation of a pull request: title, description, what was said and done, the sidebar, the box. */
import { html } from 'hono/html'
import type { Issue } from '../../model/issue.ts'
import { labelsOf } from '../../render/issue.ts'
import { commentBox } from '../parts/comment-box.ts'
import { commentCard } from '../parts/comment-card.ts'
import { labelsIn } from '../parts/event-line.ts'
import { sidebar } from '../parts/sidebar.ts'
import { author, labelColours, statePill, when } from '../parts/small-parts.ts'
import { NOTHING, type Page, type Piece, repositoryHeader, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'
import { eventsOf, timeline } from './timeline.ts'

export interface ThreadParts {
  /** Between the title and the description: a pull request's branches and tabs. */
  readonly under?: Piece
  /** Between the last comment and the box: a pull request's checks and merge button. */
  readonly before?: Piece
}

export function threadPage(visit: RepoVisit, issue: Issue, parts: ThreadParts = {}): Page {
  const forms = `${visit.base}/issues/${issue.number}`
  const labels = [...labelsOf(visit.world, issue), ...labelsIn(eventsOf(visit, issue))]
  return {
    title: `${issue.title} #${issue.number}`,
    live: true,
    main: html`${repositoryHeader(visit, issue.pull ? 'pulls' : 'issues')} ${labelColours(labels)}
      ${threadTitle(visit, issue)} ${parts.under ?? NOTHING}
      <div class="thread">
        <div class="talk">
          ${commentCard(visit, {
            anchor: `issue-${issue.id}`,
            authorId: issue.authorId,
            body: issue.body,
            at: issue.createdAt,
            edits: issue.edits,
            subject: { kind: 'issue', id: issue.id },
            forms,
          })}
          ${timeline(visit, issue)} ${parts.before ?? NOTHING} ${commentBox(visit, issue, forms)}
        </div>
        ${sidebar(visit, issue, forms)}
      </div>`,
  }
}

export function threadTitle(visit: RepoVisit, issue: Issue): Piece {
  const mayEdit = visit.viewer?.id === issue.authorId || viewerIs(visit, 'write')
  const edit = html`<details class="menu wide">
    <summary>Edit</summary>
    <div>
      <form method="post" action="${visit.base}/issues/${issue.number}/edit">
        ${tokenField(visit)}<input name="title" value="${issue.title}" aria-label="Title" required />
        <button class="primary">Save</button>
      </form>
    </div>
  </details>`
  return html`<div class="headline">
    <h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
    ${mayEdit ? edit : NOTHING}
    <p>
      ${statePill(issue)} ${author(visit.world, issue.authorId)} opened this ${issue.pull ? 'pull request' : 'issue'}
      ${when(issue.createdAt)} ${issue.locked ? html`· 🔒 locked` : NOTHING}
    </p>
  </div>`
}
