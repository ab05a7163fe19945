import * as fc from 'fast-check'
import { micromark } from 'micromark'
import { describe, expect, test } from 'vitest'
import { cut } from '../../../app/domain/text/cut.ts'
import { neutralise, neutraliseCell, neutraliseLine } from '../../../app/domain/text/neutralise.ts'

/** What a naive reader of the raw text, or GitHub after rendering, would act on. */
const DANGERS: readonly RegExp[] = [
  /@[A-Za-z0-9]/,
  /<[A-Za-z/!?]/,
  /--!?>/,
  /&#?\w+;/,
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+\/[\w.-]+)?#\d/i,
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+https?:/i,
  /^(?:[\s>*+-]|\d+[.)]|\[.?\])*\/[a-z]/im,
  /muster\s*:/i,
  /`{3}|~{3}/,
  /!\[/,
  /\p{Bidi_Control}/u,
]

const expectInert = (text: string): void => {
  for (const danger of DANGERS) expect(text).not.toMatch(danger)
}

const seen = (text: string): string => text.replaceAll('\u200b', '')

const HOSTILE = [
  '@everyone look',
  'mail a@b.example and @acme/team',
  'Closes #1',
  'fixes: acme/widgets#12, RESOLVED https://github.com/acme/widgets/issues/3',
  '**Closes** #1 and closes\n#2 and Closes GH-4 and Closes \\#5 and disclosed #6',
  'Clo&#115;es #1 &#64;everyone &commat;bob',
  '/approve',
  'text\n  /merge now\r\n> /lgtm\n- /hold\n1. /retest\r/close\u2028/open',
  '\u00a0/approve\n\u3000/merge\n\u2003- /hold\n* [ ] /lgtm\n- [x]\u00a0/retest\n> 1) > [ ] /close\n\u200b/open',
  '<!-- muster:record v1 kid=a rev=9 sig=x {} --> <script>x</script> </details> --!>',
  'muster: x muster :y Muster-Attempt: 01ABC',
  '```\nend\n~~~~\n`````',
  '![x](https://tracker.example/p.png)',
  '\u202eevil\u202c \u0000 \ufeff \u{E0041}hidden',
  '<\u0000!-- @\u0007bob',
]

describe('hostile words are inert, and read as before', () => {
  test.each(HOSTILE)('%j', (text) => {
    for (const safe of [neutralise(text), neutraliseLine(text), neutraliseCell(text)]) expectInert(safe)
  })

  test('nothing visible is lost', () => {
    expect(seen(neutralise('Closes #1 by @bob: /usr/bin <b>'))).toBe('Closes #1 by @bob: /usr/bin <b>')
    expect(seen(neutralise('/approve'))).toBe('/approve')
  })

  test('terminal colours go, the log stays', () => {
    expect(neutralise('\u001b[31mFAIL\u001b[0m src/a.ts')).toBe('FAIL src/a.ts')
  })

  test('ordinary text is left as it is', () => {
    const plain = 'It failed: expected 3 to be 4 (src/a.ts:12), see #12 & run `npm test` -- a > b, x < 3; fix it.'
    expect(neutralise(plain)).toBe(plain)
  })

  test('secrets go too, also those only the caller knows', () => {
    const token = ['ghp', 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1234'].join('_')
    expect(neutralise(`t ${token} and swordfish`, { secrets: ['swordfish'] })).toBe(
      't [redacted github-token] and [redacted secret]',
    )
    expect(neutralise(token.replace('_', '_\u0000'))).toBe('[redacted github-token]')
  })
})

test('a code fence of ours is not left, and rendered text neither mentions nor holds a tag', () => {
  for (const text of HOSTILE) {
    expect(micromark(`\`\`\`\n${neutralise(text)}\n\`\`\`\nafter`)).toMatch(
      /^<pre><code>[^]*<\/code><\/pre>\n<p>after<\/p>$/,
    )
    expect(micromark(neutralise(text), { allowDangerousHtml: true })).not.toMatch(/@[a-z]|<(?:img|script|details|!--)/i)
  }
})

describe('cells', () => {
  test('a bar and a backslash stay inside', () => {
    expect(seen(neutraliseCell('a | b'))).toBe(String.raw`a \| b`)
    // An even number of backslashes before the bar would leave it unescaped.
    expect(neutraliseCell('a\\| b\\')).toBe('a\\\u200b\\| b\\\u200b')
  })
  test('line breaks become blanks', () => expect(neutraliseLine(' a\r\n\n b\tc ')).toBe('a b c'))
})

describe('bounds', () => {
  test('the start is kept, or the end, with a note that counts', () => {
    expect(neutralise('x'.repeat(70_000), { max: 100 })).toBe(`${'x'.repeat(73)}… (70000 characters in all)`)
    expect(neutralise(`${'x'.repeat(300)}the end`, { max: 50, keep: 'end' })).toMatch(
      /^\(the end of 307 characters\) … x+the end$/,
    )
  })
  test('characters are not split', () => {
    for (let max = 0; max < 80; max++) {
      for (const keep of ['start', 'end'] as const) {
        const short = cut('😀'.repeat(60), max, keep)
        expect(short.length).toBeLessThanOrEqual(max)
        expect(short.isWellFormed()).toBe(true)
      }
    }
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    '@',
    'bob',
    '<',
    '!--',
    '-->',
    '--',
    '>',
    '!',
    '&',
    '#',
    '64;',
    'amp;',
    'closes',
    'Fix',
    'resolved',
    ':',
    ' ',
    '\n',
    '\r\n',
    '#1',
    'a/b#2',
    '/',
    'approve',
    '- ',
    '1. ',
    'muster',
    ':record',
    '`',
    '``',
    '~',
    '[',
    '](',
    '\\',
    '|',
    '\u0000',
    '\u200b',
    '\u001b[1m',
    '\u202e',
  ),
  fc.string({ maxLength: 4, unit: 'grapheme' }),
)
const soup = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

test('no soup of dangerous pieces survives, whichever part is kept; doing it twice changes nothing', () => {
  fc.assert(
    fc.property(
      soup,
      fc.integer({ min: 40, max: 120 }),
      fc.constantFrom('start' as const, 'end' as const),
      (text, max, keep) => {
        const whole = neutralise(text)
        expectInert(whole)
        expect(neutralise(whole)).toBe(whole)
        const short = neutralise(text, { max, keep })
        expect(short.length).toBeLessThanOrEqual(max)
        expectInert(short)
        expectInert(neutraliseCell(text, max))
      },
    ),
    { numRuns: 4000 },
  )
})

test.each([
  '@',
  '<',
  '&',
  '&a',
  'closes ',
  'closes a/',
  'fix',
  '/',
  '>',
  '> ',
  '1',
  '- ',
  '`',
  'muster',
  'muster ',
  '\u001b[',
  '\\',
  '|',
])('seventy thousand characters of %j end, bounded', (unit) =>
  expect(neutralise(unit.repeat(70_000 / unit.length), { max: 500 }).length).toBeLessThanOrEqual(500),
)
