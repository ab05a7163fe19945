import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'

/** As it is defined, member by member. */
const defined = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => defined(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${defined(member)}`).join(',')}}`
}

describe('canonical JSON', () => {
  it('sorts members by code unit and leaves undefined ones out, at any depth', () => {
    expect(canonicalJson({ b: 1, a: { d: undefined, c: [undefined, { z: 1, y: null }] }, 10: 1, 9: 2 })).toBe(
      '{"10":1,"9":2,"a":{"c":[null,{"y":null,"z":1}]},"b":1}',
    )
  })

  it('is the same text whether or not an object happens to be in order already', () => {
    // Without halves of surrogate pairs: V8's JSON.parse may read "\\ud800" as the key "\\".
    const keys = fc.oneof(fc.string(), fc.constantFrom('a', 'b', 'c', '1', '10', '9', '', 'é', '\u{1f600}'))
    const values = fc.oneof(fc.jsonValue(), fc.constant(undefined))
    const rows = fc.array(fc.dictionary(keys, fc.oneof(values, fc.dictionary(keys, values))))
    fc.assert(
      fc.property(rows, (value) => {
        expect(canonicalJson(value)).toBe(defined(value))
        const again: unknown = JSON.parse(canonicalJson(value))
        expect(canonicalJson(again)).toBe(canonicalJson(value))
      }),
    )
  })

  it('throws on what JSON cannot hold instead of writing something else, wherever it stands', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol('a'), () => 1]) {
      expect(() => canonicalJson(odd)).toThrow(TypeError)
      expect(() => canonicalJson({ a: odd })).toThrow(TypeError)
      expect(() => canonicalJson([{ a: 1, b: odd }])).toThrow(TypeError)
    }
  })

  it('asks no object how it would like to be written', () => {
    expect(canonicalJson([new Date(0), Object.create({ toJSON: () => 'no' })])).toBe('[{},{}]')
  })
})
