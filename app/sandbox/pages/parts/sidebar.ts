/** What stands beside a thread: assignees, labels with their forms, relations to other issues. */
import { html } from 'hono/html'
import { closedByPull } from '../../changes/closing-keywords.ts'
import type { Issue } from '../../model/issue.ts'
import { pullOfIssue, pullsOf } from '../../model/pull.ts'
import { labelsOf } from '../../render/issue.ts'
import { issueOfPull } from '../../render/pull.ts'
import { NOTHING, type Piece, tokenField } from '../visit/layout.ts'
import { type RepoVisit, viewerIs } from '../visit/visit.ts'
import { issueLink } from './issue-link.ts'
import { author, avatar, labelPill } from './small-parts.ts'

export function sidebar(visit: RepoVisit, issue: Issue, forms: string): Piece {
  const { issues, milestones } = visit.world.state
  const milestone = issue.milestoneId === null ? undefined : milestones.get(issue.milestoneId)
  const byIds = (ids: readonly number[]) => ids.map((id) => issues.get(id)).filter((one) => one !== undefined)
  const parent = issue.parentId === null ? [] : byIds([issue.parentId])
  return html`<aside>
    ${part(
      'Assignees',
      issue.assigneeIds.length === 0
        ? html`<span class="muted">No one</span>`
        : html`${issue.assigneeIds.map((id) => html`<p>${avatar(visit.world, id)} ${author(visit.world, id)}</p>`)}`,
    )}
    ${part('Labels', labelPart(visit, issue, forms))}
    ${related(visit, issue.pull ? 'Closes when merged' : 'Closed by', linkedByKeyword(visit, issue))}
    ${milestone ? part('Milestone', html`${milestone.title}`) : NOTHING} ${related(visit, 'Parent issue', parent)}
    ${related(visit, 'Sub-issues', byIds(issue.subIssueIds))} ${related(visit, 'Blocked by', byIds(issue.blockedByIds))}
    ${related(
      visit,
      'Blocking',
      issues.where((one) => one.blockedByIds.includes(issue.id)),
    )}
  </aside>`
}

/** For a pull request what its text promises to close; for an issue the open pull requests that promise it. */
function linkedByKeyword(visit: RepoVisit, issue: Issue): readonly Issue[] {
  const { world } = visit
  const own = issue.pull ? pullOfIssue(world.state, issue.id) : undefined
  if (own) return own.merged ? [] : closedByPull(world, visit.repo, own)
  return pullsOf(world.state)
    .where((pull) => pull.repositoryId === visit.repo.id)
    .filter((pull) => closedByPull(world, visit.repo, pull).some((one) => one.id === issue.id))
    .map((pull) => issueOfPull(world, pull))
}

function part(title: string, content: Piece): Piece {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`
}

function related(visit: RepoVisit, title: string, found: readonly Issue[]): Piece {
  const lines = found.map((one) => issueLink(visit, one)).filter((one) => one !== NOTHING)
  return lines.length === 0
    ? NOTHING
    : part(
        title,
        html`<ul class="plain">
          ${lines}
        </ul>`,
      )
}

function labelPart(visit: RepoVisit, issue: Issue, forms: string): Piece {
  const labels = labelsOf(visit.world, issue)
  if (!viewerIs(visit, 'triage'))
    return labels.length === 0
      ? html`<span class="muted">None yet</span>`
      : html`${labels.map((label) => html`${labelPill(label)} `)}`
  const known = visit.world.state.labels.where((one) => one.repositoryId === visit.repo.id && !labels.includes(one))
  return html`${labels.map(
      (label) =>
        html`<form method="post" action="${forms}/unlabel" class="inline">
          ${tokenField(visit)}<input type="hidden" name="label" value="${label.name}" />${labelPill(label)}
          <button class="link" aria-label="Remove ${label.name}" title="Remove">×</button>
        </form>`,
    )}
    <form method="post" action="${forms}/labels" class="add-label">
      ${tokenField(visit)}<input name="label" list="labels" placeholder="Add a label" aria-label="Label" required />
      <datalist id="labels">${known.map((label) => html`<option value="${label.name}"></option>`)}</datalist>
      <button>Add</button>
    </form>`
}
