/** Token counts in Claude Code's three spellings: per message, per result, and per model. */
import { asCount, asObject } from '../json-fields.ts'
import { sumTokens, type Tokens } from './agent-log.ts'
import type { CacheWrites } from './prices.ts'

/** `usage` of a message or a result. */
export const readUsage = (value: unknown): (Tokens & CacheWrites) | null => {
  const usage = asObject(value)
  if (usage === null) return null
  const tokens = sumTokens([
    {
      input: asCount(usage['input_tokens']) ?? 0,
      output: asCount(usage['output_tokens']) ?? 0,
      cacheRead: asCount(usage['cache_read_input_tokens']) ?? 0,
      cacheWrite: asCount(usage['cache_creation_input_tokens']) ?? 0,
    },
  ])
  const cacheWrite1h = asCount(asObject(usage['cache_creation'])?.['ephemeral_1h_input_tokens']) ?? 0
  return { ...tokens, cacheWrite1h: Math.min(cacheWrite1h, tokens.cacheWrite) }
}

/** `modelUsage` of a result: all models, subagents included. Null when it is absent or empty. */
export const readModelUsage = (value: unknown): { readonly tokens: Tokens; readonly mainModel: string } | null => {
  const rows = Object.entries(asObject(value) ?? {}).flatMap(([model, row]) => {
    const usage = asObject(row)
    if (usage === null) return []
    return {
      model,
      input: asCount(usage['inputTokens']) ?? 0,
      output: asCount(usage['outputTokens']) ?? 0,
      cacheRead: asCount(usage['cacheReadInputTokens']) ?? 0,
      cacheWrite: asCount(usage['cacheCreationInputTokens']) ?? 0,
    }
  })
  const weight = (row: (typeof rows)[number]): number => row.input + row.output + row.cacheRead + row.cacheWrite
  const main = rows.toSorted((a, b) => weight(b) - weight(a))[0]
  if (main === undefined || weight(main) === 0) return null
  return { tokens: sumTokens(rows), mainModel: main.model.slice(0, 1_000) }
}
