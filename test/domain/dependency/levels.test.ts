/** Levels and paths against the plainest search there is, on random graphs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPath } from '../../../app/domain/dependency/find-path.ts'
import { levelsOf, type EdgePair } from '../../../app/domain/dependency/levels.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'

const NODES = 8
const task = (n: number): StreamId => `task/7/${n}`
const edge = fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1))
const graphs = fc.array(edge, { maxLength: 20 })

const reaches = (edges: readonly (readonly [number, number])[], from: number, to: number): boolean => {
  const seen = new Set<number>()
  const walk = (at: number): boolean =>
    at === to || (!seen.has(at) && (seen.add(at), edges.some(([a, b]) => a === at && walk(b))))
  return walk(from)
}

const longest = (edges: readonly (readonly [number, number])[], from: number): number =>
  Math.max(0, ...edges.filter(([a]) => a === from).map(([, b]) => 1 + longest(edges, b)))

const searched = (edges: readonly (readonly [number, number])[], from: number, to: number) => {
  const search = findPath(task(from), task(to))
  let step = search.next()
  while (step.done !== true) {
    const { value } = step
    step = search.next(
      edges.filter(([a]) => value.includes(task(a))).map(([a, b]) => ({ stream: task(a), on: task(b) })),
    )
  }
  return step.value
}

describe('a path between two tasks', () => {
  it('is found exactly where there is one, and every step of it is an edge', () => {
    fc.assert(
      fc.property(graphs, edge, (edges, [from, to]) => {
        const path = searched(edges, from, to)
        expect(path !== null).toBe(reaches(edges, from, to))
        if (path === null) return
        expect([path[0], path.at(-1)]).toEqual([task(from), task(to)])
        const pairs = new Set(edges.map(([a, b]) => `${task(a)} ${task(b)}`))
        for (const [n, at] of path.slice(1).entries()) expect(pairs).toContain(`${path[n]} ${at}`)
      }),
    )
  })
})

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
