/** Finds what a path names, with GitHub's answers for moved, missing and hidden things. */
import { grants } from '../auth/access.ts'
import { deletedPlacesOf } from '../changes/delete-issue.ts'
import type { Caller } from '../auth/caller.ts'
import { gone, movedPermanently, notAccessible, notFound } from '../http/errors.ts'
import { NOT_STALE } from '../http/staleness.ts'
import type { Issue, IssueComment } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { issuePlace } from '../model/state.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { repositoryUrl } from '../render/repository.ts'
import type { World } from '../world.ts'

export interface In {
  readonly world: World
  readonly caller: Caller
  readonly repo: Repository
  readonly url: URL
  readonly asOf: number
}

/**
 * The issue or pull request of this number; `level` is what an App needs on issues, or on pull requests where it is one.
 * A transferred issue answers 301 with the new address.
 */
export function findIssue(c: In, number: string, level: 'read' | 'write'): Issue {
  const here = (one: Issue) => one.repositoryId === c.repo.id && one.number === Number(number)
  const issue = c.world.state.issues.where(here, singleReadTime(c))[0]
  if (!issue) throw movedOr404(c, Number(number))
  if ('permissions' in c.caller && !(level === 'read' && !c.repo.private)) {
    const needed = issue.pull ? ({ issues: level, pull_requests: level } as const) : ({ issues: level } as const)
    if (!grants(c.caller.permissions, needed)) throw notAccessible(`issues=${level}`)
  }
  return issue
}

/** A comment by id: it must belong to this repository. */
export function findComment(c: In, id: string, level: 'read' | 'write'): { comment: IssueComment; issue: Issue } {
  const comment = c.world.state.comments.where((one) => one.id === Number(id), singleReadTime(c))[0]
  const issue = comment && c.world.state.issues.get(comment.issueId)
  if (!comment || !issue || issue.repositoryId !== c.repo.id) throw notFound()
  return { comment, issue: findIssue(c, String(issue.number), level) }
}

/** Writes always see what there is: `asOf` is never in the past for them. */
function singleReadTime(c: In): number {
  return c.world.switches.staleSingleReads ? c.asOf : NOT_STALE
}

function movedOr404(c: In, number: number) {
  if (deletedPlacesOf(c.world.state).has(issuePlace(c.repo.id, number))) return gone()
  const id = c.world.state.moved.get(issuePlace(c.repo.id, number))
  const issue = id === undefined ? undefined : c.world.state.issues.get(id)
  if (!issue) return notFound()
  const old = `${repositoryUrl(c.world, c.repo)}/issues/${number}`
  const now = `${repositoryUrl(c.world, repositoryOfIssue(c.world, issue))}/issues/${issue.number}`
  return movedPermanently(`${c.world.origin()}${c.url.pathname}${c.url.search}`.replace(old, now))
}
