/** The arguments of a command as JSON has them (HTTP): an object of strings, numbers and lists of them. A number is seconds where a duration is asked for, an issue where a task is. */

import { bindArguments, type Binding } from './bind-arguments.ts'
import type { AnyCommandRow } from './row.ts'
import { argumentsOn } from './usage.ts'
import type { ValueTypeName } from './value-types.ts'

/** The JSON of what is given, where the type takes any; a text is itself. Details are an object, which may come as its text. */
const asJson = (value: unknown, type: ValueTypeName | undefined): string | null =>
  type === 'json' || (type === 'details' && typeof value !== 'string') ? JSON.stringify(value) : null

/** A number that JSON has already changed (1.10 is 1.1 there) would name another fence. */
const NO_NUMBERS: ReadonlySet<ValueTypeName> = new Set(['fence'])

/** What a plain number means where people write more than digits: seconds, and issues. */
const asText = (value: unknown, type: ValueTypeName | undefined): string | null => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return type === 'flag' ? String(value) : null
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (type !== undefined && NO_NUMBERS.has(type)) return null
  return type === 'duration' ? `${value}s` : String(value)
}

const expectedOf = (type: ValueTypeName | undefined): string =>
  type !== undefined && NO_NUMBERS.has(type)
    ? 'a string such as "1.3", as the claim answered it'
    : type === 'flag'
      ? 'true or false'
      : 'a string or a number'

/** null and undefined count as left out. */
export const bindJson = (row: AnyCommandRow, given: Readonly<Record<string, unknown>>): Binding => {
  const texts = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    const type = argumentsOn(row, 'http').find((spec) => spec.name === name)?.type
    const json = asJson(value, type)
    if (json !== null) {
      texts.set(name, [json])
      continue
    }
    const list = (Array.isArray(value) ? value : [value]).map((one) => asText(one, type))
    if (list.includes(null)) {
      const problem = {
        code: 'bad-value',
        verb: row.verb,
        name,
        value: JSON.stringify(value),
        expected: expectedOf(type),
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
