/** The long run of the comparison with micromark; the fast lane has a short one. MUSTER_SEED tries other texts. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAgreement } from './markdown-agreement.ts'
import { soup } from './markdown-soup.ts'

test('two hundred thousand short texts agree with micromark', { timeout: 600_000 }, () => {
  let compared = 0
  fc.assert(
    fc.property(soup, (text) => {
      if (expectAgreement(text)) compared++
    }),
    { numRuns: 200_000, seed: Number(process.env['MUSTER_SEED'] ?? 200_000) },
  )
  expect(compared).toBeGreaterThan(125_000)
})
