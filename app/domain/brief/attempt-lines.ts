/** Earlier attempts in a brief: why they failed in full for the newest ones, in one line each for the others. */
import { policyOf } from '../failure/codes.ts'
import type { Attempt, Task, TestFailure } from '../task/state.ts'
import { cut } from '../text/cut.ts'
import type { Section } from './fit-budget.ts'
import { linesOf, oneLineOf } from './lines.ts'

/** Failing tests shown per attempt; the report holds the rest. */
const MAX_TESTS = 20
const MAX_MESSAGE = 600
const MAX_FAILED = 3
const MAX_HISTORY = 20

const failedOf = ({ attempts }: Task): readonly Attempt[] =>
  attempts
    .filter(({ failure }) => failure !== null)
    .slice(-MAX_FAILED)
    .toReversed()

/** Newest first. */
export const failureSections = (task: Task): readonly Section[] => failedOf(task).map(failureSection)

const failureSection = ({ n, failure, tests }: Attempt): Section => {
  const shown = tests?.failures.slice(0, MAX_TESTS) ?? []
  return {
    title: `Attempt ${n} failed: ${failure?.class ?? 'unknown'}`,
    lines: [
      ...(failure?.code === undefined ? [] : [`(${failure.code})`]),
      ...linesOf(cut(failure?.message ?? '', MAX_MESSAGE)),
      ...(shown.length === 0 ? [] : ['', `Failing tests (${shown.length} of ${tests?.failed ?? shown.length}):`, '']),
      ...shown.flatMap(testLines),
      ...(failure === null ? [] : [`What to do otherwise this time: ${policyOf(failure).recovery}.`]),
    ],
  }
}

const testLines = ({ name, file, line, message }: TestFailure): readonly string[] => {
  const place = file === null ? '' : ` at ${oneLineOf(file)}${line === null ? '' : `:${line}`}`
  return [`- ${oneLineOf(name)}${place}`, ...linesOf(cut(message, MAX_MESSAGE)).map((text) => `  ${text}`)]
}

/** Those that are not told in full, newest first. */
export const historyLines = (task: Task): readonly string[] => {
  const told = new Set(failedOf(task).map(({ n }) => n))
  return task.attempts
    .filter(({ n }) => !told.has(n) && n !== task.lease?.attempt)
    .slice(-MAX_HISTORY)
    .toReversed()
    .map(({ n, owner, status, failure }) => {
      const why = failure === null ? '' : `, ${failure.class}`
      return `- attempt ${n} by ${oneLineOf(owner)}: ${status}${why}`
    })
}
