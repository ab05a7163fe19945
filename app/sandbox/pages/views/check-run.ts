/** A check run: conclusion, title, summary, text, annotations with the code they are about, and its buttons. */
import { html, raw } from 'hono/html'
import { changedFiles, compareCommits } from '../../git/git-history.ts'
import { readCommit, readTextFile } from '../../git/git-objects.ts'
import { gitOf } from '../../git/world-git.ts'
import type { Annotation, CheckRun } from '../../model/check.ts'

import { jobsOf } from '../../model/workflow.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { annotationNote } from '../parts/annotation-note.ts'
import { checkButtons } from '../parts/check-buttons.ts'
import { checkIcon, lookOf } from '../parts/check-icon.ts'
import { codeExcerpt } from '../parts/code-excerpt.ts'
import { readDiff } from '../parts/diff-lines.ts'
import { pullsOfCheck } from '../parts/pulls-of-check.ts'
import { when } from '../parts/small-parts.ts'
import { NOTHING, type Page, type Piece, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

/** Lines of code shown before and after what an annotation is about. */
const AROUND = 3
/** Annotations shown with their code. */
const SHOWN = 100

export async function checkRunPage(visit: RepoVisit, run: CheckRun): Promise<Page> {
  const pulls = pullsOfCheck(visit.world, run)
  return {
    title: run.name,
    live: true,
    main: html`${repositoryHeader(visit, pulls.length > 0 ? 'pulls' : 'code')}
      <div class="headline">
        <h1>${checkIcon(run)} ${run.name}</h1>
        <p class="muted">
          on <a href="${visit.base}/commit/${run.headSha}"><code>${run.headSha.slice(0, 7)}</code></a>
          ${pulls.map((one) => html`· <a href="${visit.base}/pull/${one.number}/checks">#${one.number}</a> `)} ·
          ${visit.world.state.apps.get(run.appId)?.name ?? ''} · ${lookOf(run).words}
          ${run.completedAt === null ? NOTHING : when(run.completedAt)}
        </p>
      </div>
      ${await checkRunBody(visit, run)}`,
  }
}

/** All below the name: shared with the Checks tab. */
export async function checkRunBody(visit: RepoVisit, run: CheckRun): Promise<Piece> {
  const text = (markdown: string | null) =>
    markdown === null || markdown === ''
      ? NOTHING
      : html`<div class="markdown">${raw(renderMarkdown(visit, markdown))}</div>`
  return html`<section class="box check-run">
    <div class="row spread">
      <h2>${run.title ?? lookOf(run).words}</h2>
      ${checkButtons(visit, run)}
    </div>
    ${text(run.summary)} ${text(run.text)} ${details(visit, run)}
    ${
      run.annotations.length === 0
        ? NOTHING
        : html`<h2>Annotations</h2>
            ${await annotations(visit, run)}`
    }
  </section>`
}

/** To what the App, or the workflow, has more to say; only where that is a web address. */
function details(visit: RepoVisit, run: CheckRun): Piece {
  const job = run.jobId === null ? undefined : jobsOf(visit.world.state).get(run.jobId)
  const href = job ? `${visit.base}/actions/runs/${job.runId}#job-${job.id}` : (run.detailsUrl ?? '')
  return /^(?:https?:\/\/|\/(?!\/))/.test(href)
    ? html`<p><a href="${href}" rel="nofollow noopener noreferrer">View more details</a></p>`
    : NOTHING
}

async function annotations(visit: RepoVisit, run: CheckRun): Promise<Piece> {
  const notes = run.annotations.slice(0, SHOWN)
  const added = await addedLines(visit, run)
  const git = gitOf(visit.world.state, visit.repo)
  const paths = [...new Set(notes.map((one) => one.path))]
  const texts = new Map<string, string | undefined>()
  for (const path of paths) texts.set(path, await readTextFile(git, run.headSha, path))
  const left = run.annotations.length - notes.length
  return html`${notes.map((note) => annotated(visit, run, note, texts.get(note.path), added.get(note.path)))}
  ${left > 0 ? html`<p class="muted">${left} more annotations are not shown.</p>` : NOTHING}`
}

function annotated(
  visit: RepoVisit,
  run: CheckRun,
  note: Annotation,
  text: string | undefined,
  added: ReadonlySet<number> = new Set(),
): Piece {
  const { start_line: start, end_line: end } = note
  const where = `${note.path}:${start}${end === start ? '' : `–${end}`}`
  const href = `${visit.base}/blob/${run.headSha}/${note.path.split('/').map(encodeURIComponent).join('/')}#L${start}`
  return html`<section class="file">
    <header>
      ${text === undefined ? html`<code>${where}</code>` : html`<a href="${href}"><code>${where}</code></a>`}
    </header>
    ${
      text === undefined
        ? NOTHING
        : codeExcerpt({ text, from: start - AROUND, to: end + AROUND, added, marked: [start, end] })
    }
    ${annotationNote(visit, note)}
  </section>`
}

/** Path → lines that the pull request, or else the commit itself, added. */
async function addedLines(visit: RepoVisit, run: CheckRun): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const git = gitOf(visit.world.state, visit.repo)
  const [pull] = pullsOfCheck(visit.world, run)
  const commit = await readCommit(git, run.headSha)
  if (!commit) return new Map()
  const files = pull
    ? (await compareCommits(git, pull.baseSha, run.headSha)).files
    : await changedFiles(git, commit.parents[0], run.headSha)
  return new Map(
    files.map((file) => {
      const added = readDiff(file.patch ?? '').filter((line) => line.kind === 'added')
      return [file.path, new Set(added.map((line) => line.after ?? 0))]
    }),
  )
}
