import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lastLines } from '../../../app/domain/text/last-lines.ts'

it('leaves a text alone that fits', () => {
  expect(lastLines('a\nb', 3)).toBe('a\nb')
})

it('keeps whole lines of the end and says how many it left out', () => {
  const log = Array.from({ length: 100 }, (_, n) => `line ${n}`).join('\n')
  expect(lastLines(log, 60)).toBe('… 96 earlier lines left out\nline 96\nline 97\nline 98\nline 99')
})

it('keeps the end of a last line that is longer than all the room', () => {
  expect(lastLines(`short\n${'x'.repeat(100)}yz`, 60)).toMatch(/^\(the end of 108 characters\) … x+yz$/)
})

it('never gives more than was asked for, and only lines that were there', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 })), fc.integer({ min: 40, max: 200 }), (lines, max) => {
      const text = lines.join('\n')
      const kept = lastLines(text, max)
      expect(kept.length).toBeLessThanOrEqual(max)
      if (kept.startsWith('… ')) expect(text.endsWith(`\n${kept.split('\n').slice(1).join('\n')}`)).toBe(true)
    }),
  ))
