/** Check suites: one per App, repository and commit; for GitHub's own Actions one per workflow run. */
import { isSha } from '../git/git-refs.ts'
import { commitStubOf } from '../git/world-git.ts'
import type { EventPayload } from '../http/description-types.ts'
import { notFound } from '../http/errors.ts'
import { type CheckConclusion, checkRunsOf, type CheckSuite, suitesOf } from '../model/check.ts'
import type { Repository } from '../model/repository.ts'
import type { State } from '../model/state.ts'
import { renderCheckSuitePayload, repositoryOfCheck } from '../render/check.ts'
import { emit } from '../webhooks/emit.ts'
import type { World } from '../world.ts'
import type { Doer } from './doer.ts'

export type SuiteAction = 'requested' | 'rerequested' | 'completed'

export function emitSuite(doer: Doer, suite: CheckSuite, action: SuiteAction): void {
  const { world, caller } = doer
  const payload = { check_suite: renderCheckSuitePayload(world, suite) }
  emit(world, 'check_suite', action, {
    repository: repositoryOfCheck(world, suite),
    caller,
    // Held at run time: the description's type repeats the App's permissions as closed lists.
    payload: payload as unknown as EventPayload<'check_suite', SuiteAction>,
    ...(action !== 'completed' && { onlyAppId: suite.appId }),
  })
}

export interface NewSuite {
  readonly repository: Repository
  readonly appId: number
  readonly sha: string
  readonly branch: string | null
  readonly before?: string | null
}

/** Makes a suite; undefined when the repository has no such commit. */
export async function createSuite(world: World, input: NewSuite): Promise<CheckSuite | undefined> {
  const headCommit = isSha(input.sha) ? await commitStubOf(world.state, input.repository, input.sha) : undefined
  const now = world.clock.now()
  return (
    headCommit &&
    suitesOf(world.state).put({
      id: world.state.ids.next(),
      repositoryId: input.repository.id,
      appId: input.appId,
      headSha: headCommit.id,
      headBranch: input.branch,
      headCommit,
      before: input.before ?? null,
      status: 'queued',
      conclusion: null,
      createdAt: now,
      updatedAt: now,
    })
  )
}

export function findSuites(state: State, repositoryId: number, sha: string, appId?: number): readonly CheckSuite[] {
  return suitesOf(state).where(
    (one) => one.repositoryId === repositoryId && one.headSha === sha && (appId === undefined || one.appId === appId),
  )
}

/** Worst first; what is not here does not make a suite worse than success. */
const WORST: readonly CheckConclusion[] = ['failure', 'timed_out', 'cancelled', 'action_required']

function summarise(conclusions: readonly CheckConclusion[]): CheckConclusion {
  const worst = WORST.find((one) => conclusions.includes(one))
  if (worst) return worst
  if (conclusions.includes('success')) return 'success'
  return conclusions.includes('neutral') ? 'neutral' : 'skipped'
}

/** Sets a suite's status by the newest run of each name, and tells when it became complete. */
export function refreshSuite(doer: Doer, suiteId: number): void {
  const suites = suitesOf(doer.world.state)
  const suite = suites.get(suiteId)
  if (!suite) return
  const newest = new Map(
    checkRunsOf(doer.world.state)
      .where((one) => one.suiteId === suiteId)
      .map((run) => [run.name, run] as const),
  )
  const runs = [...newest.values()]
  const done = runs.length > 0 && runs.every((one) => one.status === 'completed')
  const started = runs.some((one) => one.status !== 'queued')
  const status = done ? 'completed' : started ? 'in_progress' : 'queued'
  const conclusion = done ? summarise(runs.flatMap((one) => (one.conclusion ? [one.conclusion] : []))) : null
  if (status === suite.status && conclusion === suite.conclusion) return
  const next = suites.update(suiteId, { status, conclusion, updatedAt: doer.world.clock.now() })
  if (done) emitSuite(doer, next, 'completed')
}

/** Takes a suite's result back; its runs stay as they are. */
export function resetSuite(doer: Doer, id: number): CheckSuite {
  const suites = suitesOf(doer.world.state)
  if (!suites.get(id)) throw notFound()
  return suites.update(id, { status: 'queued', conclusion: null, updatedAt: doer.world.clock.now() })
}

export function rerequestSuite(doer: Doer, id: number): void {
  emitSuite(doer, resetSuite(doer, id), 'rerequested')
}
