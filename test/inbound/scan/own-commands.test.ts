/** Which commands of a comment that nobody saw being written or edited are run. */
import { describe, expect, it } from 'vitest'
import { ownCommands } from '../../../app/inbound/scan/own-commands.ts'

const SCANNED = 1000
const before = SCANNED - 1
const after = SCANNED + 1
const by = (byAuthor: boolean, at: number, text: string | null) => ({ at, text, byAuthor })
const author = (at: number, text: string | null) => by(true, at, text)
const other = (at: number, text: string | null) => by(false, at, text)
const own = (...versions: readonly ReturnType<typeof by>[]) => [...ownCommands(versions, SCANNED, { bare: true })]

describe('of a comment that was', () => {
  it('written since the last scan, all', () => {
    expect(own(author(after, '/ready\n/note a\n/note a'))).toEqual(['0 /ready', '0 /note a', '1 /note a'])
  })

  it('written before, none: it had its chance', () => {
    expect(own(author(before, '/ready'))).toEqual([])
  })

  it('written before and edited since, what the edit added', () => {
    expect(own(author(before, '/ready'), author(after, 'please:\n/ready\n/claim'))).toEqual(['0 /claim'])
  })

  it('edited into another of the same text, the second', () => {
    expect(own(author(before, '/note a'), author(after, '/note a\n/note a'))).toEqual(['1 /note a'])
  })

  it('written and edited since, what stands there now', () => {
    expect(own(author(after, '/ready\n/cancel'), author(after, '/ready\n/claim'))).toEqual(['0 /ready', '0 /claim'])
  })

  it('given a command by somebody else and edited by its author, not that one', () => {
    expect(own(author(after, 'hi'), other(after, 'hi\n/cancel'), author(after, 'hello\n/cancel\n/ready'))).toEqual([
      '0 /ready',
    ])
  })

  it('robbed of a command that somebody else wrote in again, not that one', () => {
    expect(
      own(author(after, '/cancel'), author(after, 'no'), other(after, '/cancel'), author(after, '/cancel !')),
    ).toEqual(['0 /cancel !'])
    expect(
      own(author(after, '/cancel'), author(after, 'no'), other(after, '/cancel\nx'), author(after, '/cancel\ny')),
    ).toEqual([])
  })

  it('rid of a version that can be read, only what was added after it is known', () => {
    expect(own(author(after, null), author(after, '/cancel'), author(after, '/cancel\n/ready'))).toEqual(['0 /ready'])
  })
})
