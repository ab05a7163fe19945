/** Waves, the longest way and what is released, against the plainest way to find them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { criticalPath } from '../../../app/domain/dependency/critical-path.ts'
import { releasedBy } from '../../../app/domain/dependency/released-by.ts'
import { MOST_BOXES, renderGraph, renderMermaid } from '../../../app/domain/dependency/render-graph.ts'
import { waitsFor, type GraphTask } from '../../../app/domain/dependency/task-graph.ts'
import { wavesOf } from '../../../app/domain/dependency/waves.ts'

const stream = (n: number): StreamId => `task/7/${n}`

const node = (n: number, over: Partial<GraphTask> = {}): GraphTask => ({
  stream: stream(n),
  key: `DEV-${n}`,
  status: 'ready',
  isOpen: true,
  repository: null,
  durationMs: 1,
  dependsOn: [],
  ...over,
})

const on = (n: number, waits = true) => ({ on: stream(n), waits })

/** Acyclic; some tasks are closed, some edges lead out of the graph. */
const graphs = fc
  .array(
    fc.record({
      isOpen: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
      durationMs: fc.integer({ min: 1, max: 9 }),
      below: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), {
        maxLength: 3,
        selector: ([back]) => back,
      }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((rows) =>
    rows.map(({ isOpen, durationMs, below }, n) =>
      node(n, {
        isOpen,
        status: isOpen ? 'ready' : 'done',
        durationMs,
        dependsOn: below.map(([back, waits]) => ({ on: stream(n - back), waits })),
      }),
    ),
  )

const find = (tasks: readonly GraphTask[], at: StreamId) => tasks.find((task) => task.stream === at)

const isHeld = (tasks: readonly GraphTask[], task: GraphTask): boolean =>
  waitsFor(task).some((at) => {
    const other = find(tasks, at)
    return other === undefined || !other.isOpen || isHeld(tasks, other)
  })

const longest = (tasks: readonly GraphTask[], task: GraphTask): number =>
  task.durationMs +
  Math.max(
    0,
    ...waitsFor(task).map((at) => {
      const other = find(tasks, at)
      return other === undefined ? 0 : longest(tasks, other)
    }),
  )

describe('waves', () => {
  it('put every open task behind all it waits for, as early as they can, and hold exactly what cannot come', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const { waves, held } = wavesOf(tasks)
        const at = new Map(waves.flatMap((wave, n) => wave.map((task) => [task.stream, n] as const)))
        expect(at.size + held.length).toBe(tasks.filter(({ isOpen }) => isOpen).length)
        for (const task of tasks.filter(({ isOpen }) => isOpen)) {
          expect(held.includes(task)).toBe(isHeld(tasks, task))
          if (held.includes(task)) continue
          const before = waitsFor(task).map((other) => at.get(other) ?? Number.NaN)
          expect(at.get(task.stream)).toBe(1 + Math.max(-1, ...before))
        }
      }),
    )
  })
})

describe('the longest way', () => {
  it('takes as long as the longest of all chains, and is one', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const possible = tasks.filter((task) => task.isOpen && !isHeld(tasks, task))
        const path = criticalPath(tasks)
        expect(path.durationMs).toBe(Math.max(0, ...possible.map((task) => longest(tasks, task))))
        expect(path.tasks.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(path.durationMs)
        for (const [n, task] of path.tasks.slice(1).entries()) {
          expect(waitsFor(task)).toContain(path.tasks[n]?.stream)
        }
      }),
    )
  })
})

describe('what a task releases', () => {
  it('are the tasks that no other one holds back: they are in the first wave once it is done', () => {
    fc.assert(
      fc.property(graphs, fc.nat(8), (tasks, n) => {
        const done = stream(n)
        const after = tasks.map((task) => ({
          ...task,
          isOpen: task.isOpen && task.stream !== done,
          dependsOn: task.dependsOn.map((edge) => ({ ...edge, waits: edge.waits && edge.on !== done })),
        }))
        const first = (all: readonly GraphTask[]) => new Set((wavesOf(all).waves[0] ?? []).map((task) => task.stream))
        const before = first(tasks)
        const added = [...first(after)].filter((at) => !before.has(at))
        expect(new Set(releasedBy(tasks, done).map((task) => task.stream))).toEqual(new Set(added))
      }),
    )
  })
})

describe('a graph for people', () => {
  it('is drawn, and says the same in words', () => {
    const tasks = [
      node(1, { dependsOn: [on(2), on(3, false)] }),
      node(2),
      node(3, { status: 'done', isOpen: false }),
      node(4, { dependsOn: [on(1)] }),
      node(5, { dependsOn: [on(6)] }),
      node(6, { status: 'failed', isOpen: false }),
    ]
    expect(renderGraph({ focus: stream(1), tasks, isCut: false })).toMatchInlineSnapshot(`
      "\`\`\`mermaid
      graph LR
        t0["DEV-1"]:::open
        t1["DEV-2"]:::open
        t2["DEV-3"]:::done
        t3["DEV-4"]:::open
        t4["DEV-5"]:::open
        t5["DEV-6"]:::ended
        t1 --> t0
        t2 -.-> t0
        t0 --> t3
        t5 --> t4
        style t0 stroke-width: 4px
        classDef open stroke-dasharray: 4
        classDef done stroke-width: 2
        classDef ended fill: #8882
      \`\`\`

      **In order**, side by side within a step:

      1. DEV-2
      2. DEV-1
      3. DEV-4

      **Longest way**: DEV-2 → DEV-1 → DEV-4

      **Released by it**: DEV-4

      **Held** by what will not be done by itself: DEV-5"
    `)
  })

  it('is folded above its limit, and edges to what is not drawn are left out', () => {
    const many = Array.from({ length: MOST_BOXES + 7 }, (_, n) =>
      node(n, { dependsOn: n === 0 ? [on(MOST_BOXES + 1)] : [] }),
    )
    const drawn = renderMermaid({ focus: stream(0), tasks: many, isCut: false })
    expect(drawn.match(/:::open/g)).toHaveLength(MOST_BOXES)
    expect(drawn).toContain('more["and 7 more"]')
    expect(drawn).not.toContain('undefined')
  })

  it('holds nothing of a key that is code', () => {
    const tasks = [node(1, { key: 'DEV-1"] --> evil["@everyone' }), node(2, { dependsOn: [on(1)] })]
    expect(renderGraph({ focus: stream(1), tasks, isCut: false })).not.toMatch(/@|evil\[/)
  })
})
