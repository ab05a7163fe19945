import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../../../app/domain/task/state.ts'
import { screenshots } from '../../../../app/outbound/github/text/screenshots.ts'
import { AT } from '../task-fixture.ts'

const shot = (change: Partial<Artifact> = {}): Artifact => ({
  kind: 'screenshot',
  name: 'The sum',
  url: 'https://ci.test/sum.png',
  attempt: 1,
  sha256: null,
  size: null,
  mediaType: null,
  figures: [],
  at: AT,
  ...change,
})

describe('screenshots', () => {
  it('are shown as pictures that lead to themselves', () => {
    expect(screenshots([shot()])).toEqual(['[![The sum](https://ci.test/sum.png)](https://ci.test/sum.png)'])
  })

  it.each([
    ['a picture by its type', { url: 'https://ci.test/9', mediaType: 'image/PNG' }, 1],
    ['a name in capitals', { url: 'https://ci.test/A.JPEG?raw=1' }, 1],
    ['a picture that browsers may not show', { url: 'https://ci.test/9.png', mediaType: 'image/svg+xml' }, 0],
    ['an archive', { url: 'https://ci.test/shots.zip' }, 0],
    ['a picture that is no screenshot', { kind: 'file' }, 0],
    ['an address without encryption', { url: 'http://ci.test/a.png' }, 0],
    ['a script', { url: 'javascript:alert(1)//.png' }, 0],
    ['a token in the address', { url: `https://ci.test/a.png?t=ghp_${'a'.repeat(36)}` }, 0],
  ] as const)('%s', (_, change, count) => {
    expect(screenshots([shot(change)])).toHaveLength(count)
  })

  it('are the newest four', () => {
    const names = screenshots(Array.from({ length: 6 }, (_, n) => shot({ name: `s${n}` })))
    expect(names.map((name) => /s\d/.exec(name)?.[0])).toEqual(['s2', 's3', 's4', 's5'])
  })

  it('cannot leave their place by name or address', () => {
    const [picture = ''] = screenshots([
      shot({ name: 'a](https://evil.test) ![x', url: 'https://ci.test/a)b](https://evil.test).png' }),
    ])
    expect(picture.match(/\]\(https:\/\/ci\.test/g)).toHaveLength(2)
    expect(picture).not.toMatch(/(?<!\\)\]\(https:\/\/evil/)
  })
})
