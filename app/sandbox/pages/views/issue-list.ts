/** Lists of issues and of pull requests. `?state=` takes open (default), closed or all. */
import { html } from 'hono/html'
import type { Issue } from '../../model/issue.ts'
import { pullOfIssue } from '../../model/pull.ts'
import { labelsOf } from '../../render/issue.ts'
import { checkIcon } from '../parts/check-icon.ts'
import { checksAt } from '../parts/check-list.ts'
import { author, labelColours, labelPill, stateOf, when } from '../parts/small-parts.ts'
import { NOTHING, type Page, type Piece, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

/** Rows of one page; a sandbox seldom has more. */
const SHOWN = 100

export function issueListPage(visit: RepoVisit, kind: 'issues' | 'pulls'): Page {
  const { world, repo, base } = visit
  const wanted = visit.url.searchParams.get('state') ?? 'open'
  const all = world.state.issues.where(
    (one) => one.repositoryId === repo.id && (kind === 'pulls') === (one.pull !== null),
  )
  const rows = all
    .filter((one) => wanted === 'all' || one.state === wanted)
    .toSorted((a, b) => b.number - a.number)
    .slice(0, SHOWN)
  const count = (state: Issue['state']) => all.filter((one) => one.state === state).length
  const link = (state: Issue['state'], words: string) =>
    html`<a href="${base}/${kind}?state=${state}" class="${wanted === state ? 'here' : ''}"
      >${count(state)} ${words}</a
    >`
  return {
    title: kind === 'issues' ? 'Issues' : 'Pull requests',
    live: true,
    main: html`${repositoryHeader(visit, kind)} ${labelColours(rows.flatMap((one) => labelsOf(world, one)))}
      <div class="row spread">
        <span class="filter">${link('open', 'Open')} ${link('closed', 'Closed')}</span>
        ${kind === 'issues' ? html`<a class="button primary" href="${base}/issues/new">New issue</a>` : NOTHING}
      </div>
      ${
        rows.length === 0
          ? html`<p class="blank">${emptyWords(visit, kind, wanted, all.length)}</p>`
          : html`<ul class="list issues">
              ${rows.map((one) => row(visit, one))}
            </ul>`
      }`,
  }
}

/** What to do next, where there is nothing to see. */
function emptyWords(visit: RepoVisit, kind: 'issues' | 'pulls', wanted: string, all: number): Piece {
  if (all > 0) return html`None is ${wanted}.`
  return kind === 'issues'
    ? html`No issues yet. <a href="${visit.base}/issues/new">Write the first one</a>, then comment <code>/task</code>.`
    : html`No pull requests yet: push a branch and open one through the API.`
}

function row(visit: RepoVisit, issue: Issue): Piece {
  const { world, base } = visit
  const pull = issue.pull ? pullOfIssue(world.state, issue.id) : undefined
  const [worst] = pull ? checksAt(visit, pull.headSha) : []
  const comments = world.state.comments.where((one) => one.issueId === issue.id).length
  return html`<li>
    <span class="dot ${stateOf(issue).toLowerCase()}" title="${stateOf(issue)}"></span>
    <div class="grow">
      <a class="title" href="${base}/${issue.pull ? 'pull' : 'issues'}/${issue.number}">${issue.title}</a>
      ${worst ? checkIcon(worst) : NOTHING} ${labelsOf(world, issue).map((label) => html`${labelPill(label)} `)}
      <p class="muted">
        #${issue.number} opened ${when(issue.createdAt)} by ${author(world, issue.authorId)}
        ${issue.pinned ? '· 📌 pinned' : ''}
      </p>
    </div>
    ${comments > 0 ? html`<span class="muted" title="Comments">💬 ${comments}</span>` : NOTHING}
  </li>`
}
