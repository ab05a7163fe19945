import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReport } from '../../schemas/report.ts'
import { playRun } from './play-run.ts'

const word = fc.constantFrom(
  'success',
  'error',
  'rate_limit',
  'completed',
  'max_turns',
  '',
  'x'.repeat(2000),
  '\ud800',
  '<!-- -->',
)
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.MAX_SAFE_INTEGER, 1e300, -1, 0.5))
const any = fc.oneof(word, number, fc.jsonValue({ maxDepth: 2 }))

const usage = fc.record({
  input_tokens: any,
  output_tokens: any,
  cache_read_input_tokens: number,
  cache_creation_input_tokens: number,
  cache_creation: fc.record({ ephemeral_1h_input_tokens: number }),
})
const message = fc.oneof(
  fc.record({
    type: fc.constant('result'),
    subtype: word,
    is_error: fc.boolean(),
    duration_ms: any,
    num_turns: any,
    session_id: any,
    total_cost_usd: any,
    usage,
    modelUsage: fc.dictionary(word, fc.record({ inputTokens: number, outputTokens: number })),
    permission_denials: fc.array(fc.record({ tool_name: any })),
    terminal_reason: word,
    api_error_status: any,
    result: any,
    errors: fc.array(any),
  }),
  fc.record({
    type: fc.constant('assistant'),
    error: fc.oneof(fc.constantFrom('rate_limit', 'overloaded'), any),
    message: fc.record({
      id: word,
      model: fc.constantFrom('claude-sonnet-5', 'other', '<synthetic>'),
      usage,
      content: any,
    }),
  }),
  fc.record({
    type: fc.constant('rate_limit_event'),
    rate_limit_info: fc.record({
      status: fc.constantFrom('rejected', 'allowed'),
      resetsAt: fc.oneof(fc.double({ min: 1.7e9, max: 1.9e9, noNaN: true }), any),
    }),
  }),
  fc.record({
    type: fc.constant('system'),
    subtype: fc.constantFrom('init', 'api_retry'),
    model: any,
    error: any,
    error_status: any,
  }),
)

describe('a report', () => {
  it('keeps to its contract, whatever the log says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 6 }),
        fc.constantFrom('0', '1', '137', ''),
        async (messages, exitCode) => {
          const log = messages.map((one) => JSON.stringify(one)).join('\n')
          const { json } = await playRun({
            files: { 'a.log': log },
            inputs: { 'agent-log': 'a.log', 'exit-code': exitCode },
          })
          const parsed = parseReport(json)
          expect(parsed.ok ? '' : parsed.problem).toBe('')
        },
      ),
      { numRuns: 150 },
    )
  })

  it('keeps to its contract, whatever test reports and benchmarks say', async () => {
    const piece = fc.constantFrom(
      '<testcase name="',
      '">',
      '<failure message="',
      '</failure>',
      '</testcase>',
      '"/>',
      ' file="/etc/x" line="9999999999"',
      'a.ts:0:1',
      '\u0000',
      '\n',
    )
    const xml = fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 20 })
    const rows = fc.array(fc.record({ name: any, value: any, unit: any, range: any }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(xml, rows, async (parts, benchmarks) => {
        const { json } = await playRun({
          files: { 'j.xml': `<testsuite name="s">${parts.join('')}</testsuite>`, 'b.json': JSON.stringify(benchmarks) },
          inputs: { 'test-reports': 'j.xml', benchmarks: 'bigger: b.json' },
        })
        const parsed = parseReport(json)
        expect(parsed.ok ? '' : parsed.problem).toBe('')
      }),
      { numRuns: 150 },
    )
  })
})
