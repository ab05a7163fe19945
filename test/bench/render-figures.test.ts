import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { against, count } from '../../bench/figures.ts'
import { renderFigures } from '../../bench/render-figures.ts'
import type { SavedFigures } from '../../bench/saved-figures.ts'
import { BENCH_NAMES, WORDS } from '../../bench/words.ts'

const SAVED: SavedFigures = {
  claims: {
    commit: 'aaaaaaa',
    date: '2030-01-01',
    figures: { 'claim-next': against(612.345, 1000, '1/s'), 'claim-10k': against(1.5, 0, 'ms') },
  },
  demoLife: { commit: 'bbbbbbb', date: '2030-02-02', figures: { requests: count(34, 'requests') } },
  empty: { commit: 'ccccccc', date: '2030-03-03', figures: {} },
}

describe('figures in the README', () => {
  it('show value, reference and ratio, each with the commit and the day that it is of', () => {
    expect(renderFigures(SAVED, { claims: 'claims per second.', demoLife: 'one life.' }).split('\n')).toEqual([
      '| bench | figure | value | reference | ratio | measured |',
      '|---|---|--:|--:|--:|---|',
      '| claims | claim-next | 612 1/s | 1000 1/s | 0.612 | aaaaaaa, 2030-01-01 |',
      '|  | claim-10k | 1.5 ms | 0 ms |  | aaaaaaa, 2030-01-01 |',
      '| demoLife | requests | 34 requests |  |  | bbbbbbb, 2030-02-02 |',
      '',
      '- `claims`: claims per second.',
      '- `demoLife`: one life.',
    ])
  })

  it('that are saved are of benches that there are, and say against what they were measured', () => {
    const path = join(import.meta.dirname, '../../bench/figures.json')
    const saved = JSON.parse(readFileSync(path, 'utf8')) as SavedFigures
    for (const [name, { commit, date }] of Object.entries(saved)) {
      expect(BENCH_NAMES).toContain(name)
      expect(`${commit} ${date}`).toMatch(/^[0-9a-f]{7,} \d{4}-\d\d-\d\d$/)
    }
    for (const words of Object.values(WORDS)) expect(words).toMatch(/\.$/)
  })
})
