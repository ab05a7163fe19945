/** A report on an attempt by its run: what it measured is always kept, its verdict counts only while the attempt may still be judged. */
import { billOf } from '../../budget/costs.ts'
import { accept, reject } from '../../rejection.ts'
import { afterFailure } from '../../retry/after-failure.ts'
import { canonicalJson, type Json } from '../../event/canonical-json.ts'
import { branchFor } from '../branch.ts'
import type { TaskCommandOf } from '../commands.ts'
import { taskEvent, type NewTaskEvent } from '../events.ts'
import { MAX_DETAIL_CHARS } from '../limits.ts'
import { isLive, type Attempt, type Evidence, type Task } from '../state.ts'
import type { Decide } from './context.ts'

/**
 * The attempt under judgement is the live one, or the newest one when it succeeded by its own word and the task is in
 * review: CI may still overrule it. Reports on older attempts leave the task alone.
 */
export const reportAttempt: Decide<'report-attempt'> = (task, command, context) => {
  const attempt = task.attempts.find(({ n }) => n === command.attempt)
  if (attempt === undefined) return reject({ code: 'no-such-attempt', key: task.key, attempt: command.attempt })

  const superseded = isSuperseded(task, command)
  const measures =
    superseded || hidesFailures(task, attempt, command) ? { ...command.measures, tests: null } : command.measures
  const facts: NewTaskEvent[] = [
    taskEvent('attempt-measured', {
      attempt: attempt.n,
      measures,
      bill: billOf(attempt, measures, context.settings.prices),
    }),
  ]
  if (command.headSha !== null && isBelieved(task, attempt, command)) {
    const branch = attempt.branch ?? branchFor(task)
    facts.push(taskEvent('attempt-head-moved', { attempt: attempt.n, branch, headSha: command.headSha }))
  }
  for (const artifact of command.artifacts) {
    facts.push(taskEvent('artifact-recorded', { artifact: { ...artifact, attempt: attempt.n } }))
  }
  if (superseded) return accept(...facts)
  const found = finding(task, command)
  if (found !== null) {
    facts.push(
      taskEvent('evidence-recorded', {
        evidence: {
          command: evidenceOf(command),
          exitCode: found.passed ? 0 : 1,
          passed: found.passed,
          attempt: attempt.n,
          headSha: found.headSha,
          trust: command.measures.trust,
          by: runOf(command) ?? context.actor.id,
        },
      }),
    )
  }
  return accept(...facts, ...verdict(task, attempt, command, context))
}

type ReportAttempt = TaskCommandOf<'report-attempt'>

const evidenceOf = ({ source }: ReportAttempt): string => `tests (${source})`

/**
 * A job of CI that broke before it could count tests has failed on the commit all the same, and one that has none takes that
 * back by passing.
 */
const finding = (
  task: Task,
  command: ReportAttempt,
): { readonly headSha: string | null; readonly passed: boolean } | null => {
  const { failure, headSha, left, measures } = command
  if (left !== undefined) return left
  const found = { headSha, passed: failure === null && (measures.tests === null || measures.tests.failed === 0) }
  if (measures.tests !== null || (failure !== null && measures.trust !== 'self')) return found
  const before = headSha === null ? undefined : task.evidence.findLast((row) => isOfSame(row, command, headSha))
  return before?.passed === false ? found : null
}

/** Whether the row is what the same job said of the commit, as far as it is believed. */
const isOfSame = (row: Evidence, command: ReportAttempt, headSha: string | null): boolean =>
  row.command === evidenceOf(command) &&
  row.headSha === headSha &&
  (row.trust === 'self') === (command.measures.trust === 'self')

/** `900`, and `900.2` when it was run again. */
const runOf = ({ measures: { run } }: ReportAttempt): string | null =>
  run === null ? null : run.attempt === 1 ? String(run.id) : `${run.id}.${run.attempt}`

/** Whether a later attempt of the same run has told of the same job already: reports may be read late. */
const isSuperseded = (task: Task, command: ReportAttempt): boolean => {
  const { run } = command.measures
  if (run === null) return false
  return task.evidence.some((row) => {
    const [id, attempt = '1'] = row.by.split('.')
    const later = id === String(run.id) && Number(attempt) > run.attempt
    return later && isOfSame(row, command, command.left?.headSha ?? command.headSha)
  })
}

/** The failing tests of one job stay in sight when another job of the same commit passes after it. */
const hidesFailures = (task: Task, attempt: Attempt, command: ReportAttempt): boolean => {
  const { tests } = command.measures
  if (tests === null || tests.failed > 0 || (attempt.tests?.failed ?? 0) === 0) return false
  if (command.headSha === null || command.headSha !== attempt.headSha) return false
  const others = task.evidence.filter(
    (row) => row.attempt === attempt.n && row.headSha === command.headSha && row.command !== evidenceOf(command),
  )
  return [...new Map(others.map((row) => [row.command, row])).values()].some(({ passed }) => !passed)
}

/** The push itself may never have been heard of. Where an agent says its own work stands counts only once a push has shown its branch. */
const isBelieved = (task: Task, attempt: Attempt, { headSha, measures }: ReportAttempt): boolean =>
  headSha !== attempt.headSha &&
  (isLive(attempt.status) || (attempt.headSha === null && attempt.n === task.attempts.length)) &&
  (attempt.branch !== null || measures.trust !== 'self')

/** The judge bounds only what a schema is declared for. */
const tooLong = (output: Json | undefined): readonly string[] =>
  output === undefined || canonicalJson(output).length <= MAX_DETAIL_CHARS
    ? []
    : [`it is longer than ${MAX_DETAIL_CHARS} characters`]

const verdict = (
  task: Task,
  attempt: Attempt,
  command: ReportAttempt,
  context: Parameters<typeof afterFailure>[3],
): readonly NewTaskEvent[] => {
  const { fence, n } = attempt
  const live = isLive(attempt.status)
  const inReview = attempt.status === 'succeeded' && n === task.attempts.length && task.status === 'review'
  if (command.failure !== null && (live || (inReview && command.measures.trust !== 'self'))) {
    return [
      taskEvent('attempt-failed', {
        attempt: n,
        fence,
        failure: command.failure,
        ...(command.retryAfterMs === null ? {} : { retryAfterMs: command.retryAfterMs }),
      }),
      ...afterFailure(task, command.failure, command.retryAfterMs, context),
    ]
  }
  if (command.passed === true && live && task.status !== 'blocked') {
    const { output } = command
    const outputProblems = [...tooLong(output), ...(command.outputProblems ?? [])]
    // Whoever works on it still has to hand it in.
    if (task.details.outputSchema !== undefined && output === undefined) return []
    if (outputProblems.length > 0) {
      const message = `The output is not as its schema says: ${outputProblems.join('; ')}`
      const failure = { class: 'invalid_output', code: 'schema', message } as const
      return [
        taskEvent('attempt-failed', { attempt: n, fence, failure }),
        ...afterFailure(task, failure, null, context),
      ]
    }
    const started = attempt.status === 'running' ? [] : [taskEvent('attempt-started', { attempt: n, fence })]
    const handedIn = output === undefined ? {} : { output }
    return [...started, taskEvent('attempt-succeeded', { attempt: n, fence, ...handedIn })]
  }
  return []
}
