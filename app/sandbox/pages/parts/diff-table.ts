/** Changed files with their hunks, and the annotations under the lines that they are about. */
import { html } from 'hono/html'
import type { ChangedFile } from '../../git/git-history.ts'
import type { Annotation, CheckRun } from '../../model/check.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'
import { annotationNote } from './annotation-note.ts'
import { type DiffLine, readDiff } from './diff-lines.ts'

/** Lines of one file shown at most: more is a download, not a page. */
const MAX_LINES = 2000

export interface Noted {
  readonly run: CheckRun
  readonly note: Annotation
}

export function diffTable(visit: RepoVisit, file: ChangedFile, notes: readonly Noted[]): Piece {
  const here = notes.filter(({ note }) => note.path === file.path)
  const lines = readDiff(file.patch ?? '')
  const shown = new Set(lines.map((one) => one.after))
  const outside = here.filter(({ note }) => !shown.has(note.end_line))
  return html`<section class="file" id="diff-${file.sha.slice(0, 12)}">
    <header>
      <code>${file.previousPath ? `${file.previousPath} → ` : ''}${file.path}</code>
      <span><span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span></span>
    </header>
    ${outside.map(({ run, note }) => annotationNote(visit, note, run))}
    ${lines.length === 0 ? html`<p class="muted">No text to show: a binary file, or only its name changed.</p>` : NOTHING}
    <table class="code">
      ${lines.slice(0, MAX_LINES).map((line) => diffRow(visit, line, here))}
    </table>
    ${lines.length > MAX_LINES ? html`<p class="muted">${lines.length - MAX_LINES} more lines are not shown.</p>` : NOTHING}
  </section>`
}

function diffRow(visit: RepoVisit, line: DiffLine, notes: readonly Noted[]): Piece {
  const here = line.after === null ? [] : notes.filter(({ note }) => note.end_line === line.after)
  const sign = { hunk: '', same: ' ', added: '+', removed: '-' }[line.kind]
  return html`<tr class="${line.kind}">
      <td class="n">${line.before ?? ''}</td>
      <td class="n">${line.after ?? ''}</td>
      <td class="t">${sign}${line.text}</td>
    </tr>
    ${here.map(
      ({ run, note }) =>
        html`<tr class="noted">
          <td colspan="3">${annotationNote(visit, note, run)}</td>
        </tr>`,
    )}`
}
