/** The check run of each attempt: on the newest commit that the attempt made, or, before there is one, on its base and then never blocking. */
import { policyOf } from '../../../domain/failure/codes.ts'
import { renderFence } from '../../../domain/task/fence.ts'
import type { Attempt, Task } from '../../../domain/task/state.ts'
import { actionsFor } from './check-actions.ts'
import { attemptAnnotations, attemptSummary, attemptText, attemptTitle } from './attempt-output.ts'
import type { CheckRun, Conclusion, Progress } from './check-run.ts'

/** `task/1/12/attempt/3@1.3`: attempt and fence. */
export const attemptExternalId = (task: Pick<Task, 'stream'>, { n, fence }: Pick<Attempt, 'n' | 'fence'>): string =>
  `${task.stream}/attempt/${n}@${renderFence(fence)}`

const iso = (at: number): string => new Date(at).toISOString()

/** Null while no commit is known that it could stand on, and for attempts whose commits are in a repository that the issue has left. */
export const attemptCheck = (task: Task, attempt: Attempt): CheckRun | null => {
  if (attempt.project !== undefined) return null
  const headSha = attempt.headSha ?? attempt.baseSha
  if (headSha === null) return null
  return {
    externalId: attemptExternalId(task, attempt),
    name: `muster / ${task.key} #${attempt.n}`,
    headSha,
    startedAt: attempt.startedAt === null ? null : iso(attempt.startedAt),
    progress: progressOf(attempt),
    detailsUrl: attempt.run?.url ?? null,
    title: attemptTitle(attempt),
    summary: attemptSummary(task, attempt),
    text: attemptText(task, attempt),
    annotations: attempt.headSha === null ? [] : attemptAnnotations(attempt),
    actions: actionsFor(task, attempt),
  }
}

const progressOf = (attempt: Attempt): Progress => {
  if (attempt.status === 'queued' || attempt.status === 'leased') return { status: 'queued' }
  if (attempt.status === 'running') return { status: 'in_progress' }
  return {
    status: 'completed',
    conclusion: attempt.headSha === null ? 'neutral' : conclusionOf(attempt),
    completedAt: iso(attempt.endedAt ?? attempt.openedAt),
  }
}

const conclusionOf = ({ status, failure }: Attempt): Conclusion => {
  if (status === 'succeeded') return 'success'
  if (failure !== null) return policyOf(failure).conclusion
  return status === 'canceled' ? 'cancelled' : 'neutral'
}
