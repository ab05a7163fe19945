/** The pull requests that a check run belongs to: by its commit, or by its suite's branch; merged ones too. */
import { type CheckRun, suitesOf } from '../../model/check.ts'
import { type Pull, pullsOf } from '../../model/pull.ts'
import type { World } from '../../world.ts'

export function pullsOfCheck(world: World, run: CheckRun): readonly Pull[] {
  const branch = suitesOf(world.state).get(run.suiteId)?.headBranch ?? null
  return pullsOf(world.state).where(
    (one) =>
      one.repositoryId === run.repositoryId &&
      (one.headSha === run.headSha || (one.headRef === branch && one.headRepositoryId === run.repositoryId)),
  )
}
