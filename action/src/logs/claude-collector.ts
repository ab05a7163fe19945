/**
 * Gathers Claude Code's messages, one at a time, into what they say of the run. Keeps counts and the last words, never the
 * transcript. The last result wins: its figures are cumulative.
 */
import type { TerminalEvent } from '../../../app/domain/failure/signals.ts'
import { asAmount, asArray, asCount, asObject, asText, type JsonObject } from '../json-fields.ts'
import { sumTokens, type AgentLog, type Tokens } from './agent-log.ts'
import { readModelUsage, readUsage } from './claude-usage.ts'
import { estimateCost, type CacheWrites } from './prices.ts'
import { readTerminal, type LastError } from './claude-terminal.ts'

const MAX_WORDS = 16_000
/** A run of months; beyond it further messages are not counted, and the result's own figures stand anyway. */
const MAX_MESSAGES = 100_000
const MAX_DENIALS = 20

interface Counted {
  readonly model: string | null
  readonly usage: Tokens & CacheWrites
}

export interface ClaudeCollector {
  /** Whether the value is one of Claude Code's messages. */
  add(value: unknown): boolean
  finish(): Omit<AgentLog, 'format' | 'unreadable'>
}

const TYPES = new Set(['system', 'assistant', 'user', 'result', 'rate_limit_event', 'stream_event', 'control_request'])

export const createClaudeCollector = (): ClaudeCollector => {
  const counted = new Map<string, Counted>()
  const denials = new Set<string>()
  let result: JsonObject | null = null
  let resultIsLast = false
  let init: JsonObject | null = null
  let model: string | null = null
  let session: string | null = null
  let lastError: LastError | null = null
  let limitResetsAt: number | null = null

  const addAssistant = (message: JsonObject): void => {
    const inner = asObject(message['message'])
    const isMain = typeof message['parent_tool_use_id'] !== 'string'
    const error = asText(message['error'], 100)
    const innerModel = asText(inner?.['model'])
    // Claude Code's own notices carry `<synthetic>` as their model.
    const realModel = innerModel?.startsWith('<') ? null : innerModel
    if (isMain) {
      model = realModel ?? model
      lastError = error === null ? null : { code: error, status: null, text: readText(inner) }
    }
    const usage = readUsage(inner?.['usage'])
    const id = asText(inner?.['id'], 200) ?? asText(message['uuid'], 200)
    // One API message comes in several lines; the last has the full counts.
    if (usage !== null && id !== null && (counted.size < MAX_MESSAGES || counted.has(id))) {
      counted.set(id, { model: realModel, usage })
    }
  }

  const addSystem = (message: JsonObject): void => {
    const subtype = message['subtype']
    if (subtype === 'init') {
      init = message
      model = asText(message['model']) ?? model
      // A result before a new beginning is an earlier query's: its figures stand, its verdict does not.
      resultIsLast = false
    }
    if (subtype === 'api_retry') {
      lastError = { code: asText(message['error'], 100), status: asCount(message['error_status']), text: '' }
    }
    if (subtype === 'permission_denied') addDenial(message['tool_name'])
  }

  const addDenial = (name: unknown): void => {
    if (denials.size < MAX_DENIALS) denials.add(asText(name) ?? 'a tool')
  }

  const addLimit = (message: JsonObject): void => {
    const info = asObject(message['rate_limit_info'])
    const resetsAt = asAmount(info?.['resetsAt'])
    limitResetsAt = info?.['status'] === 'rejected' && resetsAt !== null ? resetsAt * 1000 : null
  }

  const add = (value: unknown): boolean => {
    const message = asObject(value)
    const type = message?.['type']
    if (message === null || typeof type !== 'string' || !TYPES.has(type)) return false
    session = asText(message['session_id']) ?? session
    if (type === 'assistant') addAssistant(message)
    else if (type === 'system') addSystem(message)
    else if (type === 'rate_limit_event') addLimit(message)
    else if (type === 'result') {
      if (typeof message['subtype'] !== 'string' && typeof message['is_error'] !== 'boolean') return false
      result = message
      resultIsLast = true
      for (const denial of asArray(message['permission_denials'])) addDenial(asObject(denial)?.['tool_name'])
      if ((asCount(message['permission_denials_count']) ?? 0) > 0 && denials.size === 0) addDenial(null)
    }
    return true
  }

  const finish = (): Omit<AgentLog, 'format' | 'unreadable'> => {
    const ending = { denials: [...denials], limitResetsAt, lastError }
    const terminal: TerminalEvent | null = readTerminal(resultIsLast ? result : null, ending)
    const byModel = readModelUsage(result?.['modelUsage'])
    const own = readUsage(result?.['usage'])
    const words = asText(result?.['result'], MAX_WORDS) ?? ''
    return {
      agent: 'claude-code',
      version: asText(init?.['claude_code_version']),
      model: model ?? byModel?.mainModel ?? null,
      session,
      turns: asCount(result?.['num_turns']),
      terminal,
      tokens: byModel?.tokens ?? (own === null ? null : sumTokens([own])) ?? sumCounted(counted),
      cost: readCost(result) ?? estimateCounted(counted),
      durationMs: asCount(result?.['duration_ms']),
      lastWords: terminal?.errorText || words || (lastError?.text ?? ''),
    }
  }

  return { add, finish }
}

const readText = (message: JsonObject | null): string =>
  asArray(message?.['content'])
    .map((part) => asText(asObject(part)?.['text'], MAX_WORDS) ?? '')
    .join('\n')
    .slice(0, MAX_WORDS)

/** `total_cost_usd`; `cost_usd` and `total_cost` are its names of 2025. */
const readCost = (result: JsonObject | null): AgentLog['cost'] => {
  const usd = asAmount(result?.['total_cost_usd']) ?? asAmount(result?.['cost_usd']) ?? asAmount(result?.['total_cost'])
  return usd === null ? null : { usd, basis: 'reported' }
}

const sumCounted = (counted: ReadonlyMap<string, Counted>): Tokens | null =>
  counted.size === 0 ? null : sumTokens([...counted.values()].map(({ usage }) => usage))

/** Priced per message; null as soon as one of them has no price, because a part would look like the whole. */
const estimateCounted = (counted: ReadonlyMap<string, Counted>): AgentLog['cost'] => {
  let usd = 0
  let known = false
  for (const { model, usage } of counted.values()) {
    if (usage.total === 0) continue
    const part = model === null ? null : estimateCost(model, usage)
    if (part === null) return null
    usd += part
    known = true
  }
  return known ? { usd, basis: 'computed' } : null
}
