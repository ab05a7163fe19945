/** Parts of tasks over a real store: no rule is broken by whoever is faster. */
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../app/engine/parts-of.ts'
import { givenProjects, here, there } from './given-projects.ts'

const code = ({
  outcome,
}: {
  readonly outcome: { readonly ok: boolean; readonly rejection?: { readonly code: string } }
}) => (outcome.ok ? 'ok' : outcome.rejection?.code)

describe('a parent', () => {
  it('has its parts at every level and of every project', async () => {
    const { make, parent, store } = await givenProjects()
    await make(here(1), here(2), here(3), there(1))
    await parent(here(2), here(1))
    await parent(there(1), here(2))
    await parent(here(3), there(1))
    const streams = (await partsOf(store, here(1))).parts.map(({ stream }) => stream)
    expect(new Set(streams)).toEqual(new Set([here(2), here(3), there(1)]))
    await parent(there(1), null)
    expect((await partsOf(store, here(1))).parts).toHaveLength(1)
  })

  it('is never a part of its own part, also when both are said at once', async () => {
    const { make, parent } = await givenProjects()
    for (let n = 1; n < 40; n += 2) {
      await make(here(n), there(n))
      const both = await Promise.all([parent(here(n), there(n)), parent(there(n), here(n))])
      expect(new Set(both.map(code))).toEqual(new Set(['ok', 'parent-cycle']))
    }
  })

  it('stands eight levels deep at most, counted from both sides', async () => {
    const { make, parent } = await givenProjects()
    const tasks = Array.from({ length: 10 }, (_, n) => here(n + 1))
    await make(...tasks)
    for (let n = 1; n < 9; n += 1) expect(code(await parent(here(n + 1), here(n)))).toBe('ok')
    expect(code(await parent(here(10), here(9)))).toBe('too-deep')
    expect(code(await parent(here(1), here(10)))).toBe('too-deep')
    expect(code(await parent(here(10), here(8)))).toBe('ok')
    expect(code(await parent(here(1), here(9)))).toBe('parent-cycle')
  })

  it('has a hundred parts at most, also when more come at once', async () => {
    const { make, parent, store } = await givenProjects()
    const children = Array.from({ length: 104 }, (_, n) => here(n + 2))
    await make(here(1), ...children)
    for (const child of children.slice(0, 97)) await parent(child, here(1))
    const last = await Promise.all(children.slice(97).map((child) => parent(child, here(1))))
    expect(last.map(code).filter((one) => one === 'ok')).toHaveLength(3)
    expect(last.map(code).filter((one) => one === 'too-many-children')).toHaveLength(4)
    expect(await store.graph.children([here(1)])).toHaveLength(100)
  })
})
