/** A pull request: its conversation with the merge box, its checks, its changed files with annotations. */
import { html } from 'hono/html'
import { compareCommits } from '../../git/git-history.ts'
import { gitOf } from '../../git/world-git.ts'
import type { Issue } from '../../model/issue.ts'
import type { Pull } from '../../model/pull.ts'
import { issueOfPull } from '../../render/pull.ts'
import { checkIcon, lookOf } from '../parts/check-icon.ts'
import { checkList, checksAt } from '../parts/check-list.ts'
import { diffTable } from '../parts/diff-table.ts'
import { mergeBox } from '../parts/merge-box.ts'
import { NOTHING, type Page, type Piece, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'
import { checkRunBody } from './check-run.ts'
import { threadPage, threadTitle } from './thread.ts'

type Tab = 'conversation' | 'checks' | 'files'

export async function pullPage(visit: RepoVisit, pull: Pull): Promise<Page> {
  const issue = issueOfPull(visit.world, pull)
  const before = html`${await commitList(visit, pull)} ${mergeBox(visit, pull, issue)}`
  return threadPage(visit, issue, { under: under(visit, pull, 'conversation'), before })
}

/** Every check of the head with its output, as the Checks tab shows them one below another. */
export async function pullChecksPage(visit: RepoVisit, pull: Pull): Promise<Page> {
  const runs = checksAt(visit, pull.headSha)
  const bodies: Piece[] = []
  for (const run of runs)
    bodies.push(
      html`<details class="check-body" ${lookOf(run).tone === 'bad' ? 'open' : ''}>
        <summary>${checkIcon(run)} <strong>${run.name}</strong> <span class="muted">${run.title ?? ''}</span></summary>
        ${await checkRunBody(visit, run)}
      </details>`,
    )
  const content = html`${
    runs.length === 0
      ? html`<p class="blank">No checks have been reported for <code>${pull.headSha.slice(0, 7)}</code>.</p>`
      : html`${checkList(visit, runs)} ${bodies}`
  }`
  return tabPage(visit, issueOfPull(visit.world, pull), under(visit, pull, 'checks'), content)
}

export async function pullFilesPage(visit: RepoVisit, pull: Pull): Promise<Page> {
  const { files } = await compareCommits(gitOf(visit.world.state, visit.repo), pull.baseSha, pull.headSha)
  const notes = checksAt(visit, pull.headSha).flatMap((run) => run.annotations.map((note) => ({ run, note })))
  const content = html`${files.map((file) => diffTable(visit, file, notes))}`
  return tabPage(visit, issueOfPull(visit.world, pull), under(visit, pull, 'files'), content)
}

function tabPage(visit: RepoVisit, issue: Issue, tabs: Piece, content: Piece): Page {
  return {
    title: `${issue.title} #${issue.number}`,
    live: true,
    main: html`${repositoryHeader(visit, 'pulls')} ${threadTitle(visit, issue)} ${tabs} ${content}`,
  }
}

function under(visit: RepoVisit, pull: Pull, here: Tab): Piece {
  const at = `${visit.base}/pull/${pull.number}`
  const tab = (key: Tab, path: string, words: string) =>
    html`<a href="${at}${path}" class="${key === here ? 'here' : ''}">${words}</a>`
  return html`<p class="branches"><code>${pull.baseRef}</code> ← <code>${pull.headRef}</code></p>
    <nav class="tabs">
      ${tab('conversation', '', 'Conversation')}${tab('checks', '/checks', `Checks ${checksAt(visit, pull.headSha).length}`)}
      ${tab('files', '/files', `Files changed ${pull.changedFiles}`)}
    </nav>`
}

async function commitList(visit: RepoVisit, pull: Pull): Promise<Piece> {
  const git = gitOf(visit.world.state, visit.repo)
  const { commits } = await compareCommits(git, pull.baseSha, pull.headSha)
  if (commits.length === 0) return NOTHING
  return html`<ul class="commits">
    ${commits.map(
      (one) =>
        html`<li>
          <span class="grow">${one.message.split('\n')[0]}</span>
          <a href="${visit.base}/commit/${one.sha}"><code>${one.sha.slice(0, 7)}</code></a>
        </li>`,
    )}
  </ul>`
}
