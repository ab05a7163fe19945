/** The check runs of one commit, as the merge box and the lists show them: the newest of each name, failures first. */
import { html } from 'hono/html'
import { type CheckRun, checkRunsOf } from '../../model/check.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'
import { checkIcon, lookOf } from './check-icon.ts'

const ORDER = ['bad', 'waiting', 'quiet', 'good'] as const

export function checksAt(visit: RepoVisit, sha: string): CheckRun[] {
  const all = checkRunsOf(visit.world.state).where((one) => one.repositoryId === visit.repo.id && one.headSha === sha)
  const newest = new Map(all.map((one) => [`${one.suiteId} ${one.name}`, one]))
  const rank = (run: CheckRun) => ORDER.indexOf(lookOf(run).tone)
  return [...newest.values()].toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

export function checkList(visit: RepoVisit, runs: readonly CheckRun[]): Piece {
  return html`<ul class="checks">
    ${runs.map((run) => {
      const app = visit.world.state.apps.get(run.appId)?.name ?? ''
      return html`<li>
        ${checkIcon(run)}
        <span class="grow"
          ><a href="${visit.base}/runs/${run.id}"><strong>${run.name}</strong></a>
          <span class="muted">${app} — ${run.title ?? lookOf(run).words}</span></span
        >
        ${run.annotations.length > 0 ? html`<span class="muted">${annotations(run.annotations.length)}</span>` : NOTHING}
      </li>`
    })}
  </ul>`
}

function annotations(count: number): string {
  return count === 1 ? '1 annotation' : `${count} annotations`
}

/** One sentence for all of them, with the sign of the worst. */
export function checkSummary(runs: readonly CheckRun[]): {
  readonly worst: CheckRun | undefined
  readonly words: string
} {
  const [worst] = runs
  const tones = new Set(runs.map((run) => lookOf(run).tone))
  if (tones.has('bad')) return { worst, words: 'Some checks were not successful' }
  if (tones.has('waiting')) return { worst, words: 'Some checks haven’t completed yet' }
  return { worst, words: 'All checks have passed' }
}
