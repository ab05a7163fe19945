import { expect, test } from 'vitest'
import { renderFigure } from '../../../../app/outbound/github/text/measures.ts'

test.each([
  [0, '0'],
  [3.5123, '3.5123'],
  [0.000_421_37, '0.00042137'],
  [1 / 3, '0.333333'],
  [-12.5, '-12.5'],
  [99_999.4, '99,999.4'],
  [12_345_678.91, '12,345,678.9'],
])('a measured %s is shown as %s', (value, shown) => {
  expect(renderFigure(value)).toBe(shown)
})
