/** "edited", which opens to every version with who wrote it and when. */
import { html } from 'hono/html'
import type { Edit } from '../../model/issue.ts'
import type { World } from '../../world.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import { author, when } from './small-parts.ts'

/** Versions shown; a card that a bot keeps rewriting has hundreds. */
const SHOWN = 10

export function editHistory(world: World, edits: readonly Edit[]): Piece {
  const last = edits.at(-1)
  const first = edits[0]
  if (!last || !first) return NOTHING
  const versions = edits.toReversed().slice(0, SHOWN)
  const left = edits.length - versions.length
  return html`<details class="menu edits">
    <summary>• edited${last.editorId === first.editorId ? '' : html` by ${loginOf(world, last.editorId)}`}</summary>
    <div>
      <p class="muted">Edited ${edits.length - 1} ${edits.length === 2 ? 'time' : 'times'}</p>
      ${versions.map(
        (one) =>
          html`<details>
            <summary>${author(world, one.editorId)} ${one === first ? 'wrote' : 'edited'} ${when(one.at)}</summary>
            <pre>${one.body}</pre>
          </details>`,
      )}
      ${left > 0 ? html`<p class="muted">and ${left} older versions</p>` : NOTHING}
    </div>
  </details>`
}

function loginOf(world: World, id: number): string {
  return world.state.accounts.get(id)?.login ?? 'ghost'
}
