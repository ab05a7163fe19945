/**
 * Moves an issue to another repository of the same owner: new id and number there, a redirect at the old place. REST has
 * no such route; GraphQL's transferIssue and the pages use this.
 */
import { forbidden, unprocessable } from '../http/errors.ts'
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { issuePlace } from '../model/state.ts'
import { renderIssuePayload, repositoryOfIssue } from '../render/issue.ts'
import { renderRepository } from '../render/repository.ts'
import { emit } from '../webhooks/emit.ts'
import type { EventPayload } from '../http/description-types.ts'
import { type Doer, doerIs } from './doer.ts'
import { createLabel, findLabel } from './labels.ts'
import { noteEvent } from './note-event.ts'

export function transferIssue(doer: Doer, issue: Issue, target: Repository, createLabelsIfMissing = false): Issue {
  const { world } = doer
  const { state } = world
  const source = repositoryOfIssue(world, issue)
  if (issue.pull) throw unprocessable('Pull requests cannot be transferred')
  if (source.id === target.id) throw unprocessable('The issue is already in this repository')
  if (source.ownerId !== target.ownerId || (source.private && !target.private))
    throw unprocessable('The issue cannot be transferred to this repository')
  if (!doerIs(doer, source, 'write') || !doerIs(doer, target, 'write'))
    throw forbidden('Must have write access to both repositories.')
  const before = renderIssuePayload(world, source, issue)
  const number = (state.repositories.get(target.id) ?? target).lastNumber + 1
  state.repositories.update(target.id, { lastNumber: number })
  const moved = state.issues.put({
    ...issue,
    id: state.ids.next(),
    repositoryId: target.id,
    number,
    labelIds: labelsInTarget(doer, issue, target, createLabelsIfMissing),
    milestoneId: null,
    pinned: false,
    updatedAt: world.clock.now(),
  })
  carryOver(doer, issue, moved)
  state.issues.delete(issue.id)
  state.moved.set(issuePlace(source.id, issue.number), moved.id)
  noteEvent(doer, moved, 'transferred')
  announce(doer, { source, target, before, moved })
  return moved
}

/** Comments, reactions, timeline and relations follow the issue to its new id. */
function carryOver(doer: Doer, from: Issue, to: Issue): void {
  const { state, switches } = doer.world
  for (const comment of state.comments.where((one) => one.issueId === from.id)) {
    if (switches.transferKeepsCommentIds) {
      state.comments.update(comment.id, { issueId: to.id })
      continue
    }
    state.comments.delete(comment.id)
    state.comments.put({ ...comment, id: state.ids.next(), issueId: to.id })
  }
  for (const reaction of state.reactions.where((one) => one.subject.kind === 'issue' && one.subject.id === from.id))
    state.reactions.update(reaction.id, { subject: { kind: 'issue', id: to.id } })
  for (const event of state.issueEvents.where((one) => one.issueId === from.id))
    state.issueEvents.update(event.id, { issueId: to.id })
  const swap = (ids: readonly number[]) => ids.map((id) => (id === from.id ? to.id : id))
  for (const other of state.issues.all()) {
    if (other.parentId === from.id) state.issues.update(other.id, { parentId: to.id })
    if (other.subIssueIds.includes(from.id)) state.issues.update(other.id, { subIssueIds: swap(other.subIssueIds) })
    if (other.blockedByIds.includes(from.id)) state.issues.update(other.id, { blockedByIds: swap(other.blockedByIds) })
  }
  for (const [place, id] of state.moved) if (id === from.id) state.moved.set(place, to.id)
}

function labelsInTarget(doer: Doer, issue: Issue, target: Repository, create: boolean): number[] {
  const labels = issue.labelIds.map((id) => doer.world.state.labels.get(id)).filter((one) => one !== undefined)
  return labels.flatMap((label) => {
    const there = findLabel(doer, target, label.name)
    if (there) return [there.id]
    return create ? [createLabel(doer, target, label).id] : []
  })
}

function announce(
  doer: Doer,
  move: { source: Repository; target: Repository; before: ReturnType<typeof renderIssuePayload>; moved: Issue },
): void {
  const { world, caller } = doer
  const after = renderIssuePayload(world, move.target, move.moved)
  const gone = {
    issue: move.before,
    changes: { new_issue: after, new_repository: renderRepository(world, move.target) },
  }
  const come = {
    issue: after,
    changes: { old_issue: move.before, old_repository: renderRepository(world, move.source) },
  }
  // The described types of the two `changes` differ from their own `issue` only in what is optional.
  emit(world, 'issues', 'transferred', {
    repository: move.source,
    caller,
    payload: gone as unknown as EventPayload<'issues', 'transferred'>,
  })
  emit(world, 'issues', 'opened', {
    repository: move.target,
    caller,
    payload: come as unknown as EventPayload<'issues', 'opened'>,
  })
}
