/** One annotation of a check run: its level, title, message and details. Its text is plain text, never Markdown. */
import { html } from 'hono/html'
import type { Annotation, CheckRun } from '../../model/check.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

/** `run` is named where the page shows annotations of several. */
export function annotationNote(visit: RepoVisit, note: Annotation, run?: CheckRun): Piece {
  const level = note.annotation_level
  return html`<div class="annotation ${level}">
    <p>
      <strong>${note.title ?? LEVELS[level]}</strong>
      ${run ? html`<a class="muted" href="${visit.base}/runs/${run.id}">${run.name}</a>` : NOTHING}
    </p>
    <pre class="wrap">${note.message}</pre>
    ${
      note.raw_details
        ? html`<details>
            <summary>Raw details</summary>
            <pre>${note.raw_details}</pre>
          </details>`
        : NOTHING
    }
  </div>`
}

const LEVELS = { notice: 'Notice', warning: 'Warning', failure: 'Failure' } as const
