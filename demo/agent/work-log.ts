/**
 * The agent's log in the format of Claude Code's `--output-format stream-json`: what it said and did, and one result at
 * the end. The scripted agent calls no model; what it read and wrote is counted in bytes and stated as the tokens and the
 * price that a model would have had for it.
 */
import { randomUUID } from 'node:crypto'

/** A usual rule of thumb for English text and source. */
const BYTES_PER_TOKEN = 4
/** US dollars per token: the list price of a mid-sized model, $3 and $15 per million. */
const INPUT_PRICE = 3e-6
const OUTPUT_PRICE = 15e-6
const MODEL = 'scripted-agent'

export interface WorkLog {
  /** Text that the agent took in: its brief, source, test output. */
  readonly read: (text: string) => void
  /** Text that the agent made: edits, messages. */
  readonly wrote: (text: string) => void
  /** One turn of the agent, in a sentence. */
  readonly say: (text: string) => void
  readonly end: (result: string) => void
  readonly fail: (problem: string) => void
}

/** `write` gets whole lines, without their line ends. */
export function createWorkLog(write: (line: string) => void, now: () => number = Date.now): WorkLog {
  const session = randomUUID()
  const startedAt = now()
  const line = (value: object) => write(JSON.stringify({ ...value, session_id: session }))
  let bytesRead = 0
  let bytesWritten = 0
  let turns = 0
  let workedMs = 0
  let turnStart = startedAt
  const figures = () => {
    const usage = {
      input_tokens: Math.ceil(bytesRead / BYTES_PER_TOKEN),
      output_tokens: Math.ceil(bytesWritten / BYTES_PER_TOKEN),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    }
    const cost = usage.input_tokens * INPUT_PRICE + usage.output_tokens * OUTPUT_PRICE
    return { usage, cost: Math.round(cost * 1e6) / 1e6 }
  }
  const result = (rest: object) => {
    const { usage, cost } = figures()
    line({
      type: 'result',
      duration_ms: now() - startedAt,
      duration_api_ms: workedMs,
      num_turns: turns,
      stop_reason: 'end_turn',
      total_cost_usd: cost,
      usage,
      modelUsage: {
        [MODEL]: {
          inputTokens: usage.input_tokens,
          outputTokens: usage.output_tokens,
          cacheReadInputTokens: 0,
          cacheCreationInputTokens: 0,
          webSearchRequests: 0,
          costUSD: cost,
        },
      },
      permission_denials: [],
      uuid: randomUUID(),
      ...rest,
    })
  }
  line({ type: 'system', subtype: 'init', model: MODEL, tools: ['Bash', 'Read', 'Edit'], mcp_servers: [] })
  return {
    read: (text) => void (bytesRead += Buffer.byteLength(text)),
    wrote: (text) => void (bytesWritten += Buffer.byteLength(text)),
    say(text) {
      bytesWritten += Buffer.byteLength(text)
      turns += 1
      workedMs += now() - turnStart
      turnStart = now()
      const content = [{ type: 'text', text }]
      const { usage } = figures()
      line({ type: 'assistant', message: { id: `msg_${turns}`, role: 'assistant', model: MODEL, content, usage } })
    },
    end: (text) => result({ subtype: 'success', is_error: false, result: text, terminal_reason: 'completed' }),
    fail: (problem) => result({ subtype: 'error_during_execution', is_error: true, errors: [problem] }),
  }
}
