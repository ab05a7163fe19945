import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EdgeEvent } from '../../../../app/outbound/github/relations/edge-events.ts'
import {
  NO_RELATIONS,
  advanceEdges,
  compareEdges,
  desiredEdges,
  edgeOperations,
  explainEdges,
  parseEdge,
  refuseEdge,
  sorted,
  type AppliedRelations,
  type EdgeKey,
  type EdgeOperation,
} from '../../../../app/outbound/github/relations/edges.ts'
import { aTask } from '../task-fixture.ts'

const blockedBy = fc.integer({ min: 1, max: 6 }).map((n): EdgeKey => `blocked-by:task/1/${n}`)
const parent = fc.integer({ min: 1, max: 4 }).map((n): EdgeKey => `parent:task/1/${n}`)
const edges = fc
  .tuple(fc.array(blockedBy), fc.option(parent, { nil: null }))
  .map(([some, one]) => sorted(one === null ? some : [...some, one]))
const relations = edges.map((some): AppliedRelations => ({ ...NO_RELATIONS, edges: some }))

const parents = (some: readonly EdgeKey[]) => some.filter((edge) => parseEdge(edge).kind === 'parent')

describe('laws', () => {
  it('carried out, the difference makes what is wanted, with one parent all the way, and doing it again does nothing', () => {
    fc.assert(
      fc.property(relations, edges, (before, wanted) => {
        let at = before
        for (const operation of edgeOperations(before, wanted)) {
          at = advanceEdges(at, operation)
          expect(parents(at.edges).length).toBeLessThanOrEqual(1)
        }
        expect(at.edges).toEqual(wanted)
        expect(edgeOperations(at, wanted)).toEqual([])
      }),
    )
  })

  it('never touches what stands as it is wanted', () => {
    fc.assert(
      fc.property(relations, edges, (before, wanted) => {
        const touched = edgeOperations(before, wanted).map(({ edge }) => edge)
        expect(touched.filter((edge) => before.edges.includes(edge) && wanted.includes(edge))).toEqual([])
      }),
    )
  })

  it('whatever GitHub refuses, it is asked for once', () => {
    fc.assert(
      fc.property(relations, edges, fc.array(fc.boolean()), (before, wanted, takes) => {
        const asked: string[] = []
        let at = before
        for (let round = 0; round < 4; round += 1) {
          const operations = edgeOperations(at, wanted)
          for (const [index, operation] of operations.entries()) {
            asked.push(`${operation.kind} ${operation.edge}`)
            at = takes[index] === true ? advanceEdges(at, operation) : refuseEdge(at, operation)
          }
        }
        expect(edgeOperations(at, wanted)).toEqual([])
        // A removal makes room, so that what found none is asked for once more.
        for (const one of new Set(asked)) expect(asked.filter((other) => other === one).length).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('what stands as we left it is no difference, and what others did is exactly that', () => {
    fc.assert(
      fc.property(relations, edges, (base, seen) => {
        expect(compareEdges(base, base.edges)).toEqual({ added: [], removed: [] })
        const { added, removed } = compareEdges(base, seen)
        expect(sorted([...base.edges.filter((edge) => !removed.includes(edge)), ...added])).toEqual(seen)
      }),
    )
  })
})

const kinds = (operations: readonly EdgeOperation[]) => operations.map(({ kind, edge }) => `${kind} ${edge}`)

it('a new parent takes the place of the old one in one step, and taking away comes first', () => {
  const before = { ...NO_RELATIONS, edges: sorted(['parent:task/1/1', 'blocked-by:task/1/2']) }
  expect(kinds(edgeOperations(before, ['blocked-by:task/1/3', 'parent:task/1/4']))).toEqual([
    'remove-edge blocked-by:task/1/2',
    'add-edge blocked-by:task/1/3',
    'add-edge parent:task/1/4',
  ])
})

it('nothing is done where nobody has looked yet', () => {
  expect(edgeOperations(undefined, ['parent:task/1/1'])).toEqual([])
})

it('edges of before the task to what is no task are nobody’s change, and are left alone', () => {
  const base = { ...NO_RELATIONS, theirs: sorted(['parent:task/1/9']) }
  expect(compareEdges(base, ['parent:task/1/9'])).toEqual({ added: [], removed: [] })
  expect(edgeOperations(base, [])).toEqual([])
})

it('a task wants its parent and all that it depends on, done or not, and of other repositories too', () => {
  const task = aTask({
    details: { parent: { stream: 'task/1/7', key: 'DEV-7' } },
    dependsOn: [
      { stream: 'task/1/3', key: 'DEV-3' },
      { stream: 'task/8/3', key: 'OTH-3', repository: 'acme/other' },
    ],
    waitsFor: ['task/1/3'],
  })
  expect(desiredEdges(task)).toEqual(['blocked-by:task/1/3', 'blocked-by:task/8/3', 'parent:task/1/7'])
})

describe('who did it', () => {
  const event = (id: string, change: EdgeEvent['change'], edge: EdgeKey = 'blocked-by:task/1/3'): EdgeEvent => ({
    id,
    change,
    edge,
    by: { kind: 'user', id: 'bob' },
    at: 1,
  })
  const added = { added: ['blocked-by:task/1/3'], removed: [] } as const

  it('is told by the newest event of that very edge', () => {
    const events = [
      event('1', 'added'),
      event('2', 'removed'),
      event('3', 'added'),
      event('4', 'added', 'parent:task/1/3'),
    ]
    expect(explainEdges(added, events)).toMatchObject([{ id: '3' }])
  })

  it('is not known while the newest event says otherwise, or none is there', () => {
    expect(explainEdges(added, [event('1', 'added'), event('2', 'removed')])).toEqual([])
    expect(explainEdges(added, [])).toEqual([])
  })
})
