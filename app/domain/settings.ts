/** The project's settings as decisions see them: parsed, complete, durations in milliseconds. Read from configuration by an adapter. */
import type { FailureClass } from './failure/taxonomy.ts'
import type { BudgetSettings } from './budget/settings.ts'
import type { Prices } from './budget/prices.ts'
import type { Millis } from './event/envelope.ts'
import type { Amount, Tier } from './task/details.ts'
import type { FailurePolicy } from './task/state.ts'
import type { GateNeeds, Policy } from './policy/rule.ts'

export interface RetrySettings {
  /** Failed attempts after which a person is asked. */
  readonly maxAttempts: number
  /** First wait; doubles with every failure. */
  readonly backoffMs: Millis
  readonly maxBackoffMs: Millis
}

export interface AgentSettings {
  readonly id: string
  readonly capabilities: readonly string[]
  /** `canary`: on trial, with a share of the tasks. Absent: trusted. */
  readonly trust?: 'trusted' | 'canary'
  /** From 0 to 1: of all tasks, those that a canary may take. */
  readonly share?: number
  /** How many tasks it may work on at once, in place of the project's `wip.agent`. */
  readonly wip?: number
}

export interface TierSettings {
  readonly name: Tier
  /** What agents are told to use. */
  readonly model: string | null
  /** What an attempt usually takes. */
  readonly estimate: Amount
}

export interface Settings {
  /** Key prefix, or null: made from the repository's name. */
  readonly key: string | null
  /** Agents that may claim; empty: any. */
  readonly agents: readonly AgentSettings[]
  readonly lease: {
    readonly ttlMs: Millis
    readonly maxTtlMs: Millis
    /** The share of its time to live for which an agent must be silent until idle ones may take its task over. Absent: never. */
    readonly stealAfter?: number
    /** How long a holder has to give back what more urgent work needs the room of. */
    readonly preemptGraceMs?: Millis
  }
  /** How many tasks may be worked on at once: by one agent in this project, in it, in all projects of the workspace. Absent: any number. */
  readonly wip?: { readonly agent?: number; readonly project?: number; readonly workspace?: number }
  readonly retry: RetrySettings & { readonly classes: Partial<Record<FailureClass, Partial<RetrySettings>>> }
  readonly dependencies: {
    /** What becomes of tasks that depend on one that failed or was canceled, where the dependency itself does not say. */
    readonly onFailure: FailurePolicy
  }
  readonly commands: {
    /** Whether `/claim` works beside `/muster claim`. */
    readonly bare: boolean
    /** Ids of the bots' user accounts that may command. */
    readonly bots: readonly number[]
  }
  /** Absent: nothing is limited. What was remembered by an earlier version lacks all of these. */
  readonly budgets?: BudgetSettings
  /** Before those that are built in. */
  readonly prices?: Prices
  /** From the least capable to the most. */
  readonly tiers?: readonly TierSettings[]
  readonly quotas?: { readonly claimsPerHour: number }
  /** Absent: everything is allowed. What was remembered by an earlier version lacks it, as it lacks `gates`. */
  readonly policy?: Policy
  /** By the name of what waits for them. */
  readonly gates?: Readonly<Record<string, GateNeeds>>
}

/** The shortest lease worth granting: shorter than one heartbeat interval would only expire. */
export const MIN_LEASE_MS: Millis = 30_000

const MINUTE: Millis = 60_000

export const DEFAULT_SETTINGS: Settings = {
  key: null,
  agents: [],
  lease: { ttlMs: 30 * MINUTE, maxTtlMs: 24 * 60 * MINUTE },
  retry: { maxAttempts: 3, backoffMs: MINUTE, maxBackoffMs: 30 * MINUTE, classes: {} },
  dependencies: { onFailure: 'wait' },
  commands: { bare: true, bots: [] },
}
