/** The arguments of a command as JSON has them (HTTP): an object of strings, numbers and lists of them. */

import { bindArguments, type Binding } from './bind-arguments.ts'
import type { AnyCommandRow } from './row.ts'

const asText = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

/** null and undefined count as left out. */
export const bindJson = (row: AnyCommandRow, given: Readonly<Record<string, unknown>>): Binding => {
  const texts = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    const list = (Array.isArray(value) ? value : [value]).map(asText)
    if (list.includes(null)) {
      const problem = {
        code: 'bad-value',
        verb: row.verb,
        name,
        value: JSON.stringify(value),
        expected: 'a string or a number',
        suggestion: null,
      } as const
      return { ok: false, problem }
    }
    texts.set(
      name,
      list.filter((text) => text !== null),
    )
  }
  return bindArguments(row, 'http', texts)
}
