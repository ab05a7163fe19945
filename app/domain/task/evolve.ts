/** How each event changes a task. Total and pure: it trusts the log, refuses nothing and decides nothing. */
import type { Millis, StreamId } from '../event/envelope.ts'
import { billsOf, totalOf, withBill, type Bill } from '../budget/bills.ts'
import { FIRST_STATUS, attemptTransition, type TurningEvent } from './attempt-transitions.ts'
import { withChanges, type StepRun, type TaskDetails } from './details.ts'
import { evolveGates } from './evolve-gates.ts'
import type { Measures, TaskEvent } from './events.ts'
import { NO_FENCE } from './fence.ts'
import { keepEvidence } from './keep-evidence.ts'
import { transferred } from './transferred.ts'
import { KEPT } from './limits.ts'
import {
  NO_INPUTS,
  isClosed,
  isLive,
  type Attempt,
  type Dependency,
  type PullRequest,
  type Task,
  type TaskStatus,
} from './state.ts'
import { isMoving, transition } from './transitions.ts'

/** The task after the event; `null` before the first. An event on a task that was never created changes nothing. */
export const evolveTask = (task: Task | null, event: TaskEvent): Task | null => {
  if (event.type === 'task-created') return created(event)
  if (task === null) return null
  const moved = isMoving(event.type) ? move(task, event.type, event.at) : task
  return apply(moved, event)
}

const created = (event: TaskEvent & { type: 'task-created' }): Task => ({
  stream: event.stream,
  project: event.data.project,
  key: event.data.key,
  number: event.data.number,
  title: event.data.title,
  status: 'backlog',
  beneath: null,
  statusSince: event.at,
  waiting: null,
  asks: null,
  priority: event.data.priority,
  details: {},
  lease: null,
  fence: NO_FENCE,
  attempts: [],
  retriesFrom: 1,
  strikes: 0,
  blockers: [],
  nextBlocker: 1,
  evidence: [],
  artifacts: [],
  notes: [],
  dependsOn: [],
  waitsFor: [],
  pullRequests: [],
  createdBy: event.actor.id,
  ...(event.actor.kind === 'agent' ? { madeByAgent: true } : {}),
  createdAt: event.at,
})

const move = (task: Task, event: Parameters<typeof transition>[1], at: Millis): Task => {
  const to =
    transition(task.beneath ?? task.status, event) ?? (task.beneath !== null ? transition('blocked', event) : null)
  if (to === null) return task
  if (task.beneath !== null && !isClosed(to)) return withoutReasons({ ...task, beneath: to })
  return withoutReasons({ ...task, status: to, beneath: null, statusSince: at })
}

/** Leaving a status drops the reason for having been there; apply() sets the new one. */
const withoutReasons = (task: Task): Task => ({ ...task, waiting: null, asks: null })

const apply = (task: Task, event: TaskEvent): Task => {
  switch (event.type) {
    case 'task-created':
    case 'custom-recorded':
    case 'tampering-found':
      return task
    case 'task-updated':
      return { ...task, details: withChanges(task.details, event.data.changes) }
    case 'phase-entered':
      return detailed(task, { phase: { name: event.data.name, since: event.at } })
    case 'progress-reported':
      return detailed(task, { progress: { ...event.data, at: event.at } })
    case 'next-step-set': {
      const { nextStep: _, ...details } = task.details
      const { text } = event.data
      return { ...task, details: text === null ? details : { ...details, nextStep: text } }
    }
    case 'attribution-set':
      return detailed(task, { attribution: event.data.attribution })
    case 'step-started': {
      const { step, attempt } = event.data
      return ran(task, { step, status: 'started', attempt, startedAt: event.at, finishedAt: null, output: null })
    }
    case 'step-finished': {
      const { step, attempt, output } = event.data
      const startedAt = task.details.stepRuns?.find((run) => run.step === step)?.startedAt ?? event.at
      return ran(task, { step, status: 'finished', attempt, startedAt, finishedAt: event.at, output })
    }
    case 'checkpoint-resolved':
      return detailed(task, { checkpoint: { ...event.data, by: event.actor.id, at: event.at } })
    case 'title-changed':
      return { ...task, title: event.data.title }
    case 'priority-set':
      return { ...task, priority: event.data.priority }
    case 'task-readied':
      return task
    case 'task-reopened':
      return { ...task, strikes: 0, retriesFrom: task.attempts.length + 1 }
    case 'task-held': {
      const { until } = event.data
      return { ...task, waiting: until === null ? { for: 'dependencies' } : { for: 'backoff', until } }
    }
    case 'lease-granted':
      return granted(task, event)
    case 'lease-extended': {
      const { lease } = task
      const { attempt, ttlMs, expiresAt } = event.data
      return lease?.attempt === attempt ? { ...task, lease: { ...lease, ttlMs, expiresAt } } : task
    }
    case 'preemption-asked': {
      const { lease } = task
      const { attempt, by, until } = event.data
      return lease?.attempt === attempt ? { ...task, lease: { ...lease, preempt: { by, until } } } : task
    }
    case 'attempt-started':
      return turned(task, event.type, event.data.attempt, { startedAt: event.at })
    case 'brief-handed-out': {
      const { sha256: briefSha256 } = event.data
      return withAttempt(task, event.data.attempt, ({ inputs = NO_INPUTS }) => ({ inputs: { ...inputs, briefSha256 } }))
    }
    case 'attempt-head-moved': {
      const { branch, headSha, by } = event.data
      return withAttempt(task, event.data.attempt, ({ pushedBy = [] }) => ({
        branch,
        headSha,
        ...(by === undefined ? {} : { pushedBy: [...new Set([...pushedBy, by])].sort().slice(-PUSHERS) }),
      }))
    }
    case 'attempt-succeeded': {
      const { attempt, output } = event.data
      const after = turned({ ...task, strikes: 0 }, event.type, attempt, { endedAt: event.at })
      return output === undefined ? after : detailed(after, { output })
    }
    case 'attempt-failed': {
      const { failure } = event.data
      const strikes = failure.class === 'lease_expired' ? task.strikes : 0
      return turned({ ...task, strikes }, event.type, event.data.attempt, { endedAt: event.at, failure })
    }
    case 'attempt-measured': {
      const { measures, bill } = event.data
      return withAttempt(task, event.data.attempt, (attempt) => ({
        trust: measures.trust,
        durationMs: measures.durationMs ?? attempt.durationMs,
        ...billed(attempt, measures, bill),
        model: measures.model ?? attempt.model,
        tests: measures.tests ?? attempt.tests,
        run: measures.run ?? attempt.run,
        logTail: measures.logTail ?? attempt.logTail,
        ...(measures.tools === undefined ? {} : { inputs: { ...NO_INPUTS, ...attempt.inputs, tools: measures.tools } }),
      }))
    }
    case 'attempt-canceled':
    case 'lease-released':
      return turned(task, event.type, event.data.attempt, { endedAt: event.at })
    case 'lease-expired':
      return turned({ ...task, strikes: event.data.strikes ?? task.strikes + 1 }, event.type, event.data.attempt, {
        endedAt: event.at,
        failure: { class: 'lease_expired', message: 'The lease ran out without a heartbeat.' },
      })
    case 'budget-settled':
    case 'budget-corrected': {
      const { attempt, costs } = event.data
      return withAttempt(task, attempt, () => ({ settled: costs }))
    }
    case 'budget-overrun': {
      const { attempt, above } = event.data
      return withAttempt(task, attempt, () => ({ overrun: above }))
    }
    case 'budget-warned':
      return { ...task, warnings: newest(task.warnings ?? [], event.data, KEPT.warnings) }
    case 'tier-changed':
      return detailed(task, { tier: event.data.to })
    case 'human-needed':
      return { ...asked(task, event.data.dependencies), asks: event.data.reason }
    case 'retries-renewed':
      return { ...task, retriesFrom: event.data.from, strikes: 0 }
    case 'blocker-added':
      return {
        ...block(task, event.at),
        blockers: [...task.blockers, { ...event.data.blocker, at: event.at }],
        nextBlocker: event.data.blocker.id + 1,
      }
    case 'blocker-resolved': {
      const blockers = task.blockers.filter((blocker) => blocker.id !== event.data.id)
      return blockers.length > 0 ? { ...task, blockers } : { ...unblock(task, event.at), blockers }
    }
    case 'evidence-recorded':
      return { ...task, evidence: keepEvidence(task.evidence, { ...event.data.evidence, at: event.at }, KEPT.evidence) }
    case 'artifact-recorded':
      return { ...task, artifacts: newest(task.artifacts, { ...event.data.artifact, at: event.at }, KEPT.artifacts) }
    case 'tool-invoked':
      return withAttempt(task, event.data.attempt, ({ tools = 0 }) => ({ tools: tools + 1 }))
    case 'note-added':
      return { ...task, notes: [...task.notes, { ...event.data.note, at: event.at }] }
    case 'dependency-added': {
      const { on, settled, onFailure } = event.data
      return {
        ...task,
        dependsOn: [...task.dependsOn, onFailure === undefined ? on : { ...on, onFailure }],
        waitsFor: settled ? task.waitsFor : [...task.waitsFor, on.stream],
      }
    }
    case 'dependency-removed': {
      const { stream } = event.data.on
      return {
        ...task,
        dependsOn: task.dependsOn.filter((on) => on.stream !== stream),
        waitsFor: task.waitsFor.filter((on) => on !== stream),
      }
    }
    case 'dependency-changed': {
      const { on, onFailure } = event.data
      return withDependency(task, on, (dependency) => ({ ...dependency, onFailure }))
    }
    case 'dependency-settled':
      return waiting(withDependency(task, event.data.on, notEnded), event.data.on, false)
    case 'dependency-reopened':
      return waiting(withDependency(task, event.data.on, notEnded), event.data.on, true)
    case 'dependency-failed': {
      const { on, status, policy } = event.data
      const ended = withDependency(task, on, (dependency) => ({ ...notEnded(dependency), ended: status }))
      return waiting(ended, on, policy !== 'drop')
    }
    case 'pull-request-linked':
      return { ...task, pullRequests: [...task.pullRequests, event.data.pullRequest] }
    case 'pull-request-changed':
      return { ...task, pullRequests: replacePullRequest(task.pullRequests, event.data.pullRequest) }
    case 'assignees-changed': {
      const { assignees: _, ...others } = task
      const { assignees } = event.data
      return assignees.length === 0 ? others : { ...others, assignees }
    }
    case 'milestone-changed': {
      const { milestone: _, ...others } = task
      const { milestone } = event.data
      return milestone === null ? others : { ...others, milestone }
    }
    case 'policy-evaluated':
    case 'gate-opened':
    case 'gate-approved':
    case 'gate-closed':
      return evolveGates(task, event)
    case 'task-moved':
      return transferred(task, event.data)
    case 'task-moved-away':
      return { ...task, away: event.data }
    case 'task-completed':
    case 'task-failed':
    case 'task-canceled':
      return task
    default:
      // A log written by a newer Muster may hold events this one does not know: they change nothing here.
      event satisfies never
      return task
  }
}

const detailed = (task: Task, said: TaskDetails): Task => ({ ...task, details: { ...task.details, ...said } })

const ran = (task: Task, run: StepRun): Task =>
  detailed(task, { stepRuns: [...(task.details.stepRuns ?? []).filter(({ step }) => step !== run.step), run] })

const newest = <Row>(rows: readonly Row[], added: Row, kept: number): readonly Row[] => [...rows, added].slice(-kept)

/** Of one attempt. */
const PUSHERS = 20

const granted = (task: Task, event: TaskEvent & { type: 'lease-granted' }): Task => {
  const { lease, baseSha, model, reservation, inputs } = event.data
  const attempt: Attempt = {
    n: lease.attempt,
    status: FIRST_STATUS,
    owner: lease.owner,
    fence: lease.fence,
    ...(lease.holder.id === lease.owner ? {} : { claimedBy: lease.holder.id }),
    openedAt: event.at,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    baseSha,
    headSha: null,
    branch: null,
    failure: null,
    tests: null,
    tokens: null,
    costMicroUsd: null,
    trust: null,
    model,
    run: null,
    logTail: null,
    ...(reservation === undefined ? {} : { reservation }),
    ...(inputs === undefined ? {} : { inputs }),
  }
  return {
    ...task,
    lease: { ...lease, grantedAt: event.at },
    fence: lease.fence,
    attempts: [...task.attempts, attempt],
  }
}

const withAttempt = (task: Task, n: number, change: (attempt: Attempt) => Partial<Attempt>): Task => ({
  ...task,
  attempts: task.attempts.map((attempt) => (attempt.n === n ? { ...attempt, ...change(attempt) } : attempt)),
})

/** The attempt turns as its table says, or not at all; with its end goes the lease that stood for it. */
const turned = (task: Task, event: TurningEvent, n: number, change: Partial<Attempt>): Task => {
  const from = task.attempts.find((attempt) => attempt.n === n)?.status
  const status = from === undefined ? null : attemptTransition(from, event)
  if (status === null) return task
  const after = withAttempt(task, n, () => ({ ...change, status }))
  return !isLive(status) && after.lease?.attempt === n ? { ...after, lease: null } : after
}

/** What all runs have cost together; the parts of tokens are known as long as one report tells them all. */
const billed = (
  attempt: Attempt,
  measures: Measures,
  bill: Bill | undefined,
): Pick<Attempt, 'tokens' | 'costMicroUsd' | 'bills'> => {
  const tokens = measures.tokens ?? attempt.tokens
  const costMicroUsd = measures.costMicroUsd ?? attempt.costMicroUsd
  if (bill === undefined) return { tokens, costMicroUsd }
  const bills = withBill(billsOf(attempt), bill)
  const total = totalOf('tokens', bills)?.amount ?? null
  const whole = [measures.tokens, attempt.tokens].find((said) => said?.total === total) ?? null
  const none = { input: null, output: null, cacheRead: null, cacheWrite: null }
  const isReported = bills.some(({ microUsd }) => microUsd?.basis === 'reported')
  return {
    bills,
    tokens: whole ?? (total === null ? null : { total, ...none }),
    costMicroUsd: isReported ? (totalOf('microUsd', bills)?.amount ?? null) : null,
  }
}

const withDependency = (task: Task, on: StreamId, change: (dependency: Dependency) => Dependency): Task => ({
  ...task,
  dependsOn: task.dependsOn.map((dependency) => (dependency.stream === on ? change(dependency) : dependency)),
})

const notEnded = ({ ended: _, asked: __, ...dependency }: Dependency): Dependency => dependency

const asked = (task: Task, dependencies: readonly StreamId[] = []): Task =>
  dependencies.reduce((before, on) => withDependency(before, on, (edge) => ({ ...edge, asked: true })), task)

const waiting = (task: Task, on: StreamId, waits: boolean): Task => {
  const others = task.waitsFor.filter((stream) => stream !== on)
  return { ...task, waitsFor: waits ? [...others, on] : others }
}

const block = (task: Task, at: Millis): Task =>
  task.status === 'blocked' || isClosed(task.status)
    ? task
    : { ...task, status: 'blocked', beneath: task.status, statusSince: at }

const unblock = (task: Task, at: Millis): Task => {
  const status: TaskStatus | null = task.status === 'blocked' ? task.beneath : null
  return status === null ? task : { ...task, status, beneath: null, statusSince: at }
}

const replacePullRequest = (all: readonly PullRequest[], changed: PullRequest): readonly PullRequest[] =>
  all.map((pullRequest) => (pullRequest.number === changed.number ? changed : pullRequest))
