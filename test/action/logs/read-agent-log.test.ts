import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAgentLog } from '../../../action/src/logs/read-agent-log.ts'

const init = {
  type: 'system',
  subtype: 'init',
  session_id: 's-1',
  model: 'claude-sonnet-4-5',
  claude_code_version: '2.1.0',
}
const assistant = (id: string, usage: object, more: object = {}) => ({
  type: 'assistant',
  parent_tool_use_id: null,
  message: { id, model: 'claude-sonnet-4-5', usage, content: [{ type: 'text', text: 'prose about 429' }] },
  ...more,
})
const usage = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 300, cache_creation_input_tokens: 40 }
const result = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  duration_ms: 4000,
  num_turns: 6,
  session_id: 's-1',
  result: 'All done.',
  total_cost_usd: 0.25,
  usage,
  modelUsage: {
    'claude-sonnet-4-5': { inputTokens: 10, outputTokens: 20, cacheReadInputTokens: 300, cacheCreationInputTokens: 40 },
    'claude-haiku-4-5': { inputTokens: 5, outputTokens: 5, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 },
  },
  permission_denials: [],
}

const read = (text: string, size = 7) => {
  const chunks: string[] = []
  for (let at = 0; at < text.length; at += size) chunks.push(text.slice(at, at + size))
  return readAgentLog(chunks)
}
const ndjson = (...messages: object[]) => `${messages.map((one) => JSON.stringify(one)).join('\n')}\n`

describe('readAgentLog', () => {
  const expected = {
    agent: 'claude-code',
    session: 's-1',
    turns: 6,
    tokens: { input: 15, output: 25, cacheRead: 300, cacheWrite: 40, total: 380 },
    cost: { usd: 0.25, basis: 'reported' },
    durationMs: 4000,
    lastWords: 'All done.',
    terminal: { ok: true, errorText: '' },
  }

  it.each([
    ['one object', JSON.stringify(result), 'claude-json'],
    ['one indented object', JSON.stringify(result, null, 2), 'claude-json'],
    ['lines', ndjson(init, assistant('m1', usage), result), 'claude-stream'],
    [
      'lines with other text',
      `$ claude -p\n[warn] hooks\n${ndjson(init)}oops {"a\r\n${ndjson(result)}bye`,
      'claude-stream',
    ],
    ['an indented array', JSON.stringify([init, assistant('m1', usage), result], null, 2), 'claude-array'],
    ['an array on one line', JSON.stringify([init, result]), 'claude-array'],
    ['an array behind a byte order mark', `\uFEFF${JSON.stringify([init, result], null, '\t')}`, 'claude-array'],
    ['Windows line ends', JSON.stringify([init, result], null, 2).replaceAll('\n', '\r\n'), 'claude-array'],
  ])('reads %s, in pieces of any size', async (_name, text, format) => {
    for (const size of [1, 7, 1_000_000]) expect(await read(text, size)).toMatchObject({ ...expected, format })
  })

  it('takes the last result and never sums', async () => {
    const second = { ...result, total_cost_usd: 0.4, modelUsage: {}, num_turns: 9 }
    expect(await read(ndjson(init, result, init, second))).toMatchObject({
      cost: { usd: 0.4 },
      turns: 9,
      tokens: { total: 370 },
    })
  })

  it('does not take an earlier result for the end of a later query', async () => {
    expect(await read(ndjson(init, result, init, assistant('m2', usage)))).toMatchObject({
      terminal: null,
      cost: { usd: 0.25, basis: 'reported' },
    })
  })

  it('knows the names of 2025 for the cost', async () => {
    for (const name of ['cost_usd', 'total_cost']) {
      const { total_cost_usd: _, ...old } = result
      expect(await read(JSON.stringify({ ...old, [name]: 0.5 }))).toMatchObject({
        cost: { usd: 0.5, basis: 'reported' },
      })
    }
    expect(await read(JSON.stringify({ ...result, total_cost_usd: 0 }))).toMatchObject({ cost: { usd: 0 } })
    expect(await read(JSON.stringify({ ...result, total_cost_usd: 'NaN' }))).toMatchObject({ cost: null })
  })

  it('counts a broken-off stream by its messages, each once, and says that the cost is computed', async () => {
    const lines = ndjson(init, assistant('m1', usage), assistant('m1', usage), assistant('m2', usage))
    const log = await read(`${lines}{"type":"assis`)
    expect(log).toMatchObject({
      terminal: null,
      tokens: { input: 20, output: 40, cacheRead: 600, cacheWrite: 80, total: 740 },
      cost: { basis: 'computed' },
      unreadable: 1,
    })
    // 2 × (10 × $3 + 20 × $15 + 300 × $0.30 + 40 × $3.75) per million.
    expect(log.cost?.usd).toBeCloseTo(0.00114, 10)
  })

  it('has no figure for a model without a price', async () => {
    const message = assistant('m1', usage)
    const other = { ...message, message: { ...message.message, model: 'claude-sonnet-4-5-9' } }
    expect((await read(ndjson(init, other))).cost).toBeNull()
    expect((await read(ndjson(init, message, { ...other, message: { ...other.message, id: 'm9' } }))).cost).toBeNull()
  })

  it('reads a broken-off array as far as it goes', async () => {
    const text = JSON.stringify([init, assistant('m1', usage), result], null, 2)
    expect(await read(text.slice(0, text.indexOf('All done')))).toMatchObject({
      format: 'claude-array',
      terminal: null,
      tokens: { total: 370 },
      unreadable: 1,
    })
  })

  it('reads errors: of the result, of the last message, of a call being retried', async () => {
    const failed = { ...result, is_error: true, result: 'API Error: 529 overloaded', api_error_status: 529 }
    expect((await read(JSON.stringify(failed))).terminal).toMatchObject({
      ok: false,
      apiStatus: 529,
      errorText: 'API Error: 529 overloaded',
    })
    const turns = {
      type: 'result',
      subtype: 'error_max_turns',
      is_error: false,
      errors: ['Reached maximum number of turns (2)'],
    }
    expect((await read(ndjson(init, turns))).terminal).toMatchObject({
      ok: false,
      subtype: 'error_max_turns',
      errorText: 'Reached maximum number of turns (2)',
    })
    expect((await read(ndjson(init, assistant('m', usage, { error: 'billing_error' })))).terminal).toMatchObject({
      ok: false,
      assistantError: 'billing_error',
    })
    expect(
      (await read(ndjson(init, assistant('m', usage, { error: 'overloaded' }), assistant('n', usage)))).terminal,
    ).toBeNull()
    const retry = { type: 'system', subtype: 'api_retry', attempt: 3, error_status: 429, error: 'rate_limit' }
    expect((await read(ndjson(init, retry))).terminal).toMatchObject({ apiStatus: 429, assistantError: 'rate_limit' })
    expect((await read(ndjson(init, retry, assistant('m', usage), result))).terminal).toMatchObject({ ok: true })
  })

  it('does not take the errors of subagents for its own', async () => {
    const child = assistant('c', usage, { parent_tool_use_id: 'toolu_1', error: 'rate_limit' })
    expect((await read(ndjson(init, child))).terminal).toBeNull()
  })

  it('names denied tools and when a limit is renewed', async () => {
    const denied = {
      ...result,
      permission_denials: [{ tool_name: 'Bash' }, { tool_name: 'Bash' }, { tool_name: 'Write' }],
    }
    const limit = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 1_790_000_000 } }
    expect((await read(ndjson(limit, denied))).terminal).toMatchObject({
      denials: ['Bash', 'Write'],
      limitResetsAt: 1_790_000_000_000,
    })
    const { permission_denials: _, ...short } = result
    expect((await read(JSON.stringify({ ...short, permission_denials_count: 2 }))).terminal?.denials).toEqual([
      'a tool',
    ])
  })

  it('says what it does not know', async () => {
    expect(await read('')).toMatchObject({ format: 'empty', terminal: null })
    expect(await read(' \n \n')).toMatchObject({ format: 'empty' })
    expect(await read('hello\nworld')).toMatchObject({ format: 'unknown', unreadable: 0 })
    expect(await read('{"type":"thread.started","thread_id":"x"}\n')).toMatchObject({ format: 'unknown' })
    expect(await read('[1, 2]')).toMatchObject({ format: 'unknown' })
    expect(await read('{"type":"result"}')).toMatchObject({ format: 'unknown' })
  })

  it('knows a log that breaks off in its first message from one of another program', async () => {
    const message = { type: 'result', subtype: 'success', is_error: false, result: 'Done.' }
    for (const text of [message, [message]].flatMap((one) => [JSON.stringify(one), JSON.stringify(one, null, 2)])) {
      expect(await read(text.slice(0, 40))).toMatchObject({ format: 'broken', terminal: null, unreadable: 1 })
    }
    expect(await read('{')).toMatchObject({ format: 'broken' })
    expect(await read('{0} tests\n')).toMatchObject({ format: 'unknown' })
    expect(await read(`{"${'x'.repeat(33 * 1024 * 1024)}`, 1024 * 1024)).toMatchObject({ format: 'broken' })
  })

  it("keeps the end of another program's indented JSON", async () => {
    const { format, lastWords } = await read('{\n  "error": {\n    "code": 429\n  }\n}\n')
    expect(format).toBe('unknown')
    expect(lastWords).toContain('"code": 429')
  })

  it('drops lines of fifty megabytes and objects that never end, holds no more than one message, and reads the rest', async () => {
    const MEGABYTE = 'x'.repeat(1024 * 1024)
    const start = ndjson(init)
    const end = ndjson(result)
    function* long(around: (inner: string) => string) {
      const [before = '', after = ''] = around('|').split('|')
      yield start
      yield before
      for (let megabyte = 0; megabyte < 50; megabyte++) yield MEGABYTE
      yield after
      yield `\n${end}`
    }
    const block = (inner: string) => `{"type":"user","message":{"content":"${inner}"}}`
    expect(await readAgentLog(long(block))).toMatchObject({
      format: 'claude-stream',
      unreadable: 1,
      terminal: { ok: true },
    })
    expect(await readAgentLog(long((inner) => inner))).toMatchObject({ unreadable: 1, terminal: { ok: true } })
    const open = await readAgentLog(long((inner) => `[\n{"a":"${inner}`))
    expect(open.unreadable).toBeGreaterThan(0)
  })

  it('reads through NUL, lone surrogates and bytes that are no UTF-8', async () => {
    const odd = `\0\0{"type":"user"}\n\uFFFD{\n\uD800\n`
    expect(await read(`${ndjson(init)}${odd}${ndjson(result)}`)).toMatchObject({ terminal: { ok: true } })
    expect((await read(`\0\uD800 tail\0`)).lastWords.isWellFormed()).toBe(true)
  })

  it('never throws, whatever the text and wherever it is cut', async () => {
    const text = JSON.stringify([init, assistant('m1', usage), result], null, 2)
    const lines = ndjson(init, assistant('m1', usage), result)
    const sources = fc.oneof(
      fc.nat(text.length).map((end) => text.slice(0, end)),
      fc.nat(lines.length).map((end) => lines.slice(end)),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .jsonValue({ maxDepth: 4 })
        .map((value) => JSON.stringify({ type: 'result', subtype: value, usage: value, errors: value })),
      fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify({ type: 'assistant', message: value, error: value })),
    )
    await fc.assert(
      fc.asyncProperty(sources, fc.integer({ min: 1, max: 99 }), async (source, size) => {
        const log = await read(source, size)
        expect(log.tokens === null || Number.isSafeInteger(log.tokens.total)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
