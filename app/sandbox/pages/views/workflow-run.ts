/** Workflow runs: their list, and one run with its jobs, steps, logs and artifacts. */
import { html } from 'hono/html'
import { artifactPath, hasExpired } from '../../actions/artifact-path.ts'
import { blobLink } from '../../actions/blob-store.ts'
import { GitHubError, notFound, requiresAuthentication } from '../../http/errors.ts'
import {
  type Artifact,
  artifactsOf,
  jobsOf,
  runsOf,
  type WorkflowJob,
  type WorkflowRun,
  workflowsOf,
} from '../../model/workflow.ts'
import { checkIcon } from '../parts/check-icon.ts'
import { when } from '../parts/small-parts.ts'
import { NOTHING, type Page, type Piece, repositoryHeader } from '../visit/layout.ts'
import type { RepoVisit } from '../visit/visit.ts'

/** Runs in the list, and the last lines of a job's log. */
const SHOWN_RUNS = 100
const SHOWN_LINES = 500

export function workflowRunsPage(visit: RepoVisit): Page {
  const runs = runsOf(visit.world.state).where((one) => one.repositoryId === visit.repo.id)
  const row = (run: WorkflowRun) =>
    html`<li>
      ${checkIcon(run)}
      <span class="grow"
        ><a href="${visit.base}/actions/runs/${run.id}"><strong>${run.title}</strong></a>
        <span class="muted">${nameOf(visit, run)} #${run.number} · ${run.event} · ${run.headBranch}</span></span
      >
      <span class="muted">${when(run.createdAt)}</span>
    </li>`
  return {
    title: 'Actions',
    live: true,
    main: html`${repositoryHeader(visit, 'actions')}
    ${
      runs.length === 0
        ? html`<p class="blank">No workflow has run.</p>`
        : html`<ul class="checks">
            ${runs.toReversed().slice(0, SHOWN_RUNS).map(row)}
          </ul>`
    }`,
  }
}

export function findRun(visit: RepoVisit, id: string): WorkflowRun {
  const run = runsOf(visit.world.state).get(Number(id))
  if (run?.repositoryId !== visit.repo.id) throw notFound()
  return run
}

export function workflowRunPage(visit: RepoVisit, run: WorkflowRun): Page {
  const { state } = visit.world
  const jobs = jobsOf(state).where((one) => one.runId === run.id && one.attempt === run.attempt)
  const artifacts = artifactsOf(state).where((one) => one.runId === run.id && one.finalized)
  return {
    title: run.title,
    live: true,
    main: html`${repositoryHeader(visit, 'actions')}
      <div class="headline">
        <h1>${checkIcon(run)} ${run.title} <span class="muted">#${run.number}</span></h1>
        <p class="muted">
          ${nameOf(visit, run)} · ${run.event} · ${run.headBranch} ·
          <a href="${visit.base}/commit/${run.headSha}"><code>${run.headSha.slice(0, 7)}</code></a>
          ${run.attempt > 1 ? html`· attempt ${run.attempt}` : NOTHING}
        </p>
      </div>
      ${jobs.map((job) => jobPart(visit, job))}
      ${
        artifacts.length === 0
          ? NOTHING
          : html`<h2>Artifacts</h2>
              <ul class="checks">
                ${artifacts.map((one) => artifactRow(visit, run, one))}
              </ul>`
      }`,
  }
}

/** Where the bytes are, for those who are logged in, as on GitHub. */
export function artifactAddress(visit: RepoVisit, run: WorkflowRun, id: string): string {
  const { state } = visit.world
  const artifact = artifactsOf(state).get(Number(id))
  if (artifact?.runId !== run.id || !artifact.finalized) throw notFound()
  if (!visit.viewer) throw requiresAuthentication()
  if (hasExpired(state, artifact)) throw new GitHubError(410, 'Artifact has expired')
  return blobLink(visit.world, artifactPath(state, artifact), 60_000)
}

function nameOf(visit: RepoVisit, run: WorkflowRun): string {
  return workflowsOf(visit.world.state).get(run.workflowId)?.name ?? ''
}

function jobPart(visit: RepoVisit, job: WorkflowJob): Piece {
  const lines = job.log.split('\n')
  return html`<section class="file" id="job-${job.id}">
    <header>
      <span>${checkIcon(job)} <strong>${job.name}</strong></span>
      <a class="muted" href="${visit.base}/runs/${job.checkRunId}">check</a>
    </header>
    <ul class="plain steps">
      ${job.steps.map((step) => html`<li>${checkIcon(step)} ${step.name}</li>`)}
    </ul>
    ${
      job.log === ''
        ? NOTHING
        : html`<details>
            <summary>Log</summary>
            <pre>${lines.slice(-SHOWN_LINES).join('\n')}</pre>
          </details>`
    }
  </section>`
}

function artifactRow(visit: RepoVisit, run: WorkflowRun, artifact: Artifact): Piece {
  return html`<li>
    <a class="grow" href="${visit.base}/actions/runs/${run.id}/artifacts/${artifact.id}">${artifact.name}</a>
    <span class="muted">${artifact.size} bytes</span>
  </li>`
}
