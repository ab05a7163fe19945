/** What the holder of a lease says about its attempt: started, succeeded, failed, given back. */
import type { FailureClass } from '../../failure/taxonomy.ts'
import { canonicalJson } from '../../event/canonical-json.ts'
import { billOf } from '../../budget/costs.ts'
import { accept, reject } from '../../rejection.ts'
import type { Settings } from '../../settings.ts'
import { afterFailure } from '../../retry/after-failure.ts'
import { taskEvent, type Measures, type NewTaskEvent } from '../events.ts'
import { MAX_DETAIL_CHARS } from '../limits.ts'
import type { Task } from '../state.ts'
import type { Decide } from './context.ts'
import { readyOrWaiting } from './readiness.ts'
import { isRejection, requireLease } from './require-lease.ts'

export const startAttempt: Decide<'start-attempt'> = (task, command, context) => {
  const lease = requireLease(task, command.fence, context, 'start')
  if (isRejection(lease)) return reject(lease)
  const attempt = task.attempts.find(({ n }) => n === lease.attempt)
  if (attempt?.status === 'running') return accept()
  return accept(taskEvent('attempt-started', { attempt: lease.attempt, fence: lease.fence }))
}

export const succeedAttempt: Decide<'succeed-attempt'> = (task, command, context) => {
  const lease = requireLease(task, command.fence, context, 'succeed')
  if (isRejection(lease)) return reject(lease)
  if (task.status === 'blocked') {
    return reject({ code: 'blocked', key: task.key, reasons: task.blockers.map((blocker) => blocker.reason) })
  }
  const { output, outputProblems: problems = [] } = command
  if (problems.length > 0) return reject({ code: 'output-invalid', key: task.key, step: null, problems })
  if (output !== undefined && canonicalJson(output).length > MAX_DETAIL_CHARS) {
    const problem = `it is longer than ${MAX_DETAIL_CHARS} characters; record an artifact and name that`
    return reject({ code: 'invalid-argument', argument: 'output', problem })
  }
  return accept(
    ...measured(task, lease.attempt, command, context.settings),
    taskEvent('attempt-succeeded', {
      attempt: lease.attempt,
      fence: lease.fence,
      ...(output === undefined ? {} : { output }),
    }),
  )
}

/** What its holder says that it took; nothing when they say nothing. */
const measured = (
  task: Task,
  n: number,
  { costMicroUsd = null, tokens = null }: { readonly costMicroUsd?: number | null; readonly tokens?: number | null },
  { prices }: Settings,
): readonly NewTaskEvent[] => {
  if (costMicroUsd === null && tokens === null) return []
  const measures: Measures = {
    trust: 'self',
    durationMs: null,
    tokens: tokens === null ? null : { total: tokens, input: null, output: null, cacheRead: null, cacheWrite: null },
    costMicroUsd,
    model: null,
    tests: null,
    run: null,
    logTail: null,
  }
  const attempt = task.attempts.find((one) => one.n === n)
  const bill = attempt === undefined ? {} : { bill: billOf(attempt, measures, prices) }
  return [taskEvent('attempt-measured', { attempt: n, measures, ...bill })]
}

/** Once per attempt: what is read again later, after notes and progress, is no input of it. */
export const recordBrief: Decide<'record-brief'> = (task, { fence, sha256 }, context) => {
  const lease = requireLease(task, fence, context, 'brief')
  if (isRejection(lease)) return reject(lease)
  const { attempt } = lease
  const known = task.attempts.find(({ n }) => n === attempt)?.inputs?.briefSha256 ?? null
  return known === null ? accept(taskEvent('brief-handed-out', { attempt, sha256 })) : accept()
}

/** Classes that only time and people's decisions bring about. */
const ONLY_OURS: ReadonlySet<FailureClass> = new Set(['lease_expired', 'canceled'])

export const failAttempt: Decide<'fail-attempt'> = (task, command, context) => {
  const lease = requireLease(task, command.fence, context, 'fail')
  if (isRejection(lease)) return reject(lease)
  if (ONLY_OURS.has(command.failure.class)) {
    const problem = `${command.failure.class} is not for saying: it follows from what happens to the lease or the task`
    return reject({ code: 'invalid-argument', argument: 'class', problem })
  }
  return accept(
    ...measured(task, lease.attempt, command, context.settings),
    taskEvent('attempt-failed', { attempt: lease.attempt, fence: lease.fence, failure: command.failure }),
    ...afterFailure(task, command.failure, null, context),
  )
}

export const releaseTask: Decide<'release-task'> = (task, command, context) => {
  const lease = requireLease(task, command.fence, context, 'release')
  if (isRejection(lease)) return reject(lease)
  return accept(
    taskEvent('lease-released', { attempt: lease.attempt, fence: lease.fence, reason: command.reason }),
    readyOrWaiting(task, 'lease released'),
  )
}
