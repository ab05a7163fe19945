/** What a merge means: the pull request is closed as merged, and the issues that it promised to close are closed. */
import type { MergeMethod } from '../git/git-merge.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import { issueOfPull, repositoryOfPull } from '../render/pull.ts'
import { closableBy, closedByPull } from './closing-keywords.ts'
import { type Doer, doerAccount } from './doer.ts'
import { noteEvent } from './note-event.ts'
import { setState } from './update-issue.ts'

/** For a merge made here, and for a push that brought the commits; `sha` is the commit that holds them on the base. */
export function markMerged(doer: Doer, pull: Pull, sha: string, method: MergeMethod): void {
  const { world } = doer
  const now = world.clock.now()
  const merged = pullsOf(world.state).update(pull.id, {
    merged: true,
    mergedAt: now,
    mergedById: doerAccount(doer).id,
    mergeCommitSha: sha,
    mergeMethod: method,
  })
  const issue = issueOfPull(world, merged)
  if (issue.pull) world.state.issues.update(issue.id, { pull: { ...issue.pull, mergedAt: now } })
  noteEvent(doer, issue, 'merged', { commit_id: sha })
  setState(doer, issueOfPull(world, merged), 'closed', null)
  const home = repositoryOfPull(world, merged)
  for (const closed of closableBy(doer, home, closedByPull(world, home, merged)))
    setState(doer, closed, 'closed', 'completed')
}
