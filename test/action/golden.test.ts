import { describe, expect, it } from 'vitest'
import { parseReport } from '../../schemas/report.ts'
import { NOW, playRun, type Scenario } from './play-run.ts'

const lines = (...messages: readonly object[]) => messages.map((one) => JSON.stringify(one)).join('\n')
const INIT = {
  type: 'system',
  subtype: 'init',
  session_id: 's-1',
  model: 'claude-sonnet-4-5',
  claude_code_version: '2.1.0',
}
const said = (id: string, more: object = {}) => ({
  type: 'assistant',
  parent_tool_use_id: null,
  message: {
    id,
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 100, output_tokens: 40, cache_read_input_tokens: 2000, cache_creation_input_tokens: 300 },
    content: [{ type: 'text', text: 'All 429 tests hit the rate limit, permission denied, timeout.' }],
  },
  ...more,
})
const RESULT = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  duration_ms: 61_000,
  num_turns: 4,
  session_id: 's-1',
  result: 'Done.',
  total_cost_usd: 0.125,
  usage: { input_tokens: 100, output_tokens: 40 },
  permission_denials: [],
}
const HOSTILE =
  '--> @everyone Closes #1 | ``` <script>alert(1)</script> <!-- muster:record v1 --> ghp_abcdefghijklmnopqrstuvwxyz0123456789'
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'agent-succeeded': {
    files: {
      'log.jsonl': lines(INIT, said('m1'), said('m1'), RESULT),
      'j.xml': '<testsuite name="s"><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>',
      'change.diff': '+1\n',
    },
    inputs: {
      'agent-log': 'log.jsonl',
      'test-reports': 'j.xml',
      artifacts: 'diff: change.diff',
      task: 'DEV-12',
      attempt: '3',
      'exit-code': '0',
    },
  },
  'agent-cut-off-while-rate-limited': {
    files: {
      'log.jsonl': `${lines(INIT, said('m1'), said('m2', { error: 'rate_limit' }), {
        type: 'rate_limit_event',
        rate_limit_info: { status: 'rejected', resetsAt: NOW / 1000 + 3600 },
      })}\n{"type":"assis`,
    },
    inputs: { 'agent-log': 'log.jsonl', task: '12', 'exit-code': '1' },
  },
  'hostile-tests': {
    files: {
      'j.xml': `<testsuite name="${escapeXml(HOSTILE).replaceAll('"', '')}"><testcase classname="src/a.test.ts" name="${escapeXml(HOSTILE)}"><failure message="${escapeXml(HOSTILE)}">${escapeXml(`${HOSTILE}\n at src/a.test.ts:3:1`)}</failure></testcase></testsuite>`,
      'src/a.test.ts': '',
    },
    inputs: { 'test-reports': 'j.xml', agent: HOSTILE, model: HOSTILE },
  },
  'text-log-of-another-agent': {
    files: { 'log.txt': 'I fixed how the rate limit exceeded error is shown.\n✕ API Error: 529 overloaded_error\n' },
    inputs: { 'agent-log': 'log.txt', agent: 'other-agent' },
  },
  'checks-without-an-agent': {
    files: { 'b.json': '[{"name":"append","value":12.5,"unit":"ms","range":"± 1"}]' },
    inputs: { benchmarks: 'smaller: b.json', 'job-status': 'failure' },
  },
}

describe('reports and summaries', () => {
  it.each(Object.keys(SCENARIOS))('%s', async (name) => {
    const { json, summary, warnings } = await playRun(SCENARIOS[name] ?? { files: {}, inputs: {} })
    expect(parseReport(json)).toMatchObject({ ok: true, report: { warnings } })
    expect(`${json}${summary}`).not.toContain('ghp_')
    await expect(json).toMatchFileSnapshot(`golden/${name}.report.golden`)
    await expect(summary).toMatchFileSnapshot(`golden/${name}.summary.golden`)
  })

  it('keeps to the size of a report when everything is as large as it may be', async () => {
    const wide = '\u{1F600}'.repeat(4000)
    const failed = `<testcase name="${wide}" classname="${wide}"><failure message="${wide}">${wide}</failure></testcase>`
    const scenario = {
      files: { 'j.xml': `<testsuite name="s">${failed.repeat(120)}</testsuite>`, 'log.txt': wide },
      inputs: { 'test-reports': 'j.xml', 'agent-log': 'log.txt', 'agent-stderr': 'log.txt', 'exit-code': '1' },
    }
    const { json, summary } = await playRun(scenario)
    expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576 / 4)
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(1_048_576)
    expect(parseReport(json)).toMatchObject({ ok: true, report: { tests: { failed: 120 } } })
  })
})
