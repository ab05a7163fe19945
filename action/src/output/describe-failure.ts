/** One sentence for people on what a verdict means. It names no next step: readers take that from the failure table. */
import type { FailureCode } from '../../../app/domain/failure/codes.ts'
import type { FailureClass } from '../../../app/domain/failure/taxonomy.ts'
import type { Verdict } from '../../../app/domain/failure/verdict.ts'
import type { ReportTests } from '../../../schemas/report.ts'

const BY_CLASS = {
  test_fail: 'Tests failed',
  tool_error: 'A tool of the agent failed',
  context_limit: "The work does not fit the model's context",
  rate_limit: "The provider's rate limit was hit",
  permission_error: 'The agent was not allowed to do what it needed',
  timeout: 'The run took too long',
  lease_expired: 'The lease ran out',
  budget_exceeded: 'The budget is used up',
  invalid_output: "The agent's answer does not have the form that was asked for",
  dependency_failed: 'A dependency failed',
  verification_gap: 'The result does not meet all criteria',
  environment_error: 'The machine failed, not the work',
  canceled: 'The run was canceled',
  unknown: 'The run failed for a reason that is not known',
} as const satisfies Record<FailureClass, string>

const BY_CODE: Readonly<Partial<Record<FailureCode, string>>> = {
  auth: "The provider did not accept the agent's credentials",
  billing: "The provider's account has no credit left",
  build: 'The tests could not be built, so that none ran',
  disk_full: 'The disk of the machine is full',
  malformed_calls: "The agent's tool calls or edits were malformed",
  max_budget: "The run's budget is used up",
  max_turns: 'The agent used all the turns that it was allowed',
  mcp: 'An MCP server failed',
  model_not_found: 'The provider does not offer the model',
  network: 'The network failed',
  no_test_report: 'A test report is missing or cannot be read',
  no_output: 'The run ended without a result',
  out_of_memory: 'The machine ran out of memory',
  output_unread: 'The output cannot be handed in',
  output_limit: "An answer was longer than the model's limit",
  overloaded: 'The provider is overloaded',
  quota: 'A quota or plan limit is used up',
  refusal: 'The model refused the task',
  request_too_large: "One request is larger than the provider's limit per minute",
  server_error: "The provider's server failed",
  stall: 'The agent went silent',
  startup: 'The agent could not start',
  tool_denied: 'A tool was denied to the agent',
  tool_missing: 'A tool is missing',
  tool_timeout: 'A tool took too long',
}

/** At most 1,000 characters, one line, without evidence but that of tests and of an output that cannot be read. */
export const describeFailure = (verdict: Verdict, tests: ReportTests | null): string => {
  if (verdict.class === 'none') return ''
  if (verdict.class === 'test_fail' && verdict.code === null && tests !== null) {
    const bad = tests.failed + tests.errors
    const names = tests.failures.slice(0, 3).map(({ name }) => name)
    const more = bad > names.length && names.length > 0 ? ' and others' : ''
    return `${bad} of ${Math.max(tests.total, bad)} tests failed${names.length === 0 ? '' : `: ${names.join(', ')}`}${more}`
      .replace(/\s+/g, ' ')
      .slice(0, 1_000)
      .toWellFormed()
  }
  if (verdict.code === 'output_unread')
    return `The output ${verdict.evidence ?? 'cannot be read'}`.slice(0, 1_000).toWellFormed()
  return (verdict.code === null ? undefined : BY_CODE[verdict.code]) ?? BY_CLASS[verdict.class]
}
