import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyText } from '../../../app/domain/failure/classify-text.ts'

const NOW = Date.UTC(2026, 10, 21)
const classify = (text: string) => {
  const verdict = classifyText(text, NOW)
  return verdict === null ? null : [verdict.class, verdict.code, verdict.retryAfterMs]
}

describe('classifyText', () => {
  it.each([
    ['API Error: 429 {"error":{"type":"rate_limit_error","message":"slow"}} retry-after: 7', 'rate_limit', null, 7000],
    ['Rate limit reached for gpt-x: Limit 9, Used 8. Please try again in 1m2.5s.', 'rate_limit', null, 62_500],
    ['"retryDelay": "12s", "status": "RESOURCE_EXHAUSTED"', 'rate_limit', null, 12_000],
    ['Too Many Requests, retry after 900 seconds', 'rate_limit', 'quota', 900_000],
    [`AI usage limit reached|${NOW / 1000 + 60}`, 'rate_limit', 'quota', 60_000],
    ["You've hit your weekly limit, resets Monday", 'rate_limit', 'quota', null],
    ['API Error: 529 Overloaded', 'rate_limit', 'overloaded', null],
    ['Error code: 503: the model is currently at capacity', 'rate_limit', 'overloaded', null],
    [
      'Error code: 429 Request too large for m: tokens per min: Limit 5, Requested 9',
      'rate_limit',
      'request_too_large',
      null,
    ],
    ['API rate limit exceeded for installation ID 5 (HTTP 403)', 'rate_limit', null, null],
    ['Your credit balance is too low to access the API', 'budget_exceeded', 'billing', null],
    ['API Error: 402 {"error":{}}', 'budget_exceeded', 'billing', null],
    ['Reached maximum number of turns (5)', 'budget_exceeded', 'max_turns', null],
    ['prompt is too long: 5 tokens > 4 maximum', 'context_limit', 'prompt_too_long', null],
    ['stream disconnected: input exceeds the context window of this model', 'context_limit', 'prompt_too_long', null],
    ['exceeded retry limit, last status: 401 Unauthorized', 'permission_error', 'auth', null],
    ['exceeded retry limit, last status: 429 Too Many Requests', 'rate_limit', null, null],
    ['HTTP 403: Resource not accessible by personal access token', 'permission_error', null, null],
    ['sandbox denied exec error, exit code: 1', 'permission_error', 'sandbox', null],
    ['MCP server "files" failed to start', 'tool_error', 'mcp', null],
    ['/bin/sh: 1: rgx: command not found', 'tool_error', 'tool_missing', null],
    ['The model `super-9` does not exist or you have no access to it', 'unknown', 'model_not_found', null],
    ['write /tmp/x: no space left on device', 'environment_error', 'disk_full', null],
    ['getaddrinfo EAI_AGAIN api.example.test', 'environment_error', 'network', null],
    ['input tokens and `max_tokens` exceed context limit: 9 + 2 > 10', 'context_limit', 'prompt_too_long', null],
    ['400 status code (no body)', 'context_limit', 'prompt_too_long', null],
    ['Too many tokens, please wait before trying again', 'rate_limit', null, null],
    ['Tool x requires user confirmation, and nobody is there', 'permission_error', 'tool_denied', null],
    ['The requested URL returned error: 403', 'permission_error', null, null],
    ['Timed out connecting to the MCP server', 'tool_error', 'mcp', null],
    ['The operation was canceled.', 'canceled', null, null],
    ['FATAL: JavaScript heap out of memory', 'environment_error', 'out_of_memory', null],
    ['API Error: 500 {"type":"error","error":{"type":"api_error"}}', 'unknown', 'server_error', null],
  ] as const)('%s', (text, name, code, wait) => {
    expect(classify(text)).toEqual([name, code, wait])
  })

  it.each([
    'wrote 429 lines to limits.md',
    'the rate limit: 22579 remaining',
    'src/timeout.ts:413:529 looks fine',
    'set max_tokens to 4096',
    'File content (9000 tokens) exceeds maximum allowed tokens (2500). Use offset and limit.',
    'documented the context window',
    'Wrote error handling for overloaded servers',
    'x-ratelimit-remaining: 12',
    'Permission mode: acceptEdits',
    'Session finished after 12 turns (max turns 30)',
    'mcp: files connected',
    '',
  ])('says nothing of: %s', (text) => {
    expect(classify(text)).toBeNull()
  })

  it('lets rate words veto context words, and a firm status veto both', () => {
    expect(classify('tokens exceed the rate limit; context window is large')?.[0]).toBe('rate_limit')
    expect(classify('API Error: 401 while the context window exceeded was logged')?.[0]).toBe('permission_error')
    expect(classify('Status Code: 500 {"message":"prompt is too long: 9 tokens > 8"}')?.[0]).toBe('context_limit')
  })

  it('is total and bounded on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const verdict = classifyText(text, NOW)
        expect(verdict?.evidence?.length ?? 0).toBeLessThanOrEqual(200)
      }),
    )
  })

  it.each(['rate limit', 'exceeds ', 'tokens ', 'mcp ', '"code": 4', '{', 'tool ', 'a_b.', 'reached the '])(
    'answers at once on a hostile repetition of %s',
    (word) => {
      classifyText(word.repeat(200_000), NOW)
    },
  )
})
