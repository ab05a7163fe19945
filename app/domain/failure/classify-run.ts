/**
 * Decides what became of a run. The agent's typed last word comes first, then test reports, then circumstances, then its
 * error stream; a source further down is asked only when those above are silent. It reads no logs and no reports itself.
 */
import { classifyText } from './classify-text.ts'
import { ASSISTANT_ERRORS, RESULT_SUBTYPES, TERMINAL_REASONS } from './claude-signals.ts'
import { readErrorLines } from './error-lines.ts'
import { kindOfExitCode } from './exit-codes.ts'
import { kindOfStatus } from './http-status.ts'
import type { RunSignals, TerminalEvent } from './signals.ts'
import { kind, NO_FAILURE, type Confidence, type Kind, type Verdict } from './verdict.ts'

/** A run that ended this close to its limit was ended by it: runners need the time to stop a step. */
const TIMEOUT_GRACE_MS = 30_000

/** Longer than any limit is renewed in. */
const MAX_WAIT_MS = 32 * 86_400_000

/** The verdict on a whole run. `agent` is the agent's kind as the workflow names it. Pure, total, linear in the texts. */
export const classifyRun = (signals: RunSignals, agent: string | null): Verdict => {
  const { terminal } = signals
  if (terminal !== null && !terminal.ok) return classifyTerminal(terminal, signals.now)
  const byTests = classifyTests(signals.tests)
  const circumstances = terminal === null ? classifyCircumstances(signals, agent) : null
  if (circumstances !== null && (byTests === null || outranksTests(circumstances))) return circumstances
  if (byTests !== null) return byTests
  const verdict = terminal === null ? classifySilence(signals) : classifyGoodEnd(terminal, signals)
  if (verdict.class !== 'none') return verdict
  if (signals.jobFailed) return circumstance(kind('unknown'), 'an earlier step of the job failed')
  // Tests that nobody could read about have not passed.
  if (signals.testsUnread) {
    return circumstance(kind('verification_gap', 'no_test_report'), 'a test report is missing or cannot be read')
  }
  const { outputProblem = null } = signals
  return outputProblem === null
    ? verdict
    : circumstance(kind('invalid_output', 'output_unread'), outputProblem, 'typed')
}

/** The verdict on a terminal event that says the run failed. */
const classifyTerminal = (terminal: TerminalEvent, now: number): Verdict => {
  const text = terminal.errorText === '' ? null : classifyText(terminal.errorText, now)
  const typed = typedKind(terminal)
  const untilReset = waitUntil(terminal.limitResetsAt, now)
  if (typed !== null) {
    const refined = text?.class === typed.kind.class && typed.kind.code === null ? text.code : typed.kind.code
    const reset = typed.kind.class === 'rate_limit' ? untilReset : null
    return {
      ...kind(typed.kind.class, refined ?? (reset === null ? null : 'quota')),
      retryAfterMs: typed.kind.class === 'rate_limit' ? (text?.retryAfterMs ?? reset) : null,
      confidence: 'typed',
      evidence: terminal.errorText === '' ? typed.field : (text?.evidence ?? terminal.errorText.slice(0, 200)),
    }
  }
  if (text !== null) {
    return text.class === 'rate_limit' ? { ...text, retryAfterMs: text.retryAfterMs ?? untilReset } : text
  }
  const status = terminal.apiStatus === null ? null : kindOfStatus(terminal.apiStatus)
  if (status !== null) return circumstance(status, `api_error_status ${terminal.apiStatus}`, 'typed')
  return circumstance(kind('unknown'), terminal.errorText.slice(0, 200) || `subtype ${terminal.subtype}`)
}

/** Whole milliseconds; null for a time that no limit has. */
const waitUntil = (resetsAt: number | null, now: number): number | null => {
  const wait = resetsAt === null ? Number.NaN : Math.max(0, Math.ceil(resetsAt - now))
  return wait <= MAX_WAIT_MS ? wait : null
}

const typedKind = (terminal: TerminalEvent): { readonly kind: Kind; readonly field: string } | null => {
  const rows = [
    ['error', terminal.assistantError, ASSISTANT_ERRORS],
    ['terminal_reason', terminal.terminalReason, TERMINAL_REASONS],
    ['subtype', terminal.subtype, RESULT_SUBTYPES],
  ] as const
  for (const [field, value, table] of rows) {
    const found = value !== null && Object.hasOwn(table, value) ? table[value] : null
    if (found) return { kind: found, field: `${field} ${value}` }
  }
  if (terminal.startupFailure !== null && classifyText(terminal.startupFailure, 0) === null) {
    return { kind: kind('environment_error', 'startup'), field: `startup_failure_reason ${terminal.startupFailure}` }
  }
  // Of the statuses only the unmistakable ones beat the text.
  const status = terminal.apiStatus
  const firm = status === 401 || status === 402 || status === 429 || status === 529 ? kindOfStatus(status) : null
  return firm === null ? null : { kind: firm, field: `api_error_status ${status}` }
}

/** The agent ended without a word: what ended it? */
const classifyCircumstances = (signals: RunSignals, agent: string | null): Verdict | null => {
  const { exitCode, elapsedMs, timeoutMs } = signals
  if (signals.canceled) return circumstance(kind('canceled'), 'the run was canceled')
  if (exitCode === 0) return null
  if (elapsedMs !== null && timeoutMs !== null && elapsedMs >= timeoutMs - TIMEOUT_GRACE_MS) {
    return circumstance(kind('timeout'), `ran ${elapsedMs} ms of at most ${timeoutMs} ms`)
  }
  const byCode = exitCode === null ? null : kindOfExitCode(exitCode, agent)
  if (byCode !== null) return circumstance(byCode, `exit code ${exitCode}`)
  const lines = readErrorLines(signals.stderr)
  // Retries say something only of a run that is known to have failed.
  const failed = exitCode !== null || signals.logExpected || signals.jobFailed
  return classifyText(lines.final, signals.now) ?? (failed ? classifyText(lines.all, signals.now) : null)
}

/** Words such as EPERM and ECONNREFUSED come from failing tests as well; those on a provider's limits and logins do not. */
const outranksTests = ({ class: name, code, confidence }: Verdict): boolean =>
  confidence !== 'text' ||
  name === 'rate_limit' ||
  name === 'context_limit' ||
  name === 'budget_exceeded' ||
  code === 'auth'

const classifyTests = (tests: RunSignals['tests']): Verdict | null => {
  if (tests === null || tests.failed + tests.errors === 0) return null
  const built = tests.total > 0
  return circumstance(
    kind('test_fail', built ? null : 'build'),
    built ? `${tests.failed + tests.errors} of ${tests.total} tests failed` : 'no test ran, and the report has errors',
    'typed',
  )
}

const classifyGoodEnd = (terminal: TerminalEvent, signals: RunSignals): Verdict => {
  if (signals.changed !== false) return NO_FAILURE
  const [tool] = terminal.denials
  return tool === undefined
    ? circumstance(kind('unknown', 'no_output'), 'the agent ended well and left no change')
    : circumstance(kind('permission_error', 'tool_denied'), `denied: ${terminal.denials.join(', ').slice(0, 150)}`)
}

const classifySilence = (signals: RunSignals): Verdict => {
  const { exitCode, stderr } = signals
  if ((exitCode === 0 || exitCode === null) && !signals.logExpected) return NO_FAILURE
  if (exitCode === 0) return circumstance(kind('unknown', 'no_output'), "the agent's log has no result")
  const last = readErrorLines(stderr).all.slice(-200)
  return circumstance(
    kind('unknown'),
    last || (exitCode === null ? "the agent's log has no result" : `exit code ${exitCode}`),
  )
}

const circumstance = (found: Kind, evidence: string, confidence: Confidence = 'guess'): Verdict => ({
  ...found,
  retryAfterMs: null,
  confidence,
  evidence: evidence.toWellFormed(),
})
