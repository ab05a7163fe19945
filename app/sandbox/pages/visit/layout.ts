/** The frame of every page: head, top bar, repository header with its tabs. Everything put into it is escaped by `html`. */
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { pullsOf } from '../../model/pull.ts'
import { fullName } from '../../render/repository.ts'
import type { RepoVisit, Visit } from './visit.ts'

/** A piece of a page: `html` makes them, and escapes all that is not one. */
export type Piece = HtmlEscapedString | Promise<HtmlEscapedString>
export const NOTHING = raw('')

export interface Page {
  readonly title: string
  readonly main: Piece
  /** Looks for news every few seconds. */
  readonly live?: boolean
  readonly status?: number
}

export type Tab = 'code' | 'issues' | 'pulls' | 'actions'

export function layout(visit: Visit, page: Page, version: string): Piece {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · Sandbox</title>
        <link rel="icon" href="/_pages/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/_pages/style.css" />
        <script src="/_pages/send-by-keys.js" defer></script>
        ${page.live ? html`<script src="/_pages/refresh.js" defer></script>` : NOTHING}
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">GitHub sandbox</a>
          ${visit.viewer ? loggedIn(visit, visit.viewer.login) : loginLink(visit)}
        </header>
        <main data-version="${version}">${page.main}</main>
      </body>
    </html>`
}

function loggedIn(visit: Visit, login: string): Piece {
  return html`<form method="post" action="/logout" class="who">
    ${tokenField(visit)}<span>${login}</span>
    <a href="/login?next=${encodeURIComponent(visit.url.pathname)}">switch</a>
    <button class="link">log out</button>
  </form>`
}

function loginLink(visit: Visit): Piece {
  return html`<a class="who" href="/login?next=${encodeURIComponent(visit.url.pathname)}">Log in as …</a>`
}

/** Goes into every form. */
export function tokenField(visit: Visit): Piece {
  return html`<input type="hidden" name="form_token" value="${visit.formToken}" />`
}

export function repositoryHeader(visit: RepoVisit, tab: Tab): Piece {
  const { world, repo, base } = visit
  const issues = world.state.issues.where((one) => one.repositoryId === repo.id && one.state === 'open')
  const pulls = pullsOf(world.state).where((one) => issues.some((issue) => issue.id === one.issueId))
  const [owner = '', name = ''] = fullName(world, repo).split('/')
  const link = (key: Tab, path: string, label: string, count?: number) =>
    html`<a href="${base}${path}" class="${key === tab ? 'here' : ''}" ${key === tab ? raw('aria-current="page"') : ''}
      >${label}${count === undefined ? '' : html` <span class="count">${count}</span>`}</a
    >`
  return html`<div class="repo">
    <h1>
      <a href="/${encodeURIComponent(owner)}">${owner}</a> / <a href="${base}"><strong>${name}</strong></a>
      <span class="outlined">${repo.private ? 'Private' : 'Public'}${repo.archived ? ' archive' : ''}</span>
    </h1>
    <nav>
      ${link('code', '', 'Code')}${link('issues', '/issues', 'Issues', issues.filter((one) => !one.pull).length)}
      ${link('pulls', '/pulls', 'Pull requests', pulls.length)}${link('actions', '/actions', 'Actions')}
    </nav>
  </div>`
}
