/** The smallest pieces of pages: times, accounts, labels, icons, text boxes. */
import { html } from 'hono/html'
import type { Issue } from '../../model/issue.ts'
import type { Label } from '../../model/repository.ts'
import type { World } from '../../world.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'

/** Absolute, so that a page changes only when something happened. UTC. */
export function when(ms: number): Piece {
  const iso = new Date(ms).toISOString()
  const shown = `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(11, 16)}`
  return html`<time datetime="${iso}" title="${iso}">${shown}</time>`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

export function avatar(world: World, accountId: number): Piece {
  const account = world.state.accounts.get(accountId)
  const login = account?.login ?? '?'
  const kind = account?.type === 'Bot' ? 'bot' : ''
  return html`<span class="avatar a${accountId % 8} ${kind}" aria-hidden="true"
    >${login.slice(0, 1).toUpperCase()}</span
  >`
}

/** The login as GitHub shows it: a bot without its brackets, with a badge. */
export function author(world: World, accountId: number): Piece {
  const account = world.state.accounts.get(accountId)
  if (!account) return html`<strong>ghost</strong>`
  const name = account.login.replace(/\[bot\]$/, '')
  const badge = account.type === 'Bot' ? html` <span class="outlined">bot</span>` : NOTHING
  return html`<a class="author" href="/${encodeURIComponent(account.login)}">${name}</a>${badge}`
}

export function labelPill(label: Pick<Label, 'name' | 'color'> & { readonly description?: string | null }): Piece {
  return html`<span class="label c-${colour(label.color)}" title="${label.description ?? ''}">${label.name}</span>`
}

const colour = (hex: string): string => (/^[0-9a-f]{6}$/i.test(hex) ? hex.toLowerCase() : 'ededed')

/** The colours of a page's labels as a stylesheet of their own: the policy forbids styles inside the page. */
export function labelColours(labels: readonly Pick<Label, 'color'>[]): Piece {
  const hexes = [...new Set(labels.map((label) => colour(label.color)))].toSorted()
  return hexes.length === 0 ? NOTHING : html`<link rel="stylesheet" href="/_pages/colours/${hexes.join('-')}.css" />`
}

/** The word in the coloured pill under a title. */
export function stateOf(issue: Issue): 'Open' | 'Closed' | 'Merged' | 'Draft' {
  if (issue.pull?.mergedAt) return 'Merged'
  if (issue.state === 'closed') return 'Closed'
  return issue.pull?.draft ? 'Draft' : 'Open'
}

export function statePill(issue: Issue): Piece {
  const state = stateOf(issue)
  const skipped = state === 'Closed' && issue.stateReason === 'not_planned'
  return html`<span class="state ${issue.pull ? 'pull' : 'issue'} ${state.toLowerCase()} ${skipped ? 'skipped' : ''}"
    >${state}${skipped ? ' as not planned' : ''}</span
  >`
}

/** A browser drops the first line break of a textarea: one more keeps the text as it is. */
export function textBox(name: string, text: string, rows: number, hint = ''): Piece {
  return html`<textarea name="${name}" rows="${rows}" placeholder="${hint}" aria-label="${hint || name}">
${text}</textarea>`
}
