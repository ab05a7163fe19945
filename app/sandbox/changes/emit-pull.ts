/** The `pull_request` webhook, also for what pull requests share with issues: title, labels, state. */
import type { EventPayload } from '../http/description-types.ts'
import { type Pull, pullOfIssue } from '../model/pull.ts'
import { renderPull, repositoryOfPull } from '../render/pull.ts'
import { emit } from '../webhooks/emit.ts'
import type { PullAnnouncer } from '../world.ts'
import type { Doer } from './doer.ts'

export type PullAction =
  | 'opened'
  | 'edited'
  | 'closed'
  | 'reopened'
  | 'synchronize'
  | 'converted_to_draft'
  | 'ready_for_review'
  | 'labeled'
  | 'unlabeled'
  | 'assigned'
  | 'unassigned'
  | 'milestoned'
  | 'demilestoned'
  | 'locked'
  | 'unlocked'
  | 'review_requested'

export function emitPull(
  doer: Doer,
  pull: Pull,
  action: PullAction,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const { world, caller } = doer
  const payload = { number: pull.number, pull_request: renderPull(world, pull), ...extra }
  emit(world, 'pull_request', action, {
    repository: repositoryOfPull(world, pull),
    caller,
    // Held at run time: each action's description repeats the pull request with small differences.
    payload: payload as unknown as EventPayload<'pull_request', PullAction>,
  })
}

/** Issue-like changes that have no counterpart among the actions of pull requests. */
const SILENT = new Set(['opened', 'pinned', 'unpinned', 'transferred', 'deleted'])

/** `opened` is told by whoever makes the pull request, once its own row exists. */
export const announcePull: PullAnnouncer = (doer, issue, action, extra) => {
  const pull = pullOfIssue(doer.world.state, issue.id)
  if (pull && !SILENT.has(action)) emitPull(doer, pull, action as PullAction, extra)
}
