/** One text of a thread: the description or a comment, with its author, history, reactions, and the forms to change it. */
import { html, raw } from 'hono/html'
import type { Edit, Reaction } from '../../model/issue.ts'
import { authorAssociation } from '../../render/association.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'
import { editHistory } from './edit-history.ts'
import { reactionsRow } from './reactions-row.ts'
import { author, avatar, textBox, when } from './small-parts.ts'

export interface Card {
  /** The anchor, `issuecomment-12`. */
  readonly anchor: string
  readonly authorId: number
  readonly body: string | null
  readonly at: number
  readonly edits: readonly Edit[]
  readonly subject: Reaction['subject']
  readonly minimized?: string | null
  readonly pinned?: boolean
  /** Where its forms go: `${forms}/edit`, `/react`, and `/delete` unless it is a description. */
  readonly forms: string
}

export function commentCard(visit: RepoVisit, card: Card): Piece {
  const { world, repo } = visit
  const association = authorAssociation(world, repo, card.authorId)
  const badge = association === 'NONE' ? NOTHING : html`<span class="outlined">${title(association)}</span>`
  const body = html`<div class="markdown">${bodyOf(visit, card)}</div>`
  return html`<article class="card ${card.authorId === visit.viewer?.id ? 'own' : ''}" id="${card.anchor}">
    ${avatar(world, card.authorId)}
    <div class="box">
      <header>
        <span
          >${author(world, card.authorId)}
          <a class="muted" href="#${card.anchor}"
            >${card.subject.kind === 'issue' ? 'opened' : 'commented'} ${when(card.at)}</a
          >
          ${editHistory(world, card.edits)} ${card.pinned ? html`<span class="outlined">Pinned</span>` : NOTHING}</span
        >
        <span>${badge} ${mayChange(visit, card) ? changeMenu(visit, card) : NOTHING}</span>
      </header>
      ${
        card.minimized
          ? html`<details class="minimized">
              <summary>This comment was marked as ${card.minimized}.</summary>
              ${body}
            </details>`
          : body
      }
      ${reactionsRow(visit, card.subject, `${card.forms}/react`)}
    </div>
  </article>`
}

function bodyOf(visit: RepoVisit, card: Card): Piece {
  const text = renderMarkdown(visit, card.body ?? '')
  return text.trim() === '' ? html`<p class="muted"><em>No description provided.</em></p>` : raw(text)
}

function mayChange(visit: RepoVisit, card: Card): boolean {
  return visit.viewer?.id === card.authorId || viewerIs(visit, 'write')
}

function changeMenu(visit: RepoVisit, card: Card): Piece {
  const remove = html`<form method="post" action="${card.forms}/delete">
    ${tokenField(visit)}<button class="danger">Delete</button>
  </form>`
  return html`<details class="menu wide">
    <summary title="Edit or delete">…</summary>
    <div>
      <form method="post" action="${card.forms}/edit">
        ${tokenField(visit)}${textBox('body', card.body ?? '', 8, 'Edit this text')}
        <button class="primary">Update</button>
      </form>
      ${card.subject.kind === 'comment' ? remove : NOTHING}
    </div>
  </details>`
}

function title(word: string): string {
  return word.slice(0, 1) + word.slice(1).toLowerCase()
}
