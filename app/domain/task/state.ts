/** The shape of a task: everything that is known of it, and all that a record comment holds. Pure data; evolve.ts is its only writer. */
import type { Actor } from '../actor.ts'
import type { Failure } from '../failure/failure.ts'
import type { Millis, StreamId } from '../event/envelope.ts'
import type { Bill } from '../budget/bills.ts'
import type { Sums } from '../budget/books.ts'
import type { BudgetWarning, Costs, Reservation } from '../budget/reservation.ts'
import type { Gate } from '../policy/gate.ts'
import type { KnownVerdict } from '../policy/verdict.ts'
import type { TaskDetails } from './details.ts'

export const TASK_STATUSES = [
  'backlog',
  'ready',
  'waiting',
  'claimed',
  'in_progress',
  'blocked',
  'review',
  'needs_human',
  'done',
  'failed',
  'canceled',
] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** A closed task takes no work until it is reopened. */
export const isClosed = (status: TaskStatus): boolean =>
  status === 'done' || status === 'failed' || status === 'canceled'

export type AttemptStatus = 'queued' | 'leased' | 'running' | 'succeeded' | 'failed' | 'canceled' | 'expired'

/** A live attempt is the one a lease stands for. */
export const isLive = (status: AttemptStatus): boolean => status === 'leased' || status === 'running'

export const PRIORITIES = ['p0', 'p1', 'p2', 'p3'] as const
export type Priority = (typeof PRIORITIES)[number]

export const ARTIFACT_KINDS = ['diff', 'file', 'log', 'benchmark', 'screenshot', 'report'] as const
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number]

/** Which grant of the right to work this is; only grows, epoch first. Public: authority is identity and fence together. */
export interface Fence {
  readonly epoch: number
  readonly n: number
}

/** The right to work on the task. Its deadline is volatile and lives outside the log; `expiresAt` is the one it was granted with. */
export interface Lease {
  readonly attempt: number
  readonly fence: Fence
  readonly owner: string
  /** The login or key that claimed: only the same one may write without naming the fence. */
  readonly holder: Actor
  readonly ttlMs: Millis
  readonly grantedAt: Millis
  readonly expiresAt: Millis
  /** The workflow run that took the lease, when one did. */
  readonly runId: number | null
  /** The task that needs its room, and until when it may be given back by itself. Absent: nobody has asked. */
  readonly preempt?: { readonly by: string; readonly until: Millis }
}

/** Tokens used, caches included in `total`; the parts are null when only the total is known. */
export interface Tokens {
  readonly total: number
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
}

/** Money is counted in whole millionths of a US dollar, so that sums are exact. */
export type MicroUsd = number

export interface TestFailure {
  readonly name: string
  /** Relative to the repository; null when the report does not say. */
  readonly file: string | null
  /** 1-based. */
  readonly line: number | null
  readonly message: string
}

export interface TestSummary {
  readonly total: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly TestFailure[]
}

/** How far a report is believed: `self` could be forged by the agent's own job, `ci` could not, `platform` was read from GitHub by us. */
export type Trust = 'self' | 'ci' | 'platform'

export interface RunRef {
  readonly id: number
  readonly attempt: number
  readonly url: string
}

/** What an attempt started from, beside its base commit and its model. */
export interface AttemptInputs {
  /** SHA-256 of the brief that its holder was given first; null until then. */
  readonly briefSha256: string | null
  /** SHA-256 of the configuration in force when it was claimed. */
  readonly configSha256: string | null
  /** `claude-code@2.1.0`, … */
  readonly tools: readonly string[]
  /** Where it runs. */
  readonly runner: string | null
}

export const NO_INPUTS: AttemptInputs = { briefSha256: null, configSha256: null, tools: [], runner: null }

export interface Attempt {
  readonly n: number
  readonly status: AttemptStatus
  readonly owner: string
  readonly fence: Fence
  /** Who claimed it, where that is not the owner. */
  readonly claimedBy?: string
  /** Logins of those who pushed to it, as far as was heard of. */
  readonly pushedBy?: readonly string[]
  readonly openedAt: Millis
  readonly startedAt: Millis | null
  readonly endedAt: Millis | null
  /** As reported by the run; otherwise null. */
  readonly durationMs: Millis | null
  readonly baseSha: string | null
  readonly headSha: string | null
  readonly branch: string | null
  readonly failure: Failure | null
  readonly tests: TestSummary | null
  readonly tokens: Tokens | null
  readonly costMicroUsd: MicroUsd | null
  /** Of each of its runs; `tokens` and `costMicroUsd` are their sum. Absent: nothing was said of it, or versions that kept none. */
  readonly bills?: readonly Bill[]
  /** Null until something reported on the attempt. */
  readonly trust: Trust | null
  readonly model: string | null
  readonly run: RunRef | null
  /** The last lines of the agent's log, redacted and bounded. */
  readonly logTail: string | null
  /** Set aside for it when it was granted; absent where nothing limited it. */
  readonly reservation?: Reservation
  /** What the reservation was settled at; absent while it stands. */
  readonly settled?: Costs
  /** The most by which it was ever seen above its reservation; absent: never. */
  readonly overrun?: Sums
  /** How many calls of tools it reported; the calls themselves are in the events. Absent: none. */
  readonly tools?: number
  /** How many verdicts on tools it was given that are on record. Absent: none. */
  readonly asked?: number
  /** Absent when nothing is known of them. */
  readonly inputs?: AttemptInputs
  /** Where it was made and is paid for, when the issue was transferred since: its commits are there. Absent: where the task is. */
  readonly project?: StreamId
}

export interface Blocker {
  readonly id: number
  readonly reason: string
  readonly by: string
  readonly at: Millis
}

export interface Evidence {
  readonly command: string
  readonly exitCode: number
  readonly passed: boolean
  readonly attempt: number | null
  /** The commit it is about, also one that the work has left. */
  readonly headSha: string | null
  readonly trust: Trust
  /** Login, agent, or run: `900`, and `900.2` for the second attempt of it. */
  readonly by: string
  readonly at: Millis
}

export interface BenchmarkFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

export interface Artifact {
  readonly kind: ArtifactKind
  readonly name: string
  readonly url: string
  readonly attempt: number | null
  /** 64 lower-case hex digits. */
  readonly sha256: string | null
  /** Bytes. */
  readonly size: number | null
  readonly mediaType: string | null
  readonly figures: readonly BenchmarkFigure[]
  readonly at: Millis
}

export interface Note {
  readonly text: string
  readonly by: string
  readonly at: Millis
}

export interface TaskRef {
  readonly stream: StreamId
  readonly key: string
  /** `owner/name` as it was when it was named; absent for tasks of the same project. */
  readonly repository?: string
}

/** What people plan the issue for on GitHub. */
export interface Milestone {
  readonly number: number
  readonly title: string
}

export const FAILURE_POLICIES = ['wait', 'fail', 'drop'] as const
/** What becomes of a task when one that it depends on failed or was canceled: it goes on waiting, asks a person, or does without. */
export type FailurePolicy = (typeof FAILURE_POLICIES)[number]

/** How a task stands for those that depend on it. */
export type DependencyStatus = 'open' | 'done' | 'failed' | 'canceled'

export const dependencyStatus = (status: TaskStatus): DependencyStatus =>
  status === 'done' || status === 'failed' || status === 'canceled' ? status : 'open'

export interface Dependency extends TaskRef {
  /** Absent: the project's. */
  readonly onFailure?: FailurePolicy
  /** How it ended without being done; absent while it has not. */
  readonly ended?: 'failed' | 'canceled'
  /** A person was asked what to do about that. */
  readonly asked?: true
}

export interface PullRequest {
  readonly number: number
  readonly branch: string
  readonly headSha: string
  readonly state: 'open' | 'merged' | 'closed'
}

/** Where an issue stands, and the key that its task has there. */
export interface IssueSpot {
  readonly project: StreamId
  readonly number: number
  readonly key: string
}

/** Where an issue went that Muster cannot reach: its repository, without the name, which not everybody may know. */
export interface Away {
  readonly repositoryId: number
  readonly number: number
  /** What the task was before it was canceled for this; null: it was closed already, and its coming back opens nothing. */
  readonly was: TaskStatus | null
}

/** Why a task waits: for a time, or for other tasks. */
export type Waiting = { readonly for: 'backoff'; readonly until: Millis } | { readonly for: 'dependencies' }

export interface Task {
  readonly stream: StreamId
  readonly project: StreamId
  /** `DEV-12`. */
  readonly key: string
  readonly number: number
  readonly title: string
  readonly status: TaskStatus
  /** What the status will be when the last blocker is resolved; null unless blocked. */
  readonly beneath: TaskStatus | null
  readonly statusSince: Millis
  readonly waiting: Waiting | null
  /** Why a person is needed; null unless `needs_human`. */
  readonly asks: string | null
  readonly priority: Priority
  readonly details: TaskDetails
  readonly lease: Lease | null
  /** The newest fence ever granted. */
  readonly fence: Fence
  readonly attempts: readonly Attempt[]
  /** The attempts before this number do not count against the retry limits: a person has asked for a fresh start. */
  readonly retriesFrom: number
  /** Leases in a row that ran out before their holder was heard of. */
  readonly strikes: number
  readonly blockers: readonly Blocker[]
  /** The id that the next blocker gets. */
  readonly nextBlocker: number
  readonly evidence: readonly Evidence[]
  readonly artifacts: readonly Artifact[]
  readonly notes: readonly Note[]
  readonly dependsOn: readonly Dependency[]
  /** Those of `dependsOn` that are neither done nor given up. */
  readonly waitsFor: readonly StreamId[]
  readonly pullRequests: readonly PullRequest[]
  /** Budgets that this task's costs brought near their limit; absent: none. */
  readonly warnings?: readonly BudgetWarning[]
  /** Absent: none. The same below. */
  readonly gates?: readonly Gate[]
  /** What policy said, while that was not always yes. */
  readonly verdicts?: readonly KnownVerdict[]
  /** Logins of who is assigned to the issue, sorted. */
  readonly assignees?: readonly string[]
  readonly milestone?: Milestone
  readonly createdBy: string
  /** An agent made it, with its own key. Absent: a person or a bot did. */
  readonly madeByAgent?: true
  readonly createdAt: Millis
  /** Where its issue stood before it was transferred, oldest first: it is found by those keys and numbers as well. Absent: nowhere else. */
  readonly formerly?: readonly IssueSpot[]
  /** Absent: its issue is where Muster is. */
  readonly away?: Away
  /** Added to the epoch of its project: that of another one granted its fences before. Absent: 0. */
  readonly epochShift?: number
}
