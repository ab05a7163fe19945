/** Sub-issues and dependencies between issues, with GitHub's limits and the two events that each change sends. */
import { notFound, unprocessable } from '../http/errors.ts'
import type { Issue } from '../model/issue.ts'
import { renderIssue, repositoryOfIssue } from '../render/issue.ts'
import { renderRepository } from '../render/repository.ts'
import { emit } from '../webhooks/emit.ts'
import type { Doer } from './doer.ts'
import { noteEvent } from './note-event.ts'

const MAX_SUB_ISSUES = 100
const MAX_DEPTH = 8

export function addSubIssue(doer: Doer, parent: Issue, child: Issue, replaceParent = false): Issue {
  const { issues } = doer.world.state
  if (child.parentId === parent.id) throw unprocessable('Issue may not contain duplicate sub-issues')
  if (child.id === parent.id || ancestors(doer, parent).some((one) => one.id === child.id))
    throw unprocessable('An issue cannot be a sub-issue of itself or of its sub-issues')
  if (repositoryOfIssue(doer.world, parent).ownerId !== repositoryOfIssue(doer.world, child).ownerId)
    throw unprocessable('Sub-issues must belong to the same owner as their parent')
  if (child.parentId !== null && !replaceParent) throw unprocessable('Sub issue may only have one parent')
  if (parent.subIssueIds.length >= MAX_SUB_ISSUES)
    throw unprocessable(`Parent cannot have more than ${MAX_SUB_ISSUES} sub-issues`)
  if (ancestors(doer, parent).length + 1 + heightOf(doer, child) > MAX_DEPTH)
    throw unprocessable(`Sub-issues cannot be nested deeper than ${MAX_DEPTH} levels`)
  const former = child.parentId === null ? undefined : issues.get(child.parentId)
  if (former) removeSubIssue(doer, former, child)
  const at = { updatedAt: doer.world.clock.now() }
  const newChild = issues.update(child.id, { parentId: parent.id, ...at })
  const newParent = issues.update(parent.id, { subIssueIds: [...parent.subIssueIds, child.id], ...at })
  announceSubIssue(doer, newParent, newChild, 'added')
  return newParent
}

export function removeSubIssue(doer: Doer, parent: Issue, child: Issue): Issue {
  const { issues } = doer.world.state
  if (child.parentId !== parent.id) throw notFound()
  const at = { updatedAt: doer.world.clock.now() }
  const newChild = issues.update(child.id, { parentId: null, ...at })
  const newParent = issues.update(parent.id, { subIssueIds: parent.subIssueIds.filter((id) => id !== child.id), ...at })
  announceSubIssue(doer, newParent, newChild, 'removed')
  return newParent
}

export function addBlockedBy(doer: Doer, blocked: Issue, blocking: Issue): Issue {
  const most = doer.world.switches.maxDependencies
  if (blocked.id === blocking.id) throw unprocessable('An issue cannot block itself')
  if (blocked.blockedByIds.includes(blocking.id)) throw unprocessable('This dependency already exists')
  if (blocked.blockedByIds.length >= most) throw unprocessable(`An issue cannot be blocked by more than ${most} issues`)
  if (doer.world.switches.refuseDependencyCircles && waitsFor(doer, blocking, blocked.id))
    throw unprocessable('This dependency would make a circle')
  const blockedByIds = [...blocked.blockedByIds, blocking.id]
  const next = doer.world.state.issues.update(blocked.id, { blockedByIds, updatedAt: doer.world.clock.now() })
  announceDependency(doer, next, blocking, 'added')
  return next
}

export function removeBlockedBy(doer: Doer, blocked: Issue, blocking: Issue): Issue {
  if (!blocked.blockedByIds.includes(blocking.id)) throw notFound()
  const blockedByIds = blocked.blockedByIds.filter((id) => id !== blocking.id)
  const next = doer.world.state.issues.update(blocked.id, { blockedByIds, updatedAt: doer.world.clock.now() })
  announceDependency(doer, next, blocking, 'removed')
  return next
}

/** Whether the issue is blocked by the one of this id, directly or through others. */
function waitsFor(doer: Doer, issue: Issue, id: number, seen = new Set<number>()): boolean {
  if (seen.has(issue.id)) return false
  seen.add(issue.id)
  return issue.blockedByIds.some((other) => {
    const next = doer.world.state.issues.get(other)
    return other === id || (next !== undefined && waitsFor(doer, next, id, seen))
  })
}

/** The issue itself first, then its parent, and so on up. */
function ancestors(doer: Doer, issue: Issue): Issue[] {
  const parent = issue.parentId === null ? undefined : doer.world.state.issues.get(issue.parentId)
  return parent ? [issue, ...ancestors(doer, parent)] : [issue]
}

/** Levels below the issue: 0 without sub-issues. */
function heightOf(doer: Doer, issue: Issue): number {
  const heights = issue.subIssueIds.map((id) => {
    const child = doer.world.state.issues.get(id)
    return child ? 1 + heightOf(doer, child) : 0
  })
  return Math.max(0, ...heights)
}

function announceSubIssue(doer: Doer, parent: Issue, child: Issue, deed: 'added' | 'removed'): void {
  const { world, caller } = doer
  const [parentRepository, childRepository] = [repositoryOfIssue(world, parent), repositoryOfIssue(world, child)]
  noteEvent(doer, parent, `sub_issue_${deed}`, { sub_issue: { id: child.id, number: child.number } })
  noteEvent(doer, child, `parent_issue_${deed}`, { parent_issue: { id: parent.id, number: parent.number } })
  const both = {
    parent_issue_id: parent.id,
    parent_issue: renderIssue(world, parentRepository, parent),
    sub_issue_id: child.id,
    sub_issue: renderIssue(world, childRepository, child),
  }
  emit(world, 'sub_issues', `sub_issue_${deed}`, {
    repository: parentRepository,
    caller,
    payload: { ...both, sub_issue_repo: renderRepository(world, childRepository) },
  })
  emit(world, 'sub_issues', `parent_issue_${deed}`, {
    repository: childRepository,
    caller,
    payload: { ...both, parent_issue_repo: renderRepository(world, parentRepository) },
  })
}

function announceDependency(doer: Doer, blocked: Issue, blocking: Issue, deed: 'added' | 'removed'): void {
  const { world, caller } = doer
  const [blockedRepository, blockingRepository] = [
    repositoryOfIssue(world, blocked),
    repositoryOfIssue(world, blocking),
  ]
  noteEvent(doer, blocked, `blocked_by_${deed}`, { blocking_issue: { id: blocking.id, number: blocking.number } })
  noteEvent(doer, blocking, `blocking_${deed}`, { blocked_issue: { id: blocked.id, number: blocked.number } })
  const both = {
    blocked_issue_id: blocked.id,
    blocked_issue: renderIssue(world, blockedRepository, blocked),
    blocking_issue_id: blocking.id,
    blocking_issue: renderIssue(world, blockingRepository, blocking),
  }
  emit(world, 'issue_dependencies', `blocked_by_${deed}`, {
    repository: blockedRepository,
    caller,
    payload: { ...both, blocking_issue_repo: renderRepository(world, blockingRepository) },
  })
  emit(world, 'issue_dependencies', `blocking_${deed}`, {
    repository: blockingRepository,
    caller,
    payload: { ...both, blocked_issue_repo: renderRepository(world, blockedRepository) },
  })
}
