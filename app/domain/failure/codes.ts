/** The sub-codes that refine a failure class, and where a code's recovery differs from its class. */
import type { FailureClass, FailurePolicy } from './taxonomy.ts'
import { FAILURES } from './taxonomy.ts'

export interface FailureCodeRow {
  /** The class the code refines. */
  readonly class: FailureClass
  /** What stands in for the class's own columns. */
  readonly policy?: Partial<FailurePolicy>
}

export const FAILURE_CODES = {
  /** The test program did not compile, so that no test ran. */
  build: { class: 'test_fail', policy: { recovery: 'retry with the compiler errors in the brief' } },

  mcp: { class: 'tool_error' },
  tool_missing: { class: 'tool_error' },
  tool_timeout: { class: 'tool_error' },
  /** The model's edits or calls do not have the form that the agent asks for. */
  malformed_calls: { class: 'tool_error' },

  prompt_too_long: { class: 'context_limit' },
  output_limit: { class: 'context_limit', policy: { recovery: 'allow longer answers, or split the task' } },

  overloaded: { class: 'rate_limit' },
  /** A daily, monthly or plan quota: waiting less than until its reset never helps. */
  quota: {
    class: 'rate_limit',
    policy: { retry: { allowed: true, afterReset: true }, recovery: 'wait until the quota is renewed' },
  },
  /** One request is larger than the limit per minute: waiting never helps, only a smaller request or a larger limit. */
  request_too_large: {
    class: 'rate_limit',
    policy: {
      retry: FAILURES.context_limit.retry,
      actor: FAILURES.context_limit.actor,
      recovery: 'split the task, or use a model whose limit per minute is larger',
    },
  },

  auth: { class: 'permission_error', policy: { recovery: "renew the agent's credentials, then retry" } },
  tool_denied: { class: 'permission_error', policy: { recovery: 'allow the tool that was denied, then retry' } },
  sandbox: { class: 'permission_error', policy: { recovery: 'widen the sandbox for what was denied, then retry' } },
  untrusted: { class: 'permission_error', policy: { recovery: 'mark the workspace as trusted, then retry' } },

  /** The agent or its stream went silent. */
  stall: { class: 'timeout', policy: { recovery: 'retry once, then look at the log' } },

  billing: { class: 'budget_exceeded', policy: { recovery: 'add credit with the provider, then retry' } },
  max_turns: { class: 'budget_exceeded', policy: { recovery: 'allow more turns or split the task' } },
  max_budget: { class: 'budget_exceeded' },

  schema: { class: 'invalid_output' },
  /** The file that was to be handed in is missing, no JSON, or too long. */
  output_unread: {
    class: 'invalid_output',
    policy: { recovery: 'leave the output as a JSON file where the workflow looks for it, then retry' },
  },

  /** Test reports were asked for, and none was there or one could not be read to its end. */
  no_test_report: {
    class: 'verification_gap',
    policy: { recovery: 'have the tests leave a whole JUnit XML report, then retry' },
  },

  out_of_memory: { class: 'environment_error', policy: { recovery: 'retry on a runner with more memory' } },
  disk_full: { class: 'environment_error', policy: { recovery: 'retry on a runner with more disk' } },
  network: { class: 'environment_error' },
  startup: { class: 'environment_error' },

  model_not_found: {
    class: 'unknown',
    policy: { retry: { allowed: false }, recovery: 'name a model that the provider offers, then retry' },
  },
  server_error: {
    class: 'unknown',
    policy: { category: 'transient', retry: { allowed: true }, actor: 'platform', recovery: 'retry after a pause' },
  },
  /** The run ended well and left nothing behind. */
  no_output: { class: 'unknown' },
  refusal: { class: 'unknown', policy: { retry: { allowed: false }, recovery: 'reword the task, then retry' } },
  bad_request: {
    class: 'unknown',
    policy: { retry: { allowed: false }, recovery: 'correct the configuration, then retry' },
  },
} as const satisfies Record<string, FailureCodeRow>

export type FailureCode = keyof typeof FAILURE_CODES

export const isFailureCode = (word: string): word is FailureCode => Object.hasOwn(FAILURE_CODES, word)

/** The class's row with what the code changes; a code that belongs to another class changes nothing. */
export const policyOf = (failure: { readonly class: FailureClass; readonly code?: FailureCode }): FailurePolicy => {
  const row: FailureCodeRow | undefined = failure.code === undefined ? undefined : FAILURE_CODES[failure.code]
  return { ...FAILURES[failure.class], ...(row?.class === failure.class ? row.policy : undefined) }
}
