/** The order of tasks while edges are added, against the plainest search there is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GAP, moveApart } from '../../../app/domain/dependency/move-apart.ts'
import {
  searchBothWays,
  type Found,
  type Look,
  type Seen,
  type Standing,
} from '../../../app/domain/dependency/search-both-ways.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'

const NODES = 9
const task = (n: number): StreamId => `task/7/${n}`
type Pair = readonly [from: StreamId, on: StreamId]

const edge = fc
  .tuple(fc.nat(NODES - 1), fc.nat(NODES - 1))
  .filter(([a, b]) => a !== b)
  .map(([a, b]): Pair => [task(a), task(b)])
const graphs = fc.array(edge, { maxLength: 30 })

const reaches = (edges: readonly Pair[], from: StreamId, to: StreamId): boolean => {
  const seen = new Set<StreamId>()
  const walk = (at: StreamId): boolean =>
    at === to || (!seen.has(at) && (seen.add(at), edges.some(([a, b]) => a === at && walk(b))))
  return walk(from)
}

/** A graph that counts what is read of it. */
const created = (edges: readonly Pair[] = [], levels = new Map<StreamId, number>()) => {
  const standing = (at: StreamId): Standing => ({ task: at, level: levels.get(at) ?? 0 })
  let read = 0
  const look = ({ side, tasks, most }: Look): readonly Seen[] | null => {
    const seen = edges.flatMap(([from, on]): readonly Seen[] => {
      const [near, far] = side === 'below' ? [from, on] : [on, from]
      return tasks.includes(near) ? [{ from: near, to: standing(far) }] : []
    })
    read += Math.min(seen.length, most + 1)
    return seen.length > most ? null : seen
  }
  const search = (from: StreamId, to: StreamId, everywhere = false): Found => {
    const both = searchBothWays(standing(from), standing(to), { everywhere })
    let step = both.next()
    while (step.done !== true) step = both.next(look(step.value))
    return step.value
  }
  return { standing, search, read: () => read }
}

const expectPath = (edges: readonly Pair[], path: readonly StreamId[], from: StreamId, to: StreamId): void => {
  expect([path[0], path.at(-1)]).toEqual([from, to])
  const known = new Set(edges.map(String))
  for (const [n, at] of path.slice(1).entries()) expect(known).toContain(String([path[n], at]))
}

describe('looking from both ends, everywhere', () => {
  it('finds a path exactly where there is one, and every step of it is an edge', () => {
    fc.assert(
      fc.property(graphs, fc.nat(NODES - 1), fc.nat(NODES - 1), (edges, a, b) => {
        const { path } = created(edges).search(task(a), task(b), true)
        expect(path !== null).toBe(reaches(edges, task(a), task(b)))
        if (path !== null) expectPath(edges, path, task(a), task(b))
      }),
    )
  })
})

describe('adding edge by edge', () => {
  it('refuses exactly what closes a circle, keeps everybody above what they depend on, and moves one side only', () => {
    fc.assert(
      fc.property(graphs, (wanted) => {
        const levels = new Map<StreamId, number>()
        let edges: readonly Pair[] = []
        for (const [from, on] of wanted) {
          const { standing, search } = created(edges, levels)
          const [lower, upper] = [standing(from), standing(on)]
          if (upper.level < lower.level) {
            expect(reaches(edges, on, from)).toBe(false)
            edges = [...edges, [from, on]]
            continue
          }
          const found = search(on, from)
          expect(found.path !== null).toBe(reaches(edges, on, from))
          if (found.path !== null) {
            expectPath(edges, found.path, on, from)
            continue
          }
          const { side, beyond } = found.searched
          const border = side === 'above' ? upper.level : lower.level
          const moved = moveApart(found.searched, border)
          if (moved === null) throw new Error('there was room')
          for (const [stream, level] of moved) {
            expect(side === 'above' ? reaches(edges, stream, from) : reaches(edges, on, stream)).toBe(true)
            expect((level - border) * (side === 'above' ? 1 : -1)).toBeGreaterThan(0)
            if (beyond !== null) expect(Math.abs(level - border)).toBeLessThan(Math.abs(beyond - border))
            levels.set(stream, level)
          }
          edges = [...edges, [from, on]]
          for (const [a, b] of edges) expect(levels.get(a) ?? 0).toBeGreaterThan(levels.get(b) ?? 0)
        }
      }),
    )
  })

  it('does not go through the many that depend on one end where little lies below the other', () => {
    const many = Array.from({ length: 20_000 }, (_, n): Pair => [task(n + 10), task(1)])
    const levels = new Map([...many.map(([from]) => [from, 5 * GAP] as const), [task(2), 5 * GAP]])
    const { search, read } = created([...many, [task(2), task(3)]], levels)
    const found = search(task(2), task(1))
    expect(found).toMatchObject({
      path: null,
      searched: { side: 'below', tasks: [{ task: task(2) }, { task: task(3) }] },
    })
    expect(read()).toBeLessThan(1000)
  })

  it('says where there is no room', () => {
    const between = (beyond: number) =>
      moveApart({ side: 'above', tasks: [{ task: task(1), level: 0 }], edges: [], beyond }, 7)
    expect(between(8)).toBeNull()
    expect(between(9)).toEqual(new Map([[task(1), 8]]))
  })
})
