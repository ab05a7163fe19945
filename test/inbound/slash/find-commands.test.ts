import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCommands, MAX_COMMANDS, newCommands } from '../../../app/inbound/slash/find-commands.ts'

const BARE = { bare: true }
const textsOf = (comment: string): readonly string[] => findCommands(comment, BARE).commands.map(({ text }) => text)

test('commands come in the order of their lines, with what identifies them', () => {
  expect(findCommands('Hi\n\n/Claim   agent=a\r\nthanks\n\n/muster retry\n/retry', BARE)).toEqual({
    commands: [
      { text: '/Claim   agent=a', normalised: '/claim agent=a', ordinal: 0, line: 3 },
      { text: '/muster retry', normalised: '/retry', ordinal: 0, line: 6 },
      { text: '/retry', normalised: '/retry', ordinal: 1, line: 7 },
    ],
    left: 0,
  })
})

test('typing errors are found too, so that they can be answered; other bots are left alone', () => {
  expect(textsOf('/cliam\n/lgtm\n/usr/bin/x\n/muster nonsense')).toEqual(['/cliam', '/muster nonsense'])
})

test('code and quotes are not commands', () => {
  expect(textsOf('> /retry\n\n`/retry`\n\n```\n/retry\n```\n\n    /retry\n\n<!--\n/retry\n-->')).toEqual([])
})

test('a comment that is nothing but commands is cut off, and the rest counted', () => {
  const { commands, left } = findCommands('/retry\n'.repeat(9_000), BARE)
  expect(commands).toHaveLength(MAX_COMMANDS)
  expect(left).toBe(9_000 - MAX_COMMANDS)
})

describe('an edit', () => {
  const added = (before: string, after: string): readonly string[] =>
    newCommands(before, after, BARE).commands.map(({ normalised, ordinal }) => `${normalised} ${ordinal}`)

  test.each([
    ['runs nothing again', '/retry', '/retry', []],
    ['of blanks, case or prefix runs nothing', '/claim  agent=a', '/muster Claim agent=a\r\n', []],
    ['around a command runs nothing', '/retry', 'sorry\n\n/retry\n\nthanks', []],
    ['runs what it adds before', '/retry', '/ready\n/retry', ['/ready 0']],
    ['runs a second one of the same text', '/retry', '/retry\n/retry', ['/retry 1']],
    ['of an argument is a new command', '/priority p1', '/priority p0', ['/priority p0 0']],
    ['that takes a command out of a quote runs it', '> /retry', '/retry', ['/retry 0']],
    ['that puts a command into code runs nothing', '/retry', '`/retry`', []],
    ['that removes all runs nothing', '/retry', '', []],
  ])('%s', (_, before, after, commands) => expect(added(before, after)).toEqual(commands))

  test('what ran at writing and at every edit is what a rescan of the last text finds, and no more of it', () => {
    const line = fc.constantFrom('/retry', '/ready', '/note a', 'text', '', '> /retry', '/retry now')
    const comment = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n\n'))
    const idsOf = (found: ReturnType<typeof findCommands>): readonly string[] =>
      found.commands.map(({ normalised, ordinal }) => `${normalised}\u0000${ordinal}`)
    fc.assert(
      fc.property(fc.array(comment, { minLength: 1, maxLength: 4 }), (versions) => {
        const ran = new Set<string>()
        let before = ''
        for (const version of versions) {
          for (const id of idsOf(newCommands(before, version, BARE))) ran.add(id)
          before = version
        }
        // The identities of the last text are all known, so that running them again is recognised.
        expect(idsOf(findCommands(before, BARE)).filter((id) => !ran.has(id))).toEqual([])
      }),
    )
  })
})
