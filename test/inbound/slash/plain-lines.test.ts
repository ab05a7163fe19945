import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainLines } from '../../../app/inbound/slash/plain-lines.ts'
import { expectAgreement } from './markdown-agreement.ts'
import { soup } from './markdown-soup.ts'

const commandsIn = (text: string): readonly string[] =>
  plainLines(text)
    .map((line) => line.text)
    .filter((line) => line.startsWith('/'))

const RUNS: Readonly<Record<string, string>> = {
  alone: '/retry',
  'after blanks': '   /retry  ',
  'in the middle of a paragraph': 'please\n/retry\nthanks',
  'deeply indented inside a paragraph': 'please\n        /retry',
  'after a quote and a blank line': '> quote\n\n/retry',
  'after a heading': '# Title\n/retry',
  'after a thematic break': '***\n/retry',
  'after a closed fence': '```\n/no\n```\n/retry',
  'after a fence opened in a quote': '> ```\n> /no\n/retry',
  'below a list item, as its text goes on': '- done\n/retry',
  'below a list item, indented': '- done\n  /retry',
  'in a second paragraph of an item': '- done\n\n  /retry',
  'after an ordered list': '2. done\n\n/retry',
  'after a definition': '[a]: https://x.example\n/retry',
  'after an HTML block and a blank line': '<details>\n\n/retry\n\n</details>',
  'with Windows line ends': 'please\r\n/retry\r\n',
  'with lone carriage returns': 'please\r/retry\r',
  'behind a byte order mark': '\uFEFF/retry',
  'behind a lone backtick': 'it`s\n/retry',
  'behind a comment that never ends': 'a <!-- b\n/retry',
  'in a table row, which CommonMark reads as a paragraph': '| a |\n|---|\n/retry',
  'in a list inside a list': '- a\n  - b\n    /retry',
  'behind a lone tag that cannot interrupt': 'please\n<b>\n/retry',
}

const DOES_NOT: Readonly<Record<string, string>> = {
  'in a fence': '```\n/retry\n```',
  'in a tilde fence': '~~~ sh\n/retry\n```\n/retry\n~~~',
  'in a fence without end': '```\n/retry',
  'in indented code': 'text\n\n    /retry',
  'in code indented by a tab': '\t/retry',
  'in indented code of an item': '- a\n\n      /retry',
  'in a quote': '> /retry',
  'in a quote that goes on without mark': '> quote\n/retry',
  'in a quote inside a list': '- > quote\n/retry',
  'behind a list marker': '- /retry\n* /retry\n1. /retry',
  'behind a heading marker': '# /retry',
  'as a heading by underline': '/retry\n===',
  'as a heading by dashes': '/retry\n---',
  'in a comment': '<!--\n\n/retry\n\n-->',
  'in an HTML block': '<div>\n/retry\n</div>',
  'in preformatted HTML': '<pre>\n\n/retry\n\n</pre>',
  'in a lone tag`s block': '<b>\n/retry',
  'in code over lines': 'see `a\n/retry\nb` there',
  'in code behind an escaped backtick': '\\``\n/retry\n`',
  'in a comment inside a paragraph': 'text <!--\n/retry\n--> text',
  'in an attribute': 'text <a title="\n/retry\n">x</a>',
  'in a definition': '[a]:\n/retry',
  'in the title of a definition': '[a]: /x "\n/retry\n"',
  'in a link`s target': '[a](\n/retry\n)',
  'in a reference': '[a][\n/retry\n]\n\n[/retry]: /x',
  'in the text of an image': '![\n/retry\n](x)',
  'inside a line': 'please /retry',
}

describe('a command runs', () => {
  test.each(Object.entries(RUNS))('%s', (_, text) => expect(commandsIn(text)).toEqual(['/retry']))
})

describe('a command does not run', () => {
  test.each(Object.entries(DOES_NOT))('%s', (_, text) => expect(commandsIn(text)).toEqual([]))
})

test('all of the above agrees with micromark', () => {
  for (const text of [...Object.values(RUNS), ...Object.values(DOES_NOT)])
    expect({ text, compared: expectAgreement(text) }).toEqual({ text, compared: true })
})

describe('where micromark departs from the specification, cmark is followed', () => {
  test.each([
    ['a list after indented code need not start at 1', '    code\n10. a\n/retry\n- \n', ['/retry']],
    ['a CDATA block ends behind three brackets', '<![CDATA[]]]>\n/retry', ['/retry']],
    ['a lone tag below an item begins a block outside of it', '- a\n<b>\n/retry', []],
    ['a lone tag inside an item does not', '- a\n  <b>\n  /retry', ['/retry']],
    ['an empty item may follow another marker', 'text\n* -\n/retry\n---\n', []],
  ])('%s', (_, text, commands) => expect(commandsIn(text)).toEqual(commands))
})

test('lines carry their number and no blanks', () => {
  expect(plainLines('a\r\n\r\n  /b c  \r/d')).toEqual([
    { number: 1, text: 'a' },
    { number: 3, text: '/b c' },
    { number: 4, text: '/d' },
  ])
})

test('four thousand short texts agree with micromark', () => {
  let compared = 0
  fc.assert(
    fc.property(soup, (text) => {
      if (expectAgreement(text)) compared++
    }),
    { numRuns: 4000, seed: 4000 },
  )
  // Otherwise the exceptions would have eaten the test.
  expect(compared).toBeGreaterThan(2400)
})

const HOSTILE_UNITS = [
  '>',
  '> ',
  '- ',
  '-\n',
  '1. ',
  '*',
  '* ',
  '`',
  '` ``',
  '``` ',
  '<',
  '<!--',
  '<!-- ',
  '<?',
  '<!A',
  '<a ',
  '<a b="',
  '<a b=\'c" ',
  '<a\n',
  '[',
  '](',
  '](a "',
  '](<',
  '![',
  '][',
  '[a]: b\n',
  "[a]: b\n'",
  '[a]:\n',
  '\\',
  '\t',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '/',
  '/retry\n',
  '=\n',
  'a\n=\n',
  '#',
  '~',
  '>\n',
  '> a\n',
  '>- ',
  '>\t-\t',
  '- a\n',
  '(',
  '<a:',
  '&',
  '\u0000',
  '\ud83d',
]

describe('the longest comment ends, whatever it is made of', () => {
  test.each(HOSTILE_UNITS)('%j', (unit) => {
    const text = unit.repeat(Math.floor(65_000 / unit.length))
    for (const ending of ['', '\n\n/retry', `\n${' '.repeat(300)}/retry`]) plainLines(text + ending)
  })

  test.each([
    ['deep lists and many blank lines', `${'- '.repeat(16_000)}${'\n'.repeat(32_000)}`],
    ['deep lists and deep indents', `${'- '.repeat(200)}a\n${`${' '.repeat(400)}b\n`.repeat(150)}`],
    ['backtick runs of every length', Array.from({ length: 350 }, (_, n) => '`'.repeat(n + 1)).join(' ')],
    ['triangles of quotes', Array.from({ length: 350 }, (_, n) => '>'.repeat(n + 1)).join('\n')],
  ])('%s', (_, text) => {
    plainLines(`${text}\n`)
  })
})

test('deeper than anyone nests, nothing counts, and the comment after it is read again', () => {
  const deep = '- '.repeat(100)
  expect(commandsIn(`${deep}a\n${' '.repeat(200)}/retry\n/retry`)).toEqual([])
  expect(commandsIn(`${deep}a\n\n/retry`)).toEqual(['/retry'])
})
