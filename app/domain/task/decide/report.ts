/** A report on an attempt by its run: what it measured is always kept, its verdict counts only while the attempt may still be judged. */
import { accept, reject } from '../../rejection.ts'
import { afterFailure } from '../../retry/after-failure.ts'
import { branchFor } from '../branch.ts'
import type { TaskCommandOf } from '../commands.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { isLive, type Attempt, type Task } from '../state.ts'
import type { Decide } from './context.ts'

/**
 * The attempt under judgement is the live one, or the newest one when it succeeded by its own word and the task is in
 * review: CI may still overrule it. Reports on older attempts leave the task alone.
 */
export const reportAttempt: Decide<'report-attempt'> = (task, command, context) => {
  const attempt = task.attempts.find(({ n }) => n === command.attempt)
  if (attempt === undefined) return reject({ code: 'no-such-attempt', key: task.key, attempt: command.attempt })

  const facts: NewTaskEvent[] = [taskEvent('attempt-measured', { attempt: attempt.n, measures: command.measures })]
  if (command.headSha !== null && isBelieved(task, attempt, command)) {
    const branch = attempt.branch ?? branchFor(task)
    facts.push(taskEvent('attempt-head-moved', { attempt: attempt.n, branch, headSha: command.headSha }))
  }
  for (const artifact of command.artifacts) {
    facts.push(taskEvent('artifact-recorded', { artifact: { ...artifact, attempt: attempt.n } }))
  }
  const { tests, trust } = command.measures
  // A job of CI that broke before it could count tests has failed on the commit all the same.
  if (tests !== null || (command.failure !== null && trust !== 'self')) {
    const passed = command.failure === null && tests?.failed === 0
    facts.push(
      taskEvent('evidence-recorded', {
        evidence: {
          command: `tests (${command.source})`,
          exitCode: passed ? 0 : 1,
          passed,
          attempt: attempt.n,
          headSha: command.headSha,
          trust,
          by: context.actor.id,
        },
      }),
    )
  }
  return accept(...facts, ...verdict(task, attempt, command, context))
}

/** The push itself may never have been heard of. Where an agent says its own work stands counts only once a push has shown its branch. */
const isBelieved = (task: Task, attempt: Attempt, { headSha, measures }: TaskCommandOf<'report-attempt'>): boolean =>
  headSha !== attempt.headSha &&
  (isLive(attempt.status) || (attempt.headSha === null && attempt.n === task.attempts.length)) &&
  (attempt.branch !== null || measures.trust !== 'self')

const verdict = (
  task: Task,
  attempt: Attempt,
  command: TaskCommandOf<'report-attempt'>,
  context: Parameters<typeof afterFailure>[3],
): readonly NewTaskEvent[] => {
  const { fence, n } = attempt
  const live = isLive(attempt.status)
  const inReview = attempt.status === 'succeeded' && n === task.attempts.length && task.status === 'review'
  if (command.failure !== null && (live || (inReview && command.measures.trust !== 'self'))) {
    return [
      taskEvent('attempt-failed', { attempt: n, fence, failure: command.failure }),
      ...afterFailure(task, command.failure, command.retryAfterMs, context),
    ]
  }
  if (command.passed === true && live && task.status !== 'blocked') {
    const started = attempt.status === 'running' ? [] : [taskEvent('attempt-started', { attempt: n, fence })]
    return [...started, taskEvent('attempt-succeeded', { attempt: n, fence })]
  }
  return []
}
