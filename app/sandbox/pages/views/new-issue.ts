/** The form for a new issue. */
import { html } from 'hono/html'
import { textBox } from '../parts/small-parts.ts'
import { type Page, repositoryHeader, tokenField } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

export function newIssuePage(visit: RepoVisit): Page {
  const login = `/login?next=${encodeURIComponent(visit.url.pathname)}`
  return {
    title: 'New issue',
    main: html`${repositoryHeader(visit, 'issues')}
    ${
      visit.viewer
        ? html`<form method="post" action="${visit.base}/issues" class="box tall">
            ${tokenField(visit)}
            <input name="title" placeholder="Title" aria-label="Title" required />
            ${textBox('body', '', 12, 'Describe it')}
            <div class="row"><button class="primary">Create</button></div>
          </form>`
        : html`<p class="blank"><a href="${login}">Log in as one of the people</a> to write an issue.</p>`
    }`,
  }
}
