/** Levels and loops against the plainest search there is, on random graphs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelsOf, type EdgePair } from '../../../app/domain/dependency/levels.ts'
import { loopsIn } from '../../../app/domain/dependency/loops-in.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'

const NODES = 8
const task = (n: number): StreamId => `task/7/${n}`
const edge = fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1))
const graphs = fc.array(edge, { maxLength: 20 })

const longest = (edges: readonly (readonly [number, number])[], from: number): number =>
  Math.max(0, ...edges.filter(([a]) => a === from).map(([, b]) => 1 + longest(edges, b)))

describe('the level of a task', () => {
  it('is the longest chain below it', () => {
    fc.assert(
      fc.property(graphs, (any) => {
        const edges = any.filter(([a, b]) => a > b)
        const distinct = [...new Map(edges.map((pair) => [pair.join(), pair])).values()]
        const levels = levelsOf(distinct.map(([a, b]): EdgePair => [task(a), task(b)]))
        for (let n = 0; n < NODES; n += 1) expect(levels.get(task(n)) ?? 0).toBe(longest(distinct, n))
      }),
    )
  })

  it('is none on a cycle and above one, and ends', () => {
    const levels = levelsOf([
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'a'],
      ['d', 'e'],
    ])
    expect([...levels]).toEqual([['d', 1]])
  })
})

describe('loops', () => {
  it('are edges without which there is no circle, and none more than that, in whatever order the edges come', () => {
    fc.assert(
      fc.property(graphs, (any) => {
        const distinct = [...new Map(any.map((pair) => [pair.join(), pair])).values()]
        const edges = distinct.map(([a, b]): EdgePair => [task(a), task(b)])
        const loops = loopsIn(edges)
        expect(loopsIn(edges.toReversed())).toEqual(loops)
        const isLoop = new Set(loops.map(String))
        const others = edges.filter((edge) => !isLoop.has(String(edge)))
        const levelled = (some: readonly EdgePair[]) => new Set(levelsOf(some).keys())
        const starts = (some: readonly EdgePair[]) => new Set(some.map(([from]) => from))
        expect(levelled(others)).toEqual(starts(others))
        for (const loop of loops) {
          const more = [...others, loop]
          expect(levelled(more)).not.toEqual(starts(more))
        }
      }),
    )
  })
})
