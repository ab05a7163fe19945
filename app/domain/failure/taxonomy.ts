/**
 * The failure table: what each class of failure means for retries, for people and for the check run. Classes are stored
 * in records and labels, so their names are frozen. It does not recognise failures; see classify.ts.
 */

export type FailureClass =
  | 'test_fail'
  | 'tool_error'
  | 'context_limit'
  | 'rate_limit'
  | 'permission_error'
  | 'timeout'
  | 'lease_expired'
  | 'budget_exceeded'
  | 'invalid_output'
  | 'dependency_failed'
  | 'verification_gap'
  | 'environment_error'
  | 'canceled'
  | 'unknown'

export type FailureCategory = 'validation' | 'transient' | 'capacity' | 'policy' | 'dependency' | 'terminal'

/** Who acts next. `none`: nobody, the matter is closed. */
export type FailureActor = 'agent' | 'planner' | 'platform' | 'person' | 'none'

/** The conclusions of GitHub's check runs that a failed attempt can have. */
export type FailureConclusion = 'failure' | 'neutral' | 'action_required' | 'timed_out' | 'cancelled'

export interface FailureRetry {
  /** Whether the platform may start another attempt by itself. */
  readonly allowed: boolean
  /** Retries that this class may have in all, below the project's own limit; absent: the project's limit alone. */
  readonly limit?: number
  /** Another attempt with the same inputs would fail the same way: tier, model or size must change first. */
  readonly changed?: boolean
  /** Occurrences in a row after which a person is asked. */
  readonly strikes?: number
  /** Retried only when the end of the wait is known; otherwise a person is asked. */
  readonly afterReset?: boolean
}

export interface FailurePolicy {
  readonly category: FailureCategory
  readonly retry: FailureRetry
  readonly actor: FailureActor
  /** The default recovery, an instruction in one clause, for cards and replies. */
  readonly recovery: string
  readonly conclusion: FailureConclusion
}

export const FAILURES = {
  test_fail: {
    category: 'validation',
    retry: { allowed: true },
    actor: 'agent',
    recovery: 'retry with the failing tests in the brief',
    conclusion: 'failure',
  },
  tool_error: {
    category: 'transient',
    retry: { allowed: true },
    actor: 'agent',
    recovery: 'retry after a pause',
    conclusion: 'failure',
  },
  context_limit: {
    category: 'capacity',
    retry: { allowed: true, changed: true },
    actor: 'planner',
    recovery: 'use a model with a larger context, or split the task',
    conclusion: 'failure',
  },
  rate_limit: {
    category: 'capacity',
    retry: { allowed: true },
    actor: 'platform',
    recovery: 'wait as long as the provider says, else longer with every attempt',
    conclusion: 'neutral',
  },
  permission_error: {
    category: 'policy',
    retry: { allowed: false },
    actor: 'person',
    recovery: 'grant the missing permission, then retry',
    conclusion: 'action_required',
  },
  timeout: {
    category: 'capacity',
    retry: { allowed: true, limit: 1 },
    actor: 'agent',
    recovery: 'raise the time limit or split the task',
    conclusion: 'timed_out',
  },
  lease_expired: {
    category: 'transient',
    retry: { allowed: true, strikes: 3 },
    actor: 'platform',
    recovery: 'requeue with a higher fence',
    conclusion: 'neutral',
  },
  budget_exceeded: {
    category: 'policy',
    retry: { allowed: false },
    actor: 'person',
    recovery: 'grant more budget, then retry',
    conclusion: 'neutral',
  },
  invalid_output: {
    category: 'validation',
    retry: { allowed: true },
    actor: 'agent',
    recovery: 'retry with the schema error in the brief',
    conclusion: 'failure',
  },
  dependency_failed: {
    category: 'dependency',
    retry: { allowed: false },
    actor: 'planner',
    recovery: 'wait for the dependency, or drop it',
    conclusion: 'neutral',
  },
  verification_gap: {
    category: 'validation',
    retry: { allowed: true },
    actor: 'agent',
    recovery: 'retry with the unmet criteria in the brief',
    conclusion: 'failure',
  },
  environment_error: {
    category: 'transient',
    retry: { allowed: true },
    actor: 'platform',
    recovery: 'retry on another runner',
    conclusion: 'neutral',
  },
  canceled: {
    category: 'terminal',
    retry: { allowed: false },
    actor: 'none',
    recovery: 'nothing; reopen the task to work on it again',
    conclusion: 'cancelled',
  },
  unknown: {
    category: 'terminal',
    retry: { allowed: true, limit: 1 },
    actor: 'person',
    recovery: 'read the end of the log, then retry or fail the task',
    conclusion: 'failure',
  },
} as const satisfies Record<FailureClass, FailurePolicy>

export const FAILURE_CLASSES = Object.keys(FAILURES) as readonly FailureClass[]

/** Whether a word, from a command or a label, is one of the classes. */
export const isFailureClass = (word: string): word is FailureClass => Object.hasOwn(FAILURES, word)
