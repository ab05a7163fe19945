import fc from 'fast-check'
import { expect, it } from 'vitest'
import { oneLine } from '../../../app/domain/text/one-line.ts'

const TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

it.each([
  ['a line end', 'a\nb\r\nc\u2028d\u0085e', 'a b c d e'],
  ['what moves a cursor or colours', '\u001b[31mred\u001b[0m \u009b2Jcleared\u0007', 'red cleared'],
  ['writing that runs backwards', 'a\u202ebc\u202c', 'abc'],
  ['half a character', 'a\ud800b', 'ab'],
  ['a token', `x ${TOKEN} y`, 'x [redacted github-token] y'],
  [
    'a token with something unseen inside',
    `x ${TOKEN.slice(0, 9)}\u200b${TOKEN.slice(9)} y`,
    'x [redacted github-token] y',
  ],
])('%s does not reach a log', (_, text, line) => {
  expect(oneLine(text)).toBe(line)
})

it('any text becomes one bounded line of visible characters, and stays it', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 400 })
  fc.assert(
    fc.property(texts, (text) => {
      const line = oneLine(text)
      expect(line.length).toBeLessThanOrEqual(1_000)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
      expect(oneLine(line)).toBe(line)
    }),
  )
})

it('cuts only what was redacted: half a token has no shape', () => {
  const line = oneLine(`${'x'.repeat(980)} ${TOKEN}`)
  expect(line.length).toBeLessThanOrEqual(1_000)
  expect(line).not.toContain('ghp_')
})
