import { expect, it } from 'vitest'
import { redactTexts } from '../../../app/domain/text/redact-texts.ts'

it('cleans every text and leaves the rest', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`
  const value = { n: 1, none: null, list: [`see ${token}`, { deep: 'half \uD83D, NUL \u0000, whole 😀' }] }
  const clean = redactTexts(value)
  expect(clean).toEqual({
    n: 1,
    none: null,
    list: [expect.stringMatching(/^see \[redacted /), { deep: 'half \uFFFD, NUL \uFFFD, whole 😀' }],
  })
  expect(redactTexts(clean)).toEqual(clean)
})
