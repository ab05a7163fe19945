import { describe, expect, it } from 'vitest'
import { classifyRun } from '../../../app/domain/failure/classify-run.ts'
import { readErrorLines } from '../../../app/domain/failure/error-lines.ts'
import type { RunSignals, TerminalEvent } from '../../../app/domain/failure/signals.ts'

const NOW = Date.UTC(2026, 10, 21)

const SILENT: RunSignals = {
  terminal: null,
  logExpected: false,
  exitCode: null,
  elapsedMs: null,
  timeoutMs: null,
  stderr: '',
  tests: null,
  testsUnread: false,
  changed: null,
  canceled: false,
  jobFailed: false,
  now: NOW,
}
const GOOD: TerminalEvent = {
  ok: true,
  assistantError: null,
  terminalReason: null,
  subtype: 'success',
  apiStatus: null,
  startupFailure: null,
  errorText: '',
  denials: [],
  limitResetsAt: null,
}

const run = (signals: Partial<RunSignals>, agent: string | null = null) => {
  const { class: name, code, confidence } = classifyRun({ ...SILENT, ...signals }, agent)
  return [name, code, confidence]
}
const bad = (terminal: Partial<TerminalEvent>) => run({ terminal: { ...GOOD, ok: false, ...terminal } })

describe('classifyRun', () => {
  it('believes typed fields of the last word, and lets the text refine them', () => {
    expect(bad({ assistantError: 'billing_error', errorText: 'rate limit exceeded' })).toEqual([
      'budget_exceeded',
      'billing',
      'typed',
    ])
    expect(bad({ assistantError: 'rate_limit', errorText: "You've hit your usage limit" })).toEqual([
      'rate_limit',
      'quota',
      'typed',
    ])
    expect(bad({ terminalReason: 'prompt_too_long' })).toEqual(['context_limit', 'prompt_too_long', 'typed'])
    expect(bad({ subtype: 'error_max_turns', errorText: 'Reached maximum number of turns (3)' })).toEqual([
      'budget_exceeded',
      'max_turns',
      'typed',
    ])
    expect(bad({ subtype: 'error_max_structured_output_retries' })).toEqual(['invalid_output', 'schema', 'typed'])
  })

  it('reads the text where the fields are vague', () => {
    expect(bad({ assistantError: 'invalid_request', errorText: 'API Error: 400 prompt is too long' })).toEqual([
      'context_limit',
      'prompt_too_long',
      'text',
    ])
    expect(bad({ apiStatus: 500, errorText: 'something odd' })).toEqual(['unknown', 'server_error', 'typed'])
    expect(bad({ errorText: 'something odd' })).toEqual(['unknown', null, 'guess'])
    expect(bad({ assistantError: 'constructor' })).toEqual(['unknown', null, 'guess'])
  })

  it('knows when a rejected limit is renewed', () => {
    const terminal = { ...GOOD, ok: false, assistantError: 'rate_limit', limitResetsAt: NOW + 5000 }
    expect(classifyRun({ ...SILENT, terminal }, null)).toMatchObject({ code: 'quota', retryAfterMs: 5000 })
  })

  it('calls a good end with failed tests test_fail, whatever the exit code and the error stream say', () => {
    const tests = { total: 4, failed: 1, errors: 0 }
    expect(run({ terminal: GOOD, tests, exitCode: 0 })[0]).toBe('test_fail')
    expect(run({ terminal: GOOD, tests, exitCode: 1, stderr: 'Error: rate limit exceeded' })[0]).toBe('test_fail')
    expect(run({ tests, exitCode: 0 })[0]).toBe('test_fail')
    expect(run({ tests: { total: 0, failed: 0, errors: 1 }, exitCode: 1 }).slice(0, 2)).toEqual(['test_fail', 'build'])
    expect(run({ terminal: GOOD, tests: { total: 4, failed: 0, errors: 0 } })[0]).toBe('none')
  })

  it('believes test reports before words that tests use too, but not before the limits of a provider', () => {
    const tests = { total: 4, failed: 1, errors: 0 }
    expect(run({ tests, exitCode: 1, stderr: 'Error: connect ECONNREFUSED 127.0.0.1:5432' })[0]).toBe('test_fail')
    expect(run({ tests, exitCode: 1, stderr: 'Error: EPERM: operation not permitted, open' })[0]).toBe('test_fail')
    expect(run({ tests, exitCode: 1, stderr: 'API Error: 429 too many requests' })[0]).toBe('rate_limit')
    expect(run({ tests, exitCode: 1, stderr: 'Invalid API key' })[0]).toBe('permission_error')
    expect(run({ tests, exitCode: 137 })[0]).toBe('environment_error')
  })

  it('takes retries before a good end for no failure', () => {
    expect(run({ terminal: GOOD, stderr: 'Error 429 too many requests, retrying', exitCode: 0 })[0]).toBe('none')
    expect(run({ exitCode: 0, stderr: 'Error 429 too many requests' })[0]).toBe('none')
    const retries = 'Attempt 1 failed with status 429. Retrying with backoff'
    expect(run({ stderr: retries })[0]).toBe('none')
    expect(run({ stderr: retries, exitCode: 1 })[0]).toBe('rate_limit')
  })

  it('takes tests that nobody could read about for a gap, never for passed', () => {
    expect(run({ terminal: GOOD, testsUnread: true }).slice(0, 2)).toEqual(['verification_gap', 'no_test_report'])
    const noOutput = { outputProblem: '`out.json` is not there' }
    expect(run({ terminal: GOOD, ...noOutput })).toEqual(['invalid_output', 'output_unread', 'typed'])
    expect(run({ terminal: GOOD, testsUnread: true, ...noOutput })[0]).toBe('verification_gap')
    expect(run({ terminal: GOOD, jobFailed: true, ...noOutput })[0]).toBe('unknown')
    expect(run({ testsUnread: true, exitCode: 0 })[0]).toBe('verification_gap')
    expect(run({ testsUnread: true, tests: { total: 4, failed: 0, errors: 0 } })[0]).toBe('verification_gap')
    expect(run({ testsUnread: true, tests: { total: 4, failed: 1, errors: 0 } })[0]).toBe('test_fail')
    expect(run({ testsUnread: true, jobFailed: true })[0]).toBe('unknown')
    expect(run({ testsUnread: true, exitCode: 1, stderr: 'API Error: 429 too many requests' })[0]).toBe('rate_limit')
  })

  it('asks for a person when tools were denied and nothing came of the run', () => {
    const terminal = { ...GOOD, denials: ['Bash'] }
    expect(run({ terminal, changed: false }).slice(0, 2)).toEqual(['permission_error', 'tool_denied'])
    expect(run({ terminal, changed: true })[0]).toBe('none')
    expect(run({ terminal: GOOD, changed: false }).slice(0, 2)).toEqual(['unknown', 'no_output'])
  })

  it('reads circumstances when there is no last word', () => {
    expect(run({ logExpected: true, exitCode: 137 })).toEqual(['environment_error', 'out_of_memory', 'guess'])
    expect(run({ exitCode: 124 })[0]).toBe('timeout')
    expect(run({ logExpected: true, elapsedMs: 571_000, timeoutMs: 600_000 })[0]).toBe('timeout')
    expect(run({ logExpected: true, elapsedMs: 500_000, timeoutMs: 600_000 })[0]).toBe('unknown')
    expect(run({ exitCode: 53 }, 'gemini-cli').slice(0, 2)).toEqual(['budget_exceeded', 'max_turns'])
    expect(run({ exitCode: 53 })[0]).toBe('unknown')
    expect(run({ canceled: true })[0]).toBe('canceled')
    expect(run({ logExpected: true, exitCode: 0 }).slice(0, 2)).toEqual(['unknown', 'no_output'])
    expect(run({})[0]).toBe('none')
    expect(run({ jobFailed: true })).toEqual(['unknown', null, 'guess'])
    expect(run({ terminal: GOOD, exitCode: 0, jobFailed: true })[0]).toBe('unknown')
    expect(run({ jobFailed: true, tests: { total: 2, failed: 1, errors: 0 } })[0]).toBe('test_fail')
  })

  it("reads the agent's own error stream last", () => {
    expect(run({ exitCode: 1, stderr: 'boot\nError: invalid api key\n' }).slice(0, 2)).toEqual([
      'permission_error',
      'auth',
    ])
    expect(run({ exitCode: 1, stderr: 'nothing known' })).toEqual(['unknown', null, 'guess'])
  })
})

describe('readErrorLines', () => {
  it('leaves out events, tool results, warnings, tables and diffs', () => {
    const text = [
      '{"type":"tool_result","content":"429 too many requests"}',
      '{"type":"assistant","text":"rate limit exceeded"}',
      '[warn] context window exceeded',
      '+| gpt | rate limit exceeded |',
      '  "severity":"warning","message":"overloaded"',
      'Error: real',
    ].join('\n')
    expect(readErrorLines(text).final).toBe('Error: real')
  })

  it('forgets what stands before a good end, except errors that outlive it', () => {
    const good = '{"type":"result","status":"success"}'
    expect(readErrorLines(`Error: 429\n${good}`).all).toBe('')
    expect(readErrorLines(`{"type":"error","severity":"error","message":"turns"}\n${good}`).all).toContain('turns')
    expect(readErrorLines(`Error: 429\n{"type":"turn.completed"}\nError: later`).all).toBe('Error: later')
  })

  it('keeps retries apart from what the agent gave up on', () => {
    const lines = readErrorLines('Error 529, retrying in 2 s\nError: giving up, retried 3 times, not retrying')
    expect(lines.final).toBe('Error: giving up, retried 3 times, not retrying')
    expect(lines.all).toContain('529')
  })

  it('takes what is indented below a retry or a warning for a part of it', () => {
    const text =
      'Attempt 1 failed with status 429. Retrying\n  {\n"code": 429\n}\nwarning: slow\n  at a.ts:3\nError: real'
    expect(readErrorLines(text).final).toBe('Error: real')
  })
})
