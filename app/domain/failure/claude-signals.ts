/** What Claude Code's typed fields mean. A row that is null says nothing by itself: the error text decides. */
import { kind, type Kind } from './verdict.ts'

/** `error` of an assistant message. */
export const ASSISTANT_ERRORS: Readonly<Record<string, Kind | null>> = {
  authentication_failed: kind('permission_error', 'auth'),
  oauth_org_not_allowed: kind('permission_error', 'auth'),
  account_on_hold: kind('permission_error', 'auth'),
  verification_required: kind('permission_error', 'auth'),
  cloud_credential_error: kind('permission_error', 'auth'),
  billing_error: kind('budget_exceeded', 'billing'),
  rate_limit: kind('rate_limit'),
  overloaded: kind('rate_limit', 'overloaded'),
  model_not_found: kind('unknown', 'model_not_found'),
  server_error: kind('unknown', 'server_error'),
  max_output_tokens: kind('context_limit', 'output_limit'),
  invalid_request: null,
  unknown: null,
}

/** `terminal_reason` of the result. */
export const TERMINAL_REASONS: Readonly<Record<string, Kind | null>> = {
  max_turns: kind('budget_exceeded', 'max_turns'),
  budget_exhausted: kind('budget_exceeded', 'max_budget'),
  prompt_too_long: kind('context_limit', 'prompt_too_long'),
  blocking_limit: kind('context_limit', 'prompt_too_long'),
  rapid_refill_breaker: kind('context_limit', 'prompt_too_long'),
  malformed_tool_use_exhausted: kind('tool_error', 'malformed_calls'),
  tool_deferred_unavailable: kind('tool_error', 'tool_missing'),
  structured_output_retry_exhausted: kind('invalid_output', 'schema'),
  turn_setup_failed: kind('environment_error', 'startup'),
  aborted_streaming: kind('canceled'),
  aborted_tools: kind('canceled'),
  image_error: kind('unknown', 'bad_request'),
  stop_hook_prevented: kind('permission_error'),
  hook_stopped: kind('permission_error'),
  completed: null,
  model_error: null,
  api_error: null,
  tool_deferred: null,
  background_requested: null,
}

/** `subtype` of the result. */
export const RESULT_SUBTYPES: Readonly<Record<string, Kind | null>> = {
  error_max_turns: kind('budget_exceeded', 'max_turns'),
  error_max_budget_usd: kind('budget_exceeded', 'max_budget'),
  error_max_structured_output_retries: kind('invalid_output', 'schema'),
  error_during_execution: null,
  success: null,
}
