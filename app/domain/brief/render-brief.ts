/** What an agent is given to start or to resume: the task, what is open, what failed before and why. Deterministic, and bounded in size. */
import type { Attempt, Dependency, Task, TestFailure } from '../task/state.ts'
import { renderFence } from '../task/fence.ts'
import { statusIs } from '../task/status-words.ts'
import { redact } from '../text/redact.ts'

/** Failing tests shown per attempt; the report holds the rest. */
const MAX_TESTS = 20
const MAX_MESSAGE = 600
const MAX_ATTEMPTS = 3

/**
 * Markdown. Texts from outside are bounded and without secrets of known shapes, but not neutralised: a brief goes to the
 * agent, never back to GitHub as it is.
 */
export const renderBrief = (task: Task, body: string): string => redact(parts(task, body).join('\n\n'))

const parts = (task: Task, body: string): readonly string[] =>
  [
    `# ${task.key}: ${task.title}`,
    `It ${statusIs(task.status)}, priority ${task.priority}.`,
    task.lease === null
      ? ''
      : `You are attempt ${task.lease.attempt} with fence ${renderFence(task.lease.fence)}; name it in every write.`,
    body.trim() === '' ? '' : `## What is asked\n\n${body.trim()}`,
    section(
      'Blockers',
      task.blockers.map(({ id, reason }) => `- ${id}: ${reason}`),
    ),
    section(
      'Depends on',
      task.dependsOn.map((dependency) => `- ${dependency.key} (${standing(task, dependency)})`),
    ),
    section(
      'Notes',
      task.notes.slice(-10).map(({ by, text }) => `- ${by}: ${text}`),
    ),
    ...failedAttempts(task).map(renderFailure),
  ].filter((part) => part !== '')

const standing = ({ waitsFor }: Task, { stream, ended }: Dependency): string => {
  const waits = waitsFor.includes(stream)
  return ended === undefined ? (waits ? 'not done' : 'done') : `${ended}${waits ? '' : ', not waited for'}`
}

const failedAttempts = (task: Task): readonly Attempt[] =>
  task.attempts.filter(({ failure }) => failure !== null).slice(-MAX_ATTEMPTS)

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`

const renderFailure = (attempt: Attempt): string => {
  const { failure, tests } = attempt
  const code = failure?.code === undefined ? '' : ` (${failure.code})`
  const shown = tests?.failures.slice(0, MAX_TESTS) ?? []
  return [
    `## Attempt ${attempt.n} failed: ${failure?.class ?? 'unknown'}${code}`,
    failure?.message.slice(0, MAX_MESSAGE) ?? '',
    shown.length === 0 ? '' : `Failing tests (${shown.length} of ${tests?.failed ?? shown.length}):`,
    ...shown.map(renderTest),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const renderTest = ({ name, file, line, message }: TestFailure): string => {
  const place = file === null ? '' : ` at ${file}${line === null ? '' : `:${line}`}`
  const indented = message.slice(0, MAX_MESSAGE).replaceAll('\n', '\n  ')
  return `- ${name}${place}\n  ${indented}`
}
