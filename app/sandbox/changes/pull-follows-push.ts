/** What a moved branch does to pull requests: heads follow, bases are tested again, merged or branchless ones close. */
import { isAncestor } from '../git/git-history.ts'
import { readRef, type RefMove, ZERO_SHA } from '../git/git-refs.ts'
import { gitStoreOf } from '../git/world-git.ts'
import { type Pull, pullsOf } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { issueOfPull } from '../render/pull.ts'
import { closableBy, closingReferences } from './closing-keywords.ts'
import type { Doer } from './doer.ts'
import { emitPull } from './emit-pull.ts'
import { markMerged } from './mark-merged.ts'
import { noteEvent } from './note-event.ts'
import { refreshPull } from './refresh-pull.ts'
import { setState } from './update-issue.ts'

async function headMoved(doer: Doer, pull: Pull, { before, after }: RefMove): Promise<void> {
  if (after === ZERO_SHA) {
    noteEvent(doer, issueOfPull(doer.world, pull), 'head_ref_deleted')
    setState(doer, issueOfPull(doer.world, pull), 'closed', null)
    return
  }
  const base = await readRef(gitStoreOf(doer.world.state).open(pull.repositoryId), `refs/heads/${pull.baseRef}`)
  if (base === undefined) return
  const next = await refreshPull(doer.world, pull.id, base, after)
  doer.world.state.issues.update(pull.issueId, { updatedAt: doer.world.clock.now() })
  emitPull(doer, next, 'synchronize', { before, after })
}

async function baseMoved(doer: Doer, pull: Pull, { after }: RefMove): Promise<void> {
  if (after === ZERO_SHA) {
    setState(doer, issueOfPull(doer.world, pull), 'closed', null)
    return
  }
  const git = gitStoreOf(doer.world.state).open(pull.repositoryId)
  if (await isAncestor(git, pull.headSha, after)) markMerged(doer, pull, after, 'merge')
  else await refreshPull(doer.world, pull.id, after, pull.headSha)
}

/** Called after the `push` event of a branch; `messages` are those of the commits that it brought. */
export async function followPush(
  doer: Doer,
  repository: Repository,
  move: RefMove,
  messages: readonly string[],
): Promise<void> {
  const branch = move.ref.slice('refs/heads/'.length)
  const open = pullsOf(doer.world.state).where((one) => issueOfPull(doer.world, one).state === 'open')
  for (const pull of open) {
    if (pull.headRepositoryId === repository.id && pull.headRef === branch) await headMoved(doer, pull, move)
    else if (pull.repositoryId === repository.id && pull.baseRef === branch) await baseMoved(doer, pull, move)
  }
  if (branch !== repository.defaultBranch) return
  const named = closingReferences(doer.world, repository, messages.join('\n\n'))
  for (const issue of closableBy(doer, repository, named)) setState(doer, issue, 'closed', 'completed')
}
