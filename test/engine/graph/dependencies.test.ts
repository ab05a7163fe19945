/** Dependencies over all projects of a workspace: what is refused, and who is told when a task ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import type { EdgePair } from '../../../app/domain/dependency/levels.ts'
import { graphViews } from '../../../app/domain/dependency/graph-views.ts'
import { fold } from '../../../app/engine/fold.ts'
import { graphOf } from '../../../app/engine/graph-of.ts'
import { givenProjects, here, keyOf, there } from './given-projects.ts'

const NODES: readonly StreamId[] = [here(1), there(1), here(2), there(2), here(3), there(3)]

const reaches = (edges: readonly EdgePair[], from: string, to: string): boolean =>
  from === to || edges.some(([a, b]) => a === from && reaches(edges, b, to))

const step = fc.tuple(fc.boolean(), fc.constantFrom(...NODES), fc.constantFrom(...NODES))

describe('a dependency', () => {
  it('is refused exactly when it would close a circle, with the circle, whatever was added and dropped before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        const { make, depend, drop, store } = await givenProjects()
        await make(...NODES)
        let edges: readonly EdgePair[] = []
        for (const [adds, from, on] of steps) {
          const isEdge = edges.some(([a, b]) => a === from && b === on)
          if (!adds) {
            expect((await drop(from, on)).outcome.ok).toBe(isEdge)
            edges = edges.filter(([a, b]) => a !== from || b !== on)
            continue
          }
          const { outcome } = await depend(from, on)
          const closes = !isEdge && reaches(edges, on, from)
          expect(outcome.ok).toBe(!closes)
          if (!closes) {
            if (!isEdge) edges = [...edges, [from, on]]
          } else if (!outcome.ok && outcome.rejection.code === 'dependency-cycle') {
            const { path } = outcome.rejection
            expect([path[0], path[1], path.at(-1)]).toEqual([keyOf(from), keyOf(on), keyOf(from)])
            const known = new Set(
              [...edges, [from, on] as EdgePair].map(([a, b]) => `${keyOf(a as StreamId)} ${keyOf(b as StreamId)}`),
            )
            for (const [n, key] of path.slice(1).entries()) expect(known).toContain(`${path[n]} ${key}`)
          } else expect(from).toBe(on)
        }
        expect(await store.log.rebuild(fold)).toBe(0)
      }),
      { numRuns: 10 },
    )
  })

  it('on a task of another project is settled when that is done, and waited for again when it is reopened', async () => {
    const { make, depend, ask, tell, taskAt } = await givenProjects()
    await make(here(1), there(5))
    await depend(here(1), there(5))
    expect((await taskAt(here(1))).status).toBe('waiting')
    await ask(there(5), { type: 'complete-task', reason: 'merged' })
    await tell()
    expect(await taskAt(here(1))).toMatchObject({ status: 'ready', waitsFor: [] })
    await ask(there(5), { type: 'reopen-task', reason: 'it came back' })
    await tell()
    expect(await taskAt(here(1))).toMatchObject({ status: 'waiting', waitsFor: [there(5)] })
  })

  it('that fails, is dropped, is retried and is done, as the policy says each time', async () => {
    const { make, depend, ask, tell, taskAt } = await givenProjects()
    await make(here(1), here(2), there(5))
    await depend(here(1), there(5), 'drop')
    await depend(here(2), there(5))
    await ask(there(5), { type: 'fail-task', reason: 'hopeless' })
    await tell()
    expect((await taskAt(here(1))).status).toBe('ready')
    expect(await taskAt(here(2))).toMatchObject({ status: 'waiting', dependsOn: [{ ended: 'failed' }] })
    await ask(there(5), { type: 'retry-task' })
    await tell()
    expect((await taskAt(here(1))).status).toBe('waiting')
    expect((await taskAt(here(2))).dependsOn[0]).not.toHaveProperty('ended')
    await ask(there(5), { type: 'complete-task', reason: 'merged' })
    await tell()
    expect([(await taskAt(here(1))).status, (await taskAt(here(2))).status]).toEqual(['ready', 'ready'])
  })

  it('is not waited for for ever when the other task ends while the dependency is written', async () => {
    const { engine, make, depend, ask, tell, taskAt } = await givenProjects()
    await make(here(1), here(2))
    const { log } = engine.store
    const append = log.append.bind(log)
    let isFirst = true
    Object.assign(log, {
      append: async (...batch: Parameters<typeof append>) => {
        if (!isFirst) return append(...batch)
        isFirst = false
        await ask(here(2), { type: 'complete-task', reason: 'merged' })
        await tell()
        return append(...batch)
      },
    })
    await depend(here(1), here(2))
    expect((await taskAt(here(1))).status).toBe('waiting')
    await tell()
    expect((await taskAt(here(1))).status).toBe('ready')
  })

  it('dropped and added again to a task that was done in between is settled at once', async () => {
    const { make, depend, drop, ask, tell, taskAt } = await givenProjects()
    await make(here(1), here(2))
    await depend(here(1), here(2))
    await ask(here(2), { type: 'complete-task', reason: 'merged' })
    await tell()
    await drop(here(1), here(2))
    await depend(here(1), here(2))
    await tell()
    expect(await taskAt(here(1))).toMatchObject({ status: 'ready', waitsFor: [] })
  })
})

describe('the graph around a task', () => {
  it('goes both ways over all tasks of the project, and to those of others only where they are waited for', async () => {
    const { make, depend, store } = await givenProjects()
    await make(here(1), here(2), here(3), here(9), there(1), there(2), there(3))
    await depend(here(1), here(2))
    await depend(here(3), here(1))
    await depend(here(2), there(1))
    await depend(there(1), there(2))
    await depend(there(3), here(3))
    const graph = await graphOf(store, here(1))
    expect(graph === null ? null : graphViews(graph)).toEqual({
      task: 'DEV-1',
      tasks: [
        { key: 'DEV-1', status: 'waiting', open: true },
        { key: 'DEV-2', status: 'waiting', open: true },
        { key: 'DEV-3', status: 'waiting', open: true },
        { key: 'OPS-1', status: null, open: true },
      ],
      edges: [
        { task: 'DEV-1', on: 'DEV-2', waits: true },
        { task: 'DEV-2', on: 'OPS-1', waits: true },
        { task: 'DEV-3', on: 'DEV-1', waits: true },
      ],
      waves: [['OPS-1'], ['DEV-2'], ['DEV-1'], ['DEV-3']],
      held: [],
      critical_path: { tasks: ['OPS-1', 'DEV-2', 'DEV-1', 'DEV-3'], duration_ms: 4 },
      releases: ['DEV-3'],
      more: false,
    })
    expect(await graphOf(store, here(77))).toBeNull()
  })
})
