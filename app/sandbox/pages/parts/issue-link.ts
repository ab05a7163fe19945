/** A line for another issue: its state, title and number; nothing of one that the viewer may not see. */
import { html } from 'hono/html'
import { maySee } from '../../auth/access.ts'
import type { Issue } from '../../model/issue.ts'
import { repositoryOfIssue } from '../../render/issue.ts'
import { fullName } from '../../render/repository.ts'
import { NOTHING, type Piece } from '../visit/layout.ts'
import { pathOf, type RepoVisit } from '../visit/visit.ts'
import { stateOf } from './small-parts.ts'

interface Seen {
  readonly path: string
  /** `#7`, or `acme/gadgets#7` from elsewhere. */
  readonly name: string
}

function look(visit: RepoVisit, issue: Issue): Seen | undefined {
  const { world } = visit
  const repository = repositoryOfIssue(world, issue)
  if (!maySee(world, visit.caller, repository)) return undefined
  const place = repository.id === visit.repo.id ? '' : fullName(world, repository)
  const path = `${pathOf(world, repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
  return { path, name: `${place}#${issue.number}` }
}

export function issueLink(visit: RepoVisit, issue: Issue): Piece {
  const seen = look(visit, issue)
  if (!seen) return NOTHING
  return html`<li class="issue-link">
    <span class="dot ${stateOf(issue).toLowerCase()}" title="${stateOf(issue)}"></span>
    <a href="${seen.path}">${issue.title}</a> <span class="muted">${seen.name}</span>
  </li>`
}

/** The number alone, as a link. */
export function issueReference(visit: RepoVisit, issue: Issue): Piece {
  const seen = look(visit, issue)
  return seen ? html`<a href="${seen.path}">${seen.name}</a>` : NOTHING
}
