import { describe, expect, it } from 'vitest'
import { parseOnce } from '../../app/engine/parse-once.ts'

const counting = () => {
  const parsed: string[] = []
  const parse = parseOnce((text) => {
    parsed.push(text)
    return { text }
  })
  return { parse: parse.read, know: parse.know, parsed }
}

describe('parsing a state once', () => {
  it('gives the same answer to the same text without parsing it again', () => {
    const { parse, parsed } = counting()
    const [a, b] = [parse('{"n":1}'), parse('{"n":2}')]
    expect(parse(['{"n"', '1}'].join(':'))).toBe(a)
    expect(parse('{"n":2}')).toBe(b)
    expect(parsed).toEqual(['{"n":1}', '{"n":2}'])
  })

  it('tells texts apart that differ in one character only', () => {
    const { parse } = counting()
    const long = 'x'.repeat(10_000)
    expect(parse(`${long}a`).text).toBe(`${long}a`)
    expect(parse(`${long}b`).text).toBe(`${long}b`)
  })

  it('takes for read what is known already', () => {
    const { parse, know, parsed } = counting()
    const state = { text: 'as it was written' }
    know('{"n":1}', state)
    expect(parse('{"n":1}')).toBe(state)
    expect(parsed).toEqual([])
  })

  it('forgets the oldest, so that it never holds more than a few', () => {
    const { parse, parsed } = counting()
    for (let n = 0; n < 1000; n += 1) expect(parse(String(n)).text).toBe(String(n))
    parse('999')
    expect(parsed).toHaveLength(1000)
    parse('0')
    expect(parsed).toHaveLength(1001)
  })
})
