import { micromark } from 'micromark'
import { describe, expect, test } from 'vitest'
import { findCommands } from '../../../app/inbound/slash/find-commands.ts'
import { parseCommandLine } from '../../../app/inbound/slash/parse-command-line.ts'
import { renderHelp } from '../../../app/inbound/slash/render-help.ts'
import { renderParseProblem, renderQuoted } from '../../../app/inbound/slash/render-parse-problem.ts'
import type { Telling } from '../../../app/inbound/telling.ts'

const HERE = { surface: 'comment', bare: true } as const
const PREFIXED = { surface: 'comment', bare: false } as const

const seen = (text: string): string => text.replaceAll('\u200b', '')

const answerTo = (line: string, options: Telling = HERE): string => {
  const parsed = parseCommandLine(line, options)
  if (parsed?.ok !== false) throw new Error(`${line} parses`)
  return renderParseProblem(parsed.problem, line, options)
}

describe('a problem is told with the next step', () => {
  test.each([
    ['/cliam', '`/cliam`: There is no command cliam. Did you mean `/claim`?\n\nComment `/help` for the list.'],
    [
      '/claim agnet=x',
      '`/claim agnet=x`: claim has no argument agnet. Did you mean `agent=`?\n\n' +
        'It is written `/claim [agent=ID] [ttl=90m]`, such as `/claim`.',
    ],
    [
      '/fail',
      '`/fail`: fail needs class.\n\n' +
        'It is written `/fail class=CLASS [code=CODE] [message="…"] [cost=$N] [tokens=N] [fence=FENCE]`, such as `/fail class=test_fail`.',
    ],
    [
      '/evidence npm test exit=0',
      '`/evidence npm test exit=0`: evidence has no place for test.\n\nPut words that belong together in double quotes. ' +
        'It is written `/evidence "…" exit=N [sha=SHA] [fence=FENCE]`, such as `/evidence "npm test" exit=0`.',
    ],
    [
      '/heartbeat fence=1.1',
      '`/heartbeat fence=1.1`: The command heartbeat works over HTTP only.\n\nComment `/help` for the list.',
    ],
  ])('%s', (line, answer) => expect(seen(answerTo(line))).toBe(answer))

  test('where only /muster works, that is what is shown', () => {
    expect(seen(answerTo('/muster cliam', PREFIXED))).toBe(
      '`/muster cliam`: There is no command cliam. Did you mean `/muster claim`?\n\nComment `/muster help` for the list.',
    )
  })
})

const HOSTILE = [
  '/muster @everyone',
  '/muster <!--',
  '/claim @everyone',
  '/claim ttl="@everyone Closes #1 <img src=x> <!-- muster:record -->"',
  '/claim ttl="`@bob` ``` | \\\\"',
  `/muster ${'x'.repeat(60_000)}`,
  `/claim ${'agent=x '.repeat(8_000)}`,
  '/claim ttl=\u202egnp',
]

test.each(HOSTILE)('%.50s comes back harmless and short', (line) => {
  const answer = answerTo(line)
  expect(answer.length).toBeLessThan(2_000)
  expect(answer).not.toMatch(/@[a-z]|<[a-z!]|closes #\d|muster:|```|\u202e/i)
  expect(findCommands(answer, HERE)).toEqual({ commands: [], left: 0 })
  expect(micromark(answer, { allowDangerousHtml: true })).not.toMatch(/<(?!\/?(?:p|code)>)/)
})

test('quoted words stay in their code span', () => {
  expect(micromark(renderQuoted('a `b` ``c`` \n d'))).toBe("<p><code>a 'b' ''c'' d</code></p>")
  expect(micromark(renderQuoted(''))).toBe('<p><code> </code></p>')
})

describe('help', () => {
  test('one table a group, every row in one piece', () => {
    const help = renderHelp(null, HERE)
    expect(help.match(/^\*\*\w+\*\*$/gm)).toEqual(['**Tasks**', '**Attempts**', '**Operations**', '**Looking**'])
    for (const row of help.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(5)
    }
    expect(help).not.toContain('heartbeat')
  })

  test('is no command itself, for us or for bots that do not know Markdown', () => {
    for (const verb of [null, 'claim', 'depends', 'nonsense', '/claim']) {
      const help = renderHelp(verb, HERE)
      expect(findCommands(help, HERE).commands).toEqual([])
      expect(help).not.toMatch(/^\s*\//m)
    }
  })

  test('of one command', () => {
    expect(renderHelp('claim', PREFIXED)).toMatchInlineSnapshot(`
      "\`/muster claim [agent=ID] [ttl=90m]\`

      Take the task: opens an attempt and grants its lease; ttl prolongs your own. Needs the write role.

      - \`agent\` (optional): Who works on it; you when left out
      - \`ttl\` (optional): How long the lease holds without a heartbeat; on a lease of your own it starts anew with that

      For example: \`/muster claim\`, \`/muster claim agent=claude ttl=90m\`"
    `)
    expect(renderHelp('/claim', HERE)).toContain('`/claim [agent=ID] [ttl=90m]`')
    expect(seen(renderHelp('cliam', HERE))).toContain('Did you mean `/claim`?')
    expect(renderHelp('@everyone', HERE)).not.toContain('@everyone')
  })
})
