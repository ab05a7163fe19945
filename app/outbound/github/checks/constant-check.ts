/**
 * The check named `muster` on the head of each pull request, made to be required: success only for evidence on that very
 * commit by someone other than the agent, else in progress or action_required. Never neutral: neutral would let a merge pass.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Evidence, PullRequest, Task } from '../../../domain/task/state.ts'
import { neutraliseCell } from '../../../domain/text/neutralise.ts'
import type { CheckRun, Progress } from './check-run.ts'

export const CONSTANT_NAME = 'muster'

export const constantExternalId = (task: Pick<Task, 'stream'>, pull: Pick<PullRequest, 'number'>): string =>
  `${task.stream}/pull/${pull.number}`

export const constantCheck = (task: Task, pull: PullRequest): CheckRun => {
  const evidence = newestPerCommand(task.evidence.filter(({ headSha }) => headSha === pull.headSha))
  const { title, progress } = verdict(task, pull, evidence)
  return {
    externalId: constantExternalId(task, pull),
    name: CONSTANT_NAME,
    headSha: pull.headSha,
    startedAt: null,
    progress,
    detailsUrl: null,
    title,
    summary: summary(task, pull, evidence),
    text: null,
    annotations: [],
    actions: [],
  }
}

const isBelieved = ({ trust }: Evidence): boolean => trust !== 'self'

const newestPerCommand = (evidence: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(evidence.map((item) => [`${isBelieved(item)} ${item.command}`, item])).values(),
]

interface Verdict {
  readonly title: string
  readonly progress: Progress
}

const verdict = (task: Task, pull: PullRequest, evidence: readonly Evidence[]): Verdict => {
  const believed = evidence.filter(isBelieved)
  const failing = believed.filter(({ passed }) => !passed)
  const since = Math.max(task.createdAt, ...believed.map(({ at }) => at))
  if (failing.length > 0) return act('CI says that this commit does not pass', since)
  if (task.status === 'blocked') return act('A blocker must be cleared', task.statusSince)
  if (task.status === 'needs_human') return act('A person must decide', task.statusSince)
  if (believed.length > 0) {
    const progress: Progress = { status: 'completed', conclusion: 'success', completedAt: iso(since) }
    return { title: 'CI passed on this commit', progress }
  }
  if (pull.state !== 'open') return act('Closed without evidence from CI', task.statusSince)
  return { title: 'Waits for CI on this commit', progress: { status: 'in_progress' } }
}

const iso = (at: Millis): string => new Date(at).toISOString()

const act = (title: string, at: Millis): Verdict => ({
  title,
  progress: { status: 'completed', conclusion: 'action_required', completedAt: iso(at) },
})

const summary = (task: Task, pull: PullRequest, evidence: readonly Evidence[]): string => {
  const rows = evidence.map(({ command, passed, exitCode, trust }) => {
    const result = passed ? 'passed' : `failed (exit code ${exitCode})`
    return `| ${neutraliseCell(command)} | ${result} | ${trust === 'self' ? 'the agent: does not count' : trust} |`
  })
  return [
    `${task.key} on commit ${pull.headSha.slice(0, 12)}. Evidence counts only when CI or GitHub itself brings it.`,
    rows.length === 0 ? 'None yet.' : ['| evidence | result | by |', '|---|---|---|', ...rows].join('\n'),
    ...task.blockers.map(({ id, reason }) => `Blocker ${id}: ${neutraliseCell(reason)}`),
  ].join('\n\n')
}
