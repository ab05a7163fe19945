/** Turns the values given for a row into typed arguments, or says what is wrong with the first bad one. Both surfaces end here. */

import { nearestWord } from './nearest-word.ts'
import type { ParseProblem } from './parse-problem.ts'
import type { AnyCommandRow, Surface } from './row.ts'
import { argumentsOn } from './usage.ts'
import { VALUE_TYPES } from './value-types.ts'

export type BoundArguments = Readonly<Record<string, unknown>>

export type Binding =
  { readonly ok: true; readonly args: BoundArguments } | { readonly ok: false; readonly problem: ParseProblem }

/** One comment or request cannot name more than this many tasks; a record could not hold them. */
const MAX_VALUES = 50

/** `given`: texts by argument name, in their order. */
export const bindArguments = (
  row: AnyCommandRow,
  surface: Surface,
  given: ReadonlyMap<string, readonly string[]>,
): Binding => {
  const { verb } = row
  const specs = argumentsOn(row, surface)
  const names = specs.map(({ name }) => name)
  for (const name of given.keys()) {
    if (!names.includes(name)) {
      const suggestion = nearestWord(name, names)
      return { ok: false, problem: { code: 'unknown-argument', verb, name, suggestion } }
    }
  }
  const args: Record<string, unknown> = Object.fromEntries(row.arguments.map(({ name }) => [name, null]))
  for (const spec of specs) {
    const { name } = spec
    const texts = given.get(name) ?? []
    if (texts.length > 1 && spec.many !== true)
      return { ok: false, problem: { code: 'duplicate-argument', verb, name } }
    if (texts.length === 0 && spec.required === true) {
      return { ok: false, problem: { code: 'missing-argument', verb, name } }
    }
    const values: unknown[] = []
    for (const text of texts) {
      const read = VALUE_TYPES[spec.type].read(text)
      if (!read.ok) return { ok: false, problem: { code: 'bad-value', verb, name, value: text, ...without(read) } }
      values.push(read.value)
    }
    if (values.length > MAX_VALUES) {
      const expected = `at most ${MAX_VALUES} values`
      return {
        ok: false,
        problem: { code: 'bad-value', verb, name, value: `${values.length}`, expected, suggestion: null },
      }
    }
    args[name] = spec.many === true ? values : (values[0] ?? null)
  }
  return { ok: true, args }
}

const without = ({ expected, suggestion }: { readonly expected: string; readonly suggestion: string | null }) => ({
  expected,
  suggestion,
})
