/**
 * What a task declares beside its status: what it is for, what it asks of whoever works on it, and how far they are. All of it is
 * optional, and a state without a member says that nobody set it. Bounds are in limits.ts; deciding is decide/details.ts.
 */
import type { Json } from '../event/canonical-json.ts'
import type { Millis } from '../event/envelope.ts'
import type { RetrySettings } from '../settings.ts'
import type { DETAIL_LISTS } from './limits.ts'
import type { MicroUsd, TaskRef } from './state.ts'

export const LINK_KINDS = ['branch', 'worktree', 'pull-request', 'commit', 'other'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

/** A place outside that belongs to the task. Pull requests that GitHub shows us are kept apart, with their state. */
export interface Link {
  readonly kind: LinkKind
  /** A name, a path, a commit id or an address, as the kind has it. */
  readonly target: string
}

export const TIERS = ['simple', 'medium', 'complex'] as const
/** How capable a model the task needs. */
export type Tier = (typeof TIERS)[number]

/** An amount of money, of tokens, or of both; null is no amount. */
export interface Amount {
  readonly microUsd: MicroUsd | null
  readonly tokens: number | null
}

/** What the task is expected to take. */
export interface Estimate extends Amount {
  readonly durationMs: Millis | null
}

/** One part of the work, with what goes into it and what comes out of it. */
export interface Step {
  /** Letters, digits, `_` and `-`; unique in the task. */
  readonly id: string
  readonly title: string
  /** JSON Schemas as canonical text, as those of the task. */
  readonly inputSchema?: string
  readonly outputSchema?: string
}

/** How far a step is. It outlives the attempt that did it: the next one goes on after it. */
export interface StepRun {
  readonly step: string
  readonly status: 'started' | 'finished'
  readonly attempt: number | null
  readonly startedAt: Millis
  readonly finishedAt: Millis | null
  /** Null until it is finished, or when it has none. */
  readonly output: Json
}

export const CHECKPOINT_DECISIONS = ['retry', 'skip', 'fail'] as const
export type CheckpointDecision = (typeof CHECKPOINT_DECISIONS)[number]

/** What a person decided when the task waited for one. */
export interface Checkpoint {
  readonly decision: CheckpointDecision
  readonly note: string | null
  readonly by: string
  readonly at: Millis
}

/** What people and planners declare of a task, each with one event for all that changed at once. */
export interface DeclaredDetails {
  readonly tags?: readonly string[]
  readonly links?: readonly Link[]
  /** What it should be done by; being late changes the order of work, and no failed attempt is repeated by itself after it. */
  readonly deadline?: Millis
  readonly estimate?: Estimate
  readonly tier?: Tier
  /** Capabilities that whoever claims it must have. */
  readonly requires?: readonly string[]
  /** Labels of the runners or queues that it may be sent to. */
  readonly routing?: readonly string[]
  /** JSON Schema, draft 2020-12, as canonical text: what `input` must be like, looked at when it is claimed. */
  readonly inputSchema?: string
  /** The same for what a success must hand in. */
  readonly outputSchema?: string
  readonly input?: Json
  /** One sentence each; a reviewer or a verifier ticks them off. */
  readonly acceptance?: readonly string[]
  readonly steps?: readonly Step[]
  readonly parent?: TaskRef
  /** What of the project's retry rules is otherwise for this task. */
  readonly retry?: Partial<RetrySettings>
  /** How long one attempt may run from its claim on, heartbeats or not. */
  readonly timeoutMs?: Millis
  readonly leaseTtlMs?: Millis
  /** What all its attempts together may cost. */
  readonly budget?: Amount
}

export type DetailName = keyof DeclaredDetails
export type DetailLists = Pick<DeclaredDetails, (typeof DETAIL_LISTS)[number]>

export interface Progress {
  /** 0 to 100; null: only words. */
  readonly percent: number | null
  readonly text: string | null
  readonly at: Millis
}

/** Who is at work in the words of the agent itself: shown, never believed. */
export interface Attribution {
  readonly agent: string
  /** `claude-code`, `codex`, …; null when it did not say. */
  readonly type: string | null
  readonly session: string | null
  /** Host and process, as the agent names it. */
  readonly process: string | null
}

/** The details as a task has them: what was declared, and what its holder said last. */
export interface TaskDetails extends DeclaredDetails {
  /** In the words of whoever works; `since` is when it was entered. */
  readonly phase?: { readonly name: string; readonly since: Millis }
  readonly progress?: Progress
  readonly nextStep?: string
  readonly attribution?: Attribution
  /** What the succeeded attempt handed in. */
  readonly output?: Json
  readonly stepRuns?: readonly StepRun[]
  /** The newest one. */
  readonly checkpoint?: Checkpoint
}

/** Changes of declared details: what they become, and null for what is taken away. */
export type DetailChanges = { readonly [Name in DetailName]?: DeclaredDetails[Name] | null }

/** The details after the changes. Members that are null are taken away, and runs of steps that are no more go with them. */
export const withChanges = (details: TaskDetails, changes: DetailChanges): TaskDetails => {
  const after: TaskDetails = Object.fromEntries(
    Object.entries({ ...details, ...changes }).filter(([, value]) => value !== null),
  )
  if (changes.steps === undefined || after.stepRuns === undefined) return after
  const steps = new Set(after.steps?.map(({ id }) => id))
  return { ...after, stepRuns: after.stepRuns.filter(({ step }) => steps.has(step)) }
}
