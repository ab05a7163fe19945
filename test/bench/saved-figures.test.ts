import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, type Figures } from '../../bench/figures.ts'
import { keepFigures, type SavedFigures } from '../../bench/saved-figures.ts'

const KNOWN = ['deliveries', 'claims', 'addEdge']
const TODAY = { commit: 'bbbbbbb', date: '2030-02-02' }
const ms = (value: number): Figures => ({ one: count(value, 'ms') })
const EARLIER: SavedFigures = {
  deliveries: { commit: 'aaaaaaa', date: '2030-01-01', figures: ms(1) },
  addEdge: { commit: '9999999', date: '2029-12-31', figures: { ...ms(2), gone: count(3, 'ms') } },
}

describe('saved figures', () => {
  it('of a bench that ran on request stay, with their own commit and day, when all others run', () => {
    const kept = keepFigures(EARLIER, { deliveries: ms(10), claims: ms(11) }, TODAY, KNOWN)
    expect(kept).toEqual({
      deliveries: { ...TODAY, figures: ms(10) },
      claims: { ...TODAY, figures: ms(11) },
      addEdge: EARLIER['addEdge'],
    })
  })

  it('of one bench are replaced as a whole when only that one runs, and no others', () => {
    const kept = keepFigures(EARLIER, { addEdge: ms(20) }, TODAY, KNOWN)
    expect(kept).toEqual({ deliveries: EARLIER['deliveries'], addEdge: { ...TODAY, figures: ms(20) } })
  })

  it('stand in the order in which the benches run, whichever was saved first', () => {
    const kept = keepFigures(EARLIER, { claims: ms(11) }, TODAY, KNOWN)
    expect(Object.keys(kept)).toEqual(KNOWN)
  })

  it('of a bench that is no more go', () => {
    expect(keepFigures({ ...EARLIER, old: { ...TODAY, figures: ms(1) } }, {}, TODAY, KNOWN)).toEqual(EARLIER)
  })

  it('are the same when nothing ran, and a run saved twice changes nothing more', () => {
    const figures = fc.dictionary(fc.constantFrom(...KNOWN), fc.nat().map(ms), { noNullPrototype: true })
    fc.assert(
      fc.property(figures, (ran) => {
        const once = keepFigures(EARLIER, ran, TODAY, KNOWN)
        expect(keepFigures(once, {}, { commit: 'c', date: 'd' }, KNOWN)).toEqual(once)
        expect(keepFigures(once, ran, TODAY, KNOWN)).toEqual(once)
      }),
    )
  })
})
