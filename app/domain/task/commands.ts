/** Everything that can be asked of a task, in the imperative. Who asks and why travels beside it; see engine/ports.ts. */
import type { Failure } from '../failure/failure.ts'
import type { Json } from '../event/canonical-json.ts'
import type { Millis, StreamId } from '../event/envelope.ts'
import type { Actor, Role } from '../actor.ts'
import type { Question } from '../policy/facts.ts'
import type {
  ArtifactKind,
  BenchmarkFigure,
  DependencyStatus,
  FailurePolicy,
  Fence,
  IssueSpot,
  Milestone,
  Priority,
  PullRequest,
  TaskRef,
} from './state.ts'
import type { Attribution, CheckpointDecision, DetailChanges, DetailLists } from './details.ts'
import type { Measures } from './events.ts'

/** What of a value is not as its JSON Schema says; found outside and handed in. None, or absent: nothing. */
export type Problems = readonly string[]

/** Why a schema may not be kept; `argument` says which. */
export interface SchemaProblem {
  readonly argument: string
  readonly problem: string
}

export interface TaskCommandData {
  /** Makes an issue a task; on a task it only brings the title up to date. */
  'create-task': {
    readonly project: StreamId
    readonly key: string
    readonly number: number
    readonly title: string
    readonly priority: Priority
  }
  'change-title': { readonly title: string }
  /** Null takes a detail away. */
  'update-task': { readonly changes: DetailChanges; readonly schemaProblem?: SchemaProblem | null }
  /** Items of lists come and go one by one, whatever else stands in them. */
  'edit-lists': { readonly add?: DetailLists; readonly remove?: DetailLists }
  /** At a time, or so long from now; null: no deadline any more. */
  'set-deadline': { readonly by: { readonly at: Millis } | { readonly inMs: Millis } | null }
  /** `fence`: said by the holder of a lease, and void with it; null: said by a person who may. The same below. */
  'enter-phase': { readonly name: string; readonly fence: Fence | null }
  /** `percent` from 0 to 100. */
  'report-progress': { readonly percent: number | null; readonly text: string | null; readonly fence: Fence | null }
  'set-next-step': { readonly text: string | null; readonly fence: Fence | null }
  'attribute-task': { readonly attribution: Attribution; readonly fence: Fence | null }
  'record-custom': { readonly name: string; readonly data: Json; readonly fence: Fence | null }
  'start-step': {
    readonly step: string
    readonly input?: Json
    readonly fence: Fence | null
    readonly inputProblems?: Problems
  }
  'finish-step': {
    readonly step: string
    readonly output?: Json
    readonly fence: Fence | null
    readonly outputProblems?: Problems
  }
  'ready-task': object
  'claim-task': {
    /** Agent id, else the login. */
    readonly owner: string
    readonly ttlMs: Millis | null
    readonly baseSha: string | null
    readonly model: string | null
    readonly runId: number | null
    /** Only a task that nobody holds: not the holder's own again. */
    readonly unheld?: true
    /** Also a task whose holder has been silent for too long. `leaseUntil` is then the volatile deadline. */
    readonly steal?: true
    readonly leaseUntil?: Millis | null
    /** Tools and their versions, and where they run: inputs of the attempt. */
    readonly tools?: readonly string[]
    readonly runner?: string
    /** SHA-256 of the configuration in force. */
    readonly configSha256?: string
    readonly inputProblems?: Problems
  }
  /** The brief that the holder was given. */
  'record-brief': { readonly fence: Fence; readonly sha256: string }
  'start-attempt': { readonly fence: Fence | null }
  'succeed-attempt': {
    readonly fence: Fence | null
    readonly costMicroUsd: number | null
    readonly tokens: number | null
    readonly output?: Json
    readonly outputProblems?: Problems
  }
  'fail-attempt': {
    readonly fence: Fence | null
    readonly failure: Failure
    /** Left out as null: its holder does not say. */
    readonly costMicroUsd?: number | null
    readonly tokens?: number | null
  }
  'release-task': { readonly fence: Fence | null; readonly reason: string }
  /** A report on an attempt, already authenticated and bounded. `passed` null means: figures only, no verdict. */
  'report-attempt': {
    readonly attempt: number
    /** Workflow and job that it is from, `ci.yml / unit`: a later report takes an earlier one's place only from the same. */
    readonly source: string
    readonly passed: boolean | null
    readonly failure: Failure | null
    readonly headSha: string | null
    /** What CI found on a commit that the work has left: it stays with that commit, for when the work comes back to it. */
    readonly left?: { readonly headSha: string; readonly passed: boolean }
    readonly measures: Measures
    readonly artifacts: readonly ReportedArtifact[]
    /** How long the limit that was hit says to wait. */
    readonly retryAfterMs: Millis | null
    readonly output?: Json
    readonly outputProblems?: Problems
  }
  'retry-task': object
  /** What a person decides at a checkpoint. */
  'resolve-task': { readonly decision: CheckpointDecision; readonly note: string | null }
  /** No more attempts until a person has decided. */
  'ask-person': { readonly reason: string }
  'cancel-task': { readonly reason: string }
  'fail-task': { readonly reason: string }
  'complete-task': { readonly reason: string }
  'reopen-task': { readonly reason: string }
  /** `fence`: said by the holder of a lease, and void with it. The same for notes. */
  'block-task': { readonly reason: string; readonly fence?: Fence }
  /** `null`: all of them. */
  'unblock-task': { readonly id: number | null }
  'record-evidence': {
    readonly command: string
    readonly exitCode: number
    readonly headSha: string | null
    readonly fence: Fence | null
  }
  'record-artifact': ReportedArtifact & { readonly fence: Fence | null }
  'record-tool': {
    readonly tool: string
    readonly summary: string
    readonly ok: boolean
    readonly durationMs: Millis | null
    readonly fence: Fence | null
  }
  /** Asked by whoever holds the lease, before using a tool: the answer is put on record where it is news. */
  'ask-policy': { readonly question: Question }
  'add-note': { readonly text: string; readonly fence?: Fence }
  'set-priority': { readonly priority: Priority }
  /**
   * `path` is a chain of tasks that already leads from `on` back to this one, when there is one: the edge would close a
   * cycle. `onFailure` null: as it is on an edge that stands, else the project's.
   */
  'add-dependency': {
    readonly on: TaskRef
    readonly status: DependencyStatus
    readonly path: readonly TaskRef[] | null
    readonly onFailure: FailurePolicy | null
  }
  'remove-dependency': { readonly on: TaskRef }
  /** `above`: the parents of the parent. `siblings`: how many other children it has. `below`: levels of parts that the task has. */
  'set-parent': {
    readonly parent: TaskRef | null
    readonly above: readonly TaskRef[]
    readonly siblings: number
    readonly below: number
  }
  /** Another task that this one depends on was closed, or was opened again. */
  'settle-dependency': { readonly on: StreamId; readonly status: DependencyStatus }
  /** What GitHub says of a pull request that names this task; read by us, not taken from a payload. */
  'observe-pull-request': { readonly pullRequest: PullRequest }
  /** Who is assigned to the issue, sorted, and what it is planned for, as GitHub shows it. */
  'observe-assignees': { readonly assignees: readonly string[] }
  'observe-milestone': { readonly milestone: Milestone | null }
  /** `attempt`: whose work the commit says it is; null when it does not say. */
  'observe-head': {
    readonly branch: string
    readonly headSha: string
    readonly attempt: number | null
    /** Login of who pushed, where that is known. */
    readonly by?: string
  }
  /** A pull request that names the task stands on a branch that does not: whether an attempt may take its head is decided. */
  'offer-head': {
    readonly branch: string
    readonly headSha: string
    /** Login of who opened the pull request, and when. */
    readonly author: string
    readonly openedAt: Millis
    /** Attempts that its commits say they belong to. */
    readonly attempts: readonly number[]
  }
  /** For `by`, a task that has no room. `fence`: the lease that is meant. */
  'ask-preemption': { readonly by: string; readonly fence: Fence }
  'open-gate': { readonly gate: string; readonly fence: Fence | null }
  /** `role`: read now; `sha`: the commit, or its first digits, that was looked at. */
  'approve-gate': { readonly gate: string; readonly role: Role; readonly sha: string | null }
  /** Its issue was found in another repository of Muster's. `left`: name of the one where it was. */
  'move-task': {
    readonly left: string
    readonly to: IssueSpot & { readonly repository: string }
    /** Of the project there. */
    readonly epoch: number
  }
  /** Its issue was found to be where Muster is not, or where another task stands. */
  'lose-task': { readonly repositoryId: number; readonly number: number; readonly reason: string }
  'report-tampering': { readonly what: string; readonly by: Actor | null; readonly detail: string }
  /** Time passing: expiry and the end of backoff. `leaseUntil` is the volatile deadline, null when the lease's row is gone. */
  tick: { readonly leaseUntil: Millis | null }
}

export interface ReportedArtifact {
  readonly kind: ArtifactKind
  readonly name: string
  readonly url: string
  readonly sha256: string | null
  readonly size: number | null
  readonly mediaType: string | null
  readonly figures: readonly BenchmarkFigure[]
}

export type TaskCommandType = keyof TaskCommandData
export type TaskCommand = { [T in TaskCommandType]: { readonly type: T } & TaskCommandData[T] }[TaskCommandType]
export type TaskCommandOf<T extends TaskCommandType> = { readonly type: T } & TaskCommandData[T]
