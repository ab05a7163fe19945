/** The box that sums up a pull request's checks and offers to merge it. Whether it can be merged the API decides. */
import { html } from 'hono/html'
import type { Issue } from '../../model/issue.ts'
import type { Pull } from '../../model/pull.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'
import { checkIcon } from './check-icon.ts'
import { checkList, checksAt, checkSummary } from './check-list.ts'

export function mergeBox(visit: RepoVisit, pull: Pull, issue: Issue): Piece {
  if (pull.merged)
    return html`<div class="box merge merged">
      <p><strong>Pull request successfully merged and closed</strong></p>
    </div>`
  if (issue.state === 'closed') return NOTHING
  const runs = checksAt(visit, pull.headSha)
  const summary = checkSummary(runs)
  return html`<div class="box merge">
    ${
      summary.worst
        ? html`<p>${checkIcon(summary.worst)} <strong>${summary.words}</strong></p>
            ${checkList(visit, runs)}`
        : NOTHING
    }
    <div class="row">${mergePart(visit, pull, issue)}</div>
  </div>`
}

function mergePart(visit: RepoVisit, pull: Pull, issue: Issue): Piece {
  if (issue.pull?.draft) return html`<span class="muted">This pull request is still a draft.</span>`
  if (!pull.mergeable) return html`<span class="muted">This branch has conflicts that must be resolved.</span>`
  if (!viewerIs(visit, 'write')) return html`<span class="muted">Only those with write access can merge.</span>`
  return html`<form method="post" action="${visit.base}/pull/${pull.number}/merge">
    ${tokenField(visit)}<input type="hidden" name="sha" value="${pull.headSha}" />
    <button class="primary" name="method" value="merge">Merge pull request</button>
    <button name="method" value="squash">Squash and merge</button>
  </form>`
}
