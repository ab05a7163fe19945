/** The buttons of a check run: the App's own ones once it is completed, and Re-run. For those with write access. */
import { html } from 'hono/html'
import type { CheckRun } from '../../model/check.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'

export function checkButtons(visit: RepoVisit, run: CheckRun): Piece {
  if (run.status !== 'completed' || !viewerIs(visit, 'write')) return NOTHING
  const at = `${visit.base}/runs/${run.id}`
  return html`<div class="row buttons">
    ${run.actions.map(
      (action) =>
        html`<form method="post" action="${at}/action">
          ${tokenField(visit)}
          <button name="identifier" value="${action.identifier}" title="${action.description}">${action.label}</button>
        </form>`,
    )}
    <form method="post" action="${at}/rerun">${tokenField(visit)}<button>Re-run</button></form>
  </div>`
}
