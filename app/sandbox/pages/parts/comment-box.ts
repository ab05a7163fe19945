/** The box at the end of a thread, with the button that closes or reopens it. */
import { html } from 'hono/html'
import type { Issue } from '../../model/issue.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'
import { avatar, textBox } from './small-parts.ts'

export function commentBox(visit: RepoVisit, issue: Issue, forms: string): Piece {
  const { viewer } = visit
  if (!viewer)
    return html`<p class="blank">
      <a href="/login?next=${encodeURIComponent(visit.url.pathname)}">Log in as one of the people</a> to comment.
    </p>`
  if (issue.locked && !viewerIs(visit, 'write'))
    return html`<p class="blank">This conversation is locked: only collaborators with write access may comment.</p>`
  const mayClose = (viewer.id === issue.authorId || viewerIs(visit, 'triage')) && !issue.pull?.mergedAt
  const noun = issue.pull ? 'pull request' : 'issue'
  return html`<form method="post" action="${forms}/comment" class="card" id="new-comment">
    ${avatar(visit.world, viewer.id)}
    <div class="box">
      ${tokenField(visit)}${textBox('body', '', 5, 'Add a comment, or a command such as /claim')}
      <div class="row">
        ${
          mayClose
            ? html`<button name="after" value="${issue.state === 'open' ? 'close' : 'reopen'}">
                ${issue.state === 'open' ? `Close ${noun}` : `Reopen ${noun}`}
              </button>`
            : NOTHING
        }
        <button class="primary" name="after" value="stay">Comment</button>
      </div>
    </div>
  </form>`
}
