import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json } from '../../../app/domain/event/canonical-json.ts'
import { createSchemaJudge } from '../../../app/outbound/json-schema/create-schema-judge.ts'

const judge = createSchemaJudge()
const problems = (schema: Json, value: Json) => judge.problems(canonicalJson(schema), value)
const refuse = (schema: Json) => judge.refuse(canonicalJson(schema))

describe('values', () => {
  it('fit or do not, with the place and the reason', async () => {
    const schema = {
      type: 'object',
      required: ['n'],
      properties: { n: { type: 'integer' } },
      additionalProperties: false,
    }
    expect(await problems(schema, { n: 1 })).toEqual([])
    expect(await problems(schema, { n: 'x', m: 1 })).toEqual([
      'it must NOT have additional properties: m',
      'n must be integer',
    ])
    expect(await problems(false, 1)).toHaveLength(1)
  })

  it('are looked at by draft 2020-12', async () => {
    const pair = { prefixItems: [{ type: 'string' }], items: false }
    expect(await problems(pair, ['a'])).toEqual([])
    expect(await problems(pair, ['a', 1])).not.toEqual([])
    const dependent = { dependentRequired: { a: ['b'] }, unevaluatedProperties: false, properties: { a: {}, b: {} } }
    expect(await problems(dependent, { a: 1 })).not.toEqual([])
  })

  it('one schema’s name for itself means nothing to another', async () => {
    const named = (type: string) => ({ $id: 'urn:a:x', $defs: { a: { type } }, $ref: '#/$defs/a' })
    expect(await problems(named('string'), 'x')).toEqual([])
    expect(await problems(named('number'), 'x')).toEqual(['it must be number'])
  })

  it('tell no more than a few problems, each short', async () => {
    const found = await problems(
      { items: { const: 1 } },
      Array.from({ length: 500 }, () => 2),
    )
    expect(found).toHaveLength(5)
    expect(await problems(true, 'x'.repeat(5_000))).toEqual(['it is longer than 4000 characters'])
  })
})

describe('schemas', () => {
  it.each([
    ['no schema', { type: 'nonsense' }],
    ['a reference to another document', { $ref: 'https://example.com/schema.json' }],
    ['a reference to nothing', { $ref: '#/$defs/none' }],
    ['a broken pattern', { pattern: '(' }],
    ['one that refers to itself without end', { $ref: '#' }],
    ['text', 'x'],
    ['a list', []],
    ['one that is too long', { description: 'x'.repeat(4_000) }],
  ])('%s is refused', async (_, schema) => {
    expect(await refuse(schema)).toMatch(/./)
  })

  it('that are right are kept, unknown words and all', async () => {
    expect(
      await refuse({ $schema: 'https://json-schema.org/draft/2020-12/schema', 'x-mine': 1, format: 'email' }),
    ).toBeNull()
    expect(await refuse(true)).toBeNull()
    const tree = { $defs: { t: { properties: { c: { items: { $ref: '#/$defs/t' } } } } }, $ref: '#/$defs/t' }
    expect(await refuse(tree)).toBeNull()
  })

  it('cannot run what stands in them', async () => {
    const evil = '"];globalThis.broken = true;//'
    const schema = { required: [evil], properties: { [evil]: { const: evil, enum: [evil] } }, $defs: { [evil]: {} } }
    expect(await refuse(schema)).toBeNull()
    expect(await problems(schema, {})).toHaveLength(1)
    expect(Object.hasOwn(globalThis, 'broken')).toBe(false)
  })

  it('whose patterns or references would take for ever are cut off', async () => {
    expect(await problems({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}b`)).toEqual([
      expect.stringContaining('takes too long'),
    ])
    // Each level refers to the next one three times.
    const levels = Array.from({ length: 30 }, (_, at) => [
      `l${at}`,
      { allOf: [1, 2, 3].map(() => ({ $ref: `#/$defs/l${at + 1}` })) },
    ])
    const deep = { $defs: { ...Object.fromEntries(levels), l30: {} }, $ref: '#/$defs/l0' }
    expect(await refuse(deep)).toBe('it takes too long')
    expect(await problems({ type: 'string' }, 'still works')).toEqual([])
  })
})
