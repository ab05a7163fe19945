/** Everything that can have happened to a task, in the past tense. A new event is a new row here, in evolve.ts and, when it moves the task, in transitions.ts. */
import type { Actor } from '../actor.ts'
import type { Failure } from '../failure/failure.ts'
import type { Json } from '../event/canonical-json.ts'
import type { Role } from '../actor.ts'
import type { GateBinding } from '../policy/gate.ts'
import type { GateNeeds, PolicyVerb } from '../policy/rule.ts'
import type { Verdict } from '../policy/verdict.ts'
import type { Millis, NewEvent, StoredEvent, StreamId } from '../event/envelope.ts'
import type { Bill } from '../budget/bills.ts'
import type { Sums } from '../budget/books.ts'
import type { BudgetWarning, Costs, Reservation } from '../budget/reservation.ts'
import type { Attribution, CheckpointDecision, DetailChanges, Tier } from './details.ts'
import type {
  Artifact,
  AttemptInputs,
  Away,
  Blocker,
  Dependency,
  Evidence,
  FailurePolicy,
  Fence,
  IssueSpot,
  Lease,
  MicroUsd,
  Milestone,
  Note,
  Priority,
  PullRequest,
  RunRef,
  TaskRef,
  TestSummary,
  Tokens,
  Trust,
} from './state.ts'

/** What a report adds to an attempt, whether or not it still counts. */
export interface Measures {
  readonly trust: Trust
  readonly durationMs: Millis | null
  readonly tokens: Tokens | null
  readonly costMicroUsd: MicroUsd | null
  readonly model: string | null
  readonly tests: TestSummary | null
  readonly run: RunRef | null
  readonly logTail: string | null
  /** Tools and their versions; absent when the report does not say, and in what versions before it wrote. */
  readonly tools?: readonly string[]
}

export interface TaskEventData {
  'task-created': {
    readonly project: StreamId
    readonly key: string
    readonly number: number
    readonly title: string
    readonly priority: Priority
  }
  'title-changed': { readonly title: string }
  'priority-set': { readonly priority: Priority }
  /** What people declared of it, as far as it changed. */
  'task-updated': { readonly changes: DetailChanges }
  'phase-entered': { readonly name: string }
  'progress-reported': { readonly percent: number | null; readonly text: string | null }
  'next-step-set': { readonly text: string | null }
  'attribution-set': { readonly attribution: Attribution }
  /** An event of somebody's own kind: it stands in the history and changes nothing. */
  'custom-recorded': { readonly name: string; readonly data: Json }
  'step-started': { readonly step: string; readonly attempt: number | null; readonly input: Json }
  'step-finished': { readonly step: string; readonly attempt: number | null; readonly output: Json }
  'checkpoint-resolved': { readonly decision: CheckpointDecision; readonly note: string | null }
  'task-readied': { readonly reason: string }
  'task-held': { readonly until: Millis | null; readonly reason: string }
  'lease-granted': {
    readonly lease: Omit<Lease, 'grantedAt'>
    readonly baseSha: string | null
    readonly model: string | null
    /** Whether its time to live was asked for. Absent in what versions before it wrote. */
    readonly ttlAsked?: boolean
    /** Absent where no budget limits the task. */
    readonly reservation?: Reservation
    /** Absent in what versions before it wrote. */
    readonly inputs?: AttemptInputs
  }
  /** The same lease under the same fence, with another time to live that begins now. */
  'lease-extended': {
    readonly attempt: number
    readonly fence: Fence
    readonly ttlMs: Millis
    readonly expiresAt: Millis
  }
  /** The first brief that its holder was given. */
  'brief-handed-out': { readonly attempt: number; readonly sha256: string }
  'attempt-started': { readonly attempt: number; readonly fence: Fence }
  /** `by`: login of who pushed, where that is known. */
  'attempt-head-moved': {
    readonly attempt: number
    readonly branch: string
    readonly headSha: string
    readonly by?: string
  }
  /** `output`: what it handed in, when it did. */
  'attempt-succeeded': { readonly attempt: number; readonly fence: Fence; readonly output?: Json }
  'attempt-failed': {
    readonly attempt: number
    readonly fence: Fence
    readonly failure: Failure
    /** How long the limit that was hit said to wait; absent when it did not say, and in events of versions that kept no note of it. */
    readonly retryAfterMs?: Millis
  }
  /** `bill`: what its run, or the whole attempt, has cost by this and all before it. Absent in what versions before it wrote. */
  'attempt-measured': { readonly attempt: number; readonly measures: Measures; readonly bill?: Bill }
  'attempt-canceled': { readonly attempt: number; readonly reason: string }
  'lease-released': { readonly attempt: number; readonly fence: Fence; readonly reason: string }
  'lease-expired': {
    readonly attempt: number
    readonly fence: Fence
    readonly started: boolean
    /** How many in a row that is now. Absent in events of versions that counted every one. */
    readonly strikes?: number
    /** The deadline, as heartbeats had moved it. Absent in what versions before it wrote. */
    readonly deadline?: Millis
    /** Who took the task over from a silent holder, before the time was up. */
    readonly takenBy?: string
  }
  /** More urgent work needs the room: the holder may give the task back by itself until then. */
  'preemption-asked': { readonly attempt: number; readonly fence: Fence; readonly by: string; readonly until: Millis }
  /** The reservation is over; this is what the attempt cost. */
  'budget-settled': { readonly attempt: number; readonly costs: Costs }
  /** What it cost after all: the movement is the difference to what stood before. */
  'budget-corrected': { readonly attempt: number; readonly costs: Costs }
  /** By how much in all it is above its reservation. */
  'budget-overrun': { readonly attempt: number; readonly above: Sums }
  'budget-warned': BudgetWarning
  /** The next attempt is for a more capable model. */
  'tier-changed': { readonly from: Tier | null; readonly to: Tier; readonly reason: string }
  /** `dependencies`: those that ended badly and that it asks about. Absent: none. */
  'human-needed': { readonly reason: string; readonly dependencies?: readonly StreamId[] }
  'retries-renewed': { readonly from: number }
  'blocker-added': { readonly blocker: Omit<Blocker, 'at'> }
  'blocker-resolved': { readonly id: number }
  'evidence-recorded': { readonly evidence: Omit<Evidence, 'at'> }
  'artifact-recorded': { readonly artifact: Omit<Artifact, 'at'> }
  /** One call of a tool by the attempt. The state only counts them; `durationMs` is null when nobody said. */
  'tool-invoked': {
    readonly attempt: number
    readonly tool: string
    readonly summary: string
    readonly ok: boolean
    readonly durationMs: Millis | null
  }
  'note-added': { readonly note: Omit<Note, 'at'> }
  'dependency-added': { readonly on: TaskRef; readonly settled: boolean; readonly onFailure?: FailurePolicy }
  'dependency-changed': { readonly on: StreamId; readonly onFailure: FailurePolicy }
  'dependency-removed': { readonly on: TaskRef }
  'dependency-settled': { readonly on: StreamId }
  'dependency-reopened': { readonly on: StreamId }
  /** It ended without being done. With the policy `drop` it is waited for no longer. */
  'dependency-failed': {
    readonly on: StreamId
    readonly status: NonNullable<Dependency['ended']>
    readonly policy: FailurePolicy
  }
  'pull-request-linked': { readonly pullRequest: PullRequest }
  'pull-request-changed': { readonly pullRequest: PullRequest }
  /** Who is assigned to the issue on GitHub, or what it is planned for there, is otherwise now. */
  'assignees-changed': { readonly assignees: readonly string[] }
  'milestone-changed': { readonly milestone: Milestone | null }
  'task-completed': { readonly reason: string }
  'task-failed': { readonly reason: string }
  'task-canceled': { readonly reason: string }
  'task-reopened': { readonly reason: string }
  /** What policy said of an agent's wish, when that is not what it always said. */
  'policy-evaluated': Verdict
  /** Until so many people have approved it, what it is named for may not be done. */
  'gate-opened': GateBinding & {
    readonly gate: string
    readonly needs: GateNeeds
    readonly verb: PolicyVerb | null
    /** It was there for another commit before. */
    readonly moved?: true
  }
  'gate-approved': { readonly gate: string; readonly by: string; readonly role: Role }
  /** `fell`: what was approved is not what stands there now; `dropped`: nothing asks for it any more. */
  'gate-closed': { readonly gate: string; readonly how: 'approved' | 'fell' | 'dropped'; readonly reason: string }
  /** Its issue was transferred. `repository`: names of the two, for references that stay behind or are there already. */
  'task-moved': {
    readonly from: IssueSpot & { readonly repository: string }
    readonly to: IssueSpot & { readonly repository: string }
    /** What the epoch of the project there lacks to that of the task: fences keep their order. */
    readonly epochShift: number
  }
  /** Its issue was transferred to where Muster is not. */
  'task-moved-away': Away
  /** Someone changed what only Muster writes; it was not believed. */
  'tampering-found': { readonly what: string; readonly by: Actor | null; readonly detail: string }
}

export type TaskEventType = keyof TaskEventData

export type NewTaskEvent = { [T in TaskEventType]: NewEvent<T, TaskEventData[T]> }[TaskEventType]
export type TaskEvent = { [T in TaskEventType]: StoredEvent<T, TaskEventData[T]> }[TaskEventType]

/** The schema version that `decide` writes today, per event; see event/upcast.ts for how older ones are read. */
export const TASK_EVENT_VERSION = 1

/** Makes an event at the current schema version. */
export const taskEvent = <T extends TaskEventType>(type: T, data: TaskEventData[T]): NewTaskEvent =>
  // The cast joins what the compiler cannot: the union over T of pairs that belong together.
  ({ type, v: TASK_EVENT_VERSION, data }) as NewTaskEvent
