/** Deletes an issue for good: its place answers 410 from then on. Only an administrator may. */
import { forbidden, unprocessable } from '../http/errors.ts'
import type { Issue } from '../model/issue.ts'
import { issuePlace, stateSlot } from '../model/state.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { type Doer, doerIs } from './doer.ts'
import { emitIssue } from './emit-issue.ts'

/** Places where an issue stood, see `issuePlace`. */
export const deletedPlacesOf = stateSlot('deleted issues', () => new Set<string>())

export function deleteIssue(doer: Doer, issue: Issue): void {
  const { state } = doer.world
  if (issue.pull) throw unprocessable('Pull requests cannot be deleted')
  if (!doerIs(doer, repositoryOfIssue(doer.world, issue), 'admin'))
    throw forbidden('Viewer does not have permission to delete this issue.')
  emitIssue(doer, issue, 'deleted')
  for (const comment of state.comments.where((one) => one.issueId === issue.id)) state.comments.delete(comment.id)
  for (const event of state.issueEvents.where((one) => one.issueId === issue.id)) state.issueEvents.delete(event.id)
  const without = (ids: readonly number[]) => ids.filter((id) => id !== issue.id)
  for (const other of state.issues.all()) {
    if (other.parentId === issue.id) state.issues.update(other.id, { parentId: null })
    if (other.subIssueIds.includes(issue.id)) state.issues.update(other.id, { subIssueIds: without(other.subIssueIds) })
    if (other.blockedByIds.includes(issue.id))
      state.issues.update(other.id, { blockedByIds: without(other.blockedByIds) })
  }
  state.issues.delete(issue.id)
  deletedPlacesOf(state).add(issuePlace(issue.repositoryId, issue.number))
}
