/** A repository's front page, one of its folders, or one of its files. Only what git holds. */
import { html, raw } from 'hono/html'
import { readPath, readTextFile } from '../../git/git-objects.ts'
import { resolveCommit } from '../../git/git-refs.ts'
import { type GitTreeEntry, readTree } from '../../git/read-tree.ts'
import { gitOf } from '../../git/world-git.ts'
import { notFound } from '../../http/errors.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { codeExcerpt } from '../parts/code-excerpt.ts'
import { NOTHING, type Page, type Piece, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

export async function repositoryPage(visit: RepoVisit, path = '', ref?: string): Promise<Page> {
  const revision = ref ?? visit.repo.defaultBranch
  const git = gitOf(visit.world.state, visit.repo)
  const sha = await resolveCommit(git, revision)
  const found = sha === undefined ? undefined : await readPath(git, sha, path)
  if (sha === undefined || !found) {
    if (path !== '' || ref !== undefined) throw notFound()
    return page(visit, path, html`<p class="blank">This repository is empty.</p>`)
  }
  if (found.type === 'blob') return page(visit, path, file(found.content))
  const entries = await readTree(git, `${sha}:${path}`)
  const readme = path === '' ? await readTextFile(git, sha, 'README.md') : undefined
  const at = `${path}${path === '' ? '' : '/'}`
  return page(
    visit,
    path,
    html`<ul class="list files">
        ${sorted(entries).map((one) => html`<li>${line(visit, revision, at, one)}</li>`)}
      </ul>
      ${
        readme === undefined
          ? NOTHING
          : html`<section class="file">
              <header>README.md</header>
              <div class="markdown">${raw(renderMarkdown(visit, readme))}</div>
            </section>`
      }`,
  )
}

function page(visit: RepoVisit, path: string, content: Piece): Page {
  return {
    title: path === '' ? visit.base.slice(1) : path,
    main: html`${repositoryHeader(visit, 'code')}
      <p class="muted">${path === '' ? (visit.repo.description ?? '') : path}</p>
      ${content}`,
  }
}

function line(visit: RepoVisit, revision: string, at: string, entry: GitTreeEntry): Piece {
  const parts = [revision, ...`${at}${entry.path}`.split('/')].map(encodeURIComponent).join('/')
  const folder = entry.type === 'tree'
  return html`<a href="${visit.base}/${folder ? 'tree' : 'blob'}/${parts}">${entry.path}${folder ? '/' : ''}</a>`
}

function sorted(entries: readonly GitTreeEntry[]): GitTreeEntry[] {
  const rank = (one: GitTreeEntry) => (one.type === 'tree' ? 0 : 1)
  return entries.toSorted((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path))
}

function file(content: Buffer): Piece {
  if (content.includes(0)) return html`<p class="blank">A binary file of ${content.length} bytes.</p>`
  return codeExcerpt({ text: content.toString('utf8'), from: 1, to: Number.POSITIVE_INFINITY })
}
