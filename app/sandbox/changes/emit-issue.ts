/** The `issues` webhook in one line: the issue as it stands now, and what the action adds. */
import type { Issue } from '../model/issue.ts'
import { renderIssuePayload, repositoryOfIssue } from '../render/issue.ts'
import { emit } from '../webhooks/emit.ts'
import type { Doer } from './doer.ts'

export type IssueAction =
  | 'opened'
  | 'edited'
  | 'closed'
  | 'reopened'
  | 'labeled'
  | 'unlabeled'
  | 'assigned'
  | 'unassigned'
  | 'milestoned'
  | 'demilestoned'
  | 'locked'
  | 'unlocked'
  | 'pinned'
  | 'unpinned'
  | 'transferred'
  | 'deleted'

/** Pull requests have an event of their own: the area of pull requests adds itself to `world.pullAnnouncers`. */
export function emitIssue(
  doer: Doer,
  issue: Issue,
  action: IssueAction,
  extra: Readonly<Record<string, unknown>> = {},
) {
  const { world, caller } = doer
  const repository = repositoryOfIssue(world, issue)
  if (issue.pull) {
    for (const announce of world.pullAnnouncers) announce(doer, issue, action, extra)
    return
  }
  const payload = { issue: renderIssuePayload(world, repository, issue), ...extra }
  emit(world, 'issues', action, {
    repository,
    caller,
    payload,
  })
}
