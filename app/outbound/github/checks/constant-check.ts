/**
 * The check named `muster` on the head of each pull request, made to be required: success only for evidence on that very
 * commit by someone other than the agent, else in progress or action_required. Never neutral: neutral would let a merge pass.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import { missingOn } from '../../../domain/policy/gate.ts'
import { lastVerdict } from '../../../domain/policy/verdict.ts'
import type { Evidence, PullRequest, Task } from '../../../domain/task/state.ts'
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import { gateLine } from '../text/gate-line.ts'
import { SAID_BY } from '../text/said-by.ts'
import type { CheckRun, Progress } from './check-run.ts'

export const CONSTANT_NAME = 'muster'

export const constantExternalId = (task: Pick<Task, 'stream'>, pull: Pick<PullRequest, 'number'>): string =>
  `${task.stream}/pull/${pull.number}`

export const constantCheck = (task: Task, pull: PullRequest): CheckRun => {
  const evidence = newestPerCommand(task.evidence.filter(({ headSha }) => headSha === pull.headSha))
  const { title, progress, next } = verdict(task, pull, evidence)
  return {
    externalId: constantExternalId(task, pull),
    name: CONSTANT_NAME,
    headSha: pull.headSha,
    startedAt: null,
    progress,
    detailsUrl: null,
    title,
    summary: summary(task, pull, evidence, next),
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
  /** What a person can do, or null. Commands in the form that works everywhere. */
  readonly next: string | null
}

const verdict = (task: Task, pull: PullRequest, evidence: readonly Evidence[]): Verdict => {
  const believed = evidence.filter(isBelieved)
  const failing = believed.filter(({ passed }) => !passed)
  const since = Math.max(task.createdAt, ...believed.map(({ at }) => at))
  const on = (command: string): string => `comment \`/muster ${command}\` on #${task.number}`
  if (failing.length > 0) {
    const next = `push a commit that passes, or ${on('retry')} for another attempt`
    return act('CI says that this commit does not pass', since, next)
  }
  if (task.status === 'blocked')
    return act('A blocker must be cleared', task.statusSince, `${on('unblock')} when it is cleared`)
  if (task.status === 'needs_human')
    return act(
      'A person must decide',
      task.statusSince,
      `read #${task.number} and ${on('retry')} or \`/muster cancel\``,
    )
  const missing = missingOn(task, pull.headSha)
  if (missing.length > 0) {
    const [{ name, at }] = missing as readonly [(typeof missing)[number]]
    const title = missing.length === 1 ? `The gate ${name} is not open` : `${missing.length} gates are not open`
    const approve = on(`approve-gate ${name} ${pull.headSha.slice(0, 12)}`)
    return act(title, Math.max(since, at), `look at this commit, then ${approve}`)
  }
  const forbidden = lastVerdict(task.verdicts, 'merge')
  if (forbidden?.outcome === 'deny') {
    const next = 'a person changes `policy:` in `.github/muster.yml`, or does the work'
    return act('The policy forbids this merge', Math.max(since, forbidden.at), next)
  }
  if (believed.length > 0) {
    const progress: Progress = { status: 'completed', conclusion: 'success', completedAt: iso(since) }
    return { title: 'CI passed on this commit', progress, next: null }
  }
  if (pull.state !== 'open') return act('Closed without evidence from CI', task.statusSince, null)
  const next = 'nothing; this ends when a workflow run on this commit has reported with the Muster action'
  return { title: 'Waits for CI on this commit', progress: { status: 'in_progress' }, next }
}

const iso = (at: Millis): string => new Date(at).toISOString()

const act = (title: string, at: Millis, next: string | null): Verdict => ({
  title,
  next,
  progress: { status: 'completed', conclusion: 'action_required', completedAt: iso(at) },
})

const summary = (task: Task, pull: PullRequest, evidence: readonly Evidence[], next: string | null): string => {
  const rows = evidence.map(({ command, passed, exitCode, trust }) => {
    const result = passed ? 'passed' : `failed (exit code ${exitCode})`
    return `| ${neutraliseCell(command)} | ${result} | ${SAID_BY[trust]}${trust === 'self' ? ': does not count' : ''} |`
  })
  return [
    `${task.key} (#${task.number}) on commit ${pull.headSha.slice(0, 12)}. Evidence counts only when CI or GitHub itself brings it.`,
    rows.length === 0 ? 'None yet.' : ['| evidence | result | by |', '|---|---|---|', ...rows].join('\n'),
    ...task.blockers.map(({ id, reason }) => `Blocker ${id}: ${neutraliseLine(reason)}`),
    ...missingOn(task, pull.headSha).map(gateLine),
    ...(next === null ? [] : [`Next: ${next}.`]),
  ].join('\n\n')
}
