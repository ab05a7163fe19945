/** One commit: message, author, parents, checks, changed files with annotations. */
import { html } from 'hono/html'
import { changedFiles } from '../../git/git-history.ts'
import { readCommit } from '../../git/git-objects.ts'
import { resolveCommit } from '../../git/git-refs.ts'
import { gitOf } from '../../git/world-git.ts'
import { notFound } from '../../http/errors.ts'
import { checkList, checksAt } from '../parts/check-list.ts'
import { diffTable } from '../parts/diff-table.ts'
import { when } from '../parts/small-parts.ts'
import { NOTHING, type Page, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

export async function commitPage(visit: RepoVisit, revision: string): Promise<Page> {
  const git = gitOf(visit.world.state, visit.repo)
  const sha = await resolveCommit(git, revision)
  const commit = sha === undefined ? undefined : await readCommit(git, sha)
  if (!commit) throw notFound()
  const files = await changedFiles(git, commit.parents[0], commit.sha)
  const runs = checksAt(visit, commit.sha)
  const notes = runs.flatMap((run) => run.annotations.map((note) => ({ run, note })))
  const [title = '', ...rest] = commit.message.split('\n')
  const body = rest.join('\n').trim()
  return {
    title,
    live: true,
    main: html`${repositoryHeader(visit, 'code')}
      <div class="headline">
        <h1>${title}</h1>
        <p class="muted">
          ${commit.author.name} committed ${when(Date.parse(commit.author.date))} ·
          <code>${commit.sha.slice(0, 12)}</code> ${commit.parents.map(
            (one) => html`· parent <a href="${visit.base}/commit/${one}"><code>${one.slice(0, 7)}</code></a> `,
          )}
        </p>
      </div>
      ${body === '' ? NOTHING : html`<pre class="wrap">${body}</pre>`}
      ${runs.length === 0 ? NOTHING : checkList(visit, runs)} ${files.map((file) => diffTable(visit, file, notes))}`,
  }
}
