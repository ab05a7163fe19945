/** The reactions under a text: each a button that adds or takes back one's own. */
import { html } from 'hono/html'
import { REACTIONS, type Reaction, type ReactionContent } from '../../model/issue.ts'
import { reactionsOn } from '../../render/reaction.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

const FACES = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
} as const satisfies Record<ReactionContent, string>

/** `action` is where the forms go. */
export function reactionsRow(visit: RepoVisit, subject: Reaction['subject'], action: string): Piece {
  const found = reactionsOn(visit.world, subject)
  const given = REACTIONS.filter((content) => found.some((one) => one.content === content))
  const count = (content: ReactionContent) => found.filter((one) => one.content === content)
  const viewer = visit.viewer
  if (!viewer) {
    if (given.length === 0) return NOTHING
    return html`<div class="reactions">
      ${given.map((one) => html`<span class="reaction">${FACES[one]} ${count(one).length}</span>`)}
    </div>`
  }
  const button = (content: ReactionContent, shown: string) => {
    const mine = count(content).find((one) => one.userId === viewer.id)
    return html`<form method="post" action="${action}">
      ${tokenField(visit)}<input type="hidden" name="content" value="${content}" />
      ${mine ? html`<input type="hidden" name="reaction_id" value="${mine.id}" />` : NOTHING}
      <button class="reaction ${mine ? 'mine' : ''}" aria-label="${content}">${shown}</button>
    </form>`
  }
  const rest = REACTIONS.filter((content) => !given.includes(content))
  return html`<div class="reactions">
    ${given.map((one) => button(one, `${FACES[one]} ${count(one).length}`))}
    <details class="menu">
      <summary title="Add a reaction">☺</summary>
      <div>${rest.map((one) => button(one, FACES[one]))}</div>
    </details>
  </div>`
}
