/** Changes a pull request: text and state as an issue's, the base branch, draft or ready. */
import { readRef } from '../git/git-refs.ts'
import { gitOf, gitStoreOf } from '../git/world-git.ts'
import { unprocessable, validationFailed } from '../http/errors.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import { issueOfPull, repositoryOfPull } from '../render/pull.ts'
import type { Doer } from './doer.ts'
import { emitPull } from './emit-pull.ts'
import { noteEvent } from './note-event.ts'
import { refreshPull } from './refresh-pull.ts'
import { type IssueChange, updateIssue } from './update-issue.ts'

export interface PullChange extends Pick<IssueChange, 'title' | 'body' | 'state'> {
  readonly base?: string
  readonly maintainerCanModify?: boolean
}

/** A closed pull request follows no pushes; when it is opened again it takes up its branch where it stands now. */
async function headNow(doer: Doer, pull: Pull): Promise<string | undefined> {
  const source = pull.headRepositoryId
  if (source === null || !doer.world.state.repositories.get(source)) return undefined
  return readRef(gitStoreOf(doer.world.state).open(source), `refs/heads/${pull.headRef}`)
}

async function reopen(doer: Doer, pull: Pull): Promise<void> {
  if (pull.merged) throw unprocessable('A merged pull request cannot be reopened.')
  const head = await headNow(doer, pull)
  const base = await readRef(gitOf(doer.world.state, repositoryOfPull(doer.world, pull)), `refs/heads/${pull.baseRef}`)
  if (head === undefined || base === undefined)
    throw validationFailed({
      resource: 'PullRequest',
      field: 'state',
      code: 'custom',
      message: `state cannot be changed. The ${pull.headRef} branch has been deleted.`,
    })
  await refreshPull(doer.world, pull.id, base, head)
}

async function retarget(doer: Doer, pull: Pull, to: string): Promise<void> {
  const base = await readRef(gitOf(doer.world.state, repositoryOfPull(doer.world, pull)), `refs/heads/${to}`)
  if (base === undefined) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } }
  const next = await refreshPull(doer.world, pull.id, base, pull.headSha, to)
  noteEvent(doer, issueOfPull(doer.world, next), 'base_ref_changed')
  emitPull(doer, next, 'edited', { changes: { base: from } })
}

export async function updatePull(doer: Doer, pull: Pull, change: PullChange): Promise<Pull> {
  const { base, maintainerCanModify, ...rest } = change
  const pulls = pullsOf(doer.world.state)
  const issue = issueOfPull(doer.world, pull)
  if (rest.state === 'open' && issue.state === 'closed') await reopen(doer, pull)
  updateIssue(doer, issue, rest)
  if (maintainerCanModify !== undefined) pulls.update(pull.id, { maintainerCanModify })
  if (base !== undefined && base !== pull.baseRef) await retarget(doer, pull, base)
  return pulls.get(pull.id) ?? pull
}

/** GitHub changes a draft through GraphQL only. */
export function setDraft(doer: Doer, pull: Pull, draft: boolean): Pull {
  const issue = issueOfPull(doer.world, pull)
  if (!issue.pull || issue.pull.draft === draft) return pull
  doer.world.state.issues.update(issue.id, { pull: { ...issue.pull, draft }, updatedAt: doer.world.clock.now() })
  noteEvent(doer, issue, draft ? 'convert_to_draft' : 'ready_for_review')
  emitPull(doer, pull, draft ? 'converted_to_draft' : 'ready_for_review')
  return pull
}
