import { describe, expect, it } from 'vitest'
import type { PersonChange } from '../../../../app/engine/person-change.ts'
import type { EdgeEvent } from '../../../../app/outbound/github/relations/edge-events.ts'
import { NO_RELATIONS, parseEdge, type EdgeKey } from '../../../../app/outbound/github/relations/edges.ts'
import { adoptEdges, reactToEdges, type EdgeContext } from '../../../../app/outbound/github/relations/react-edges.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { aTask } from '../task-fixture.ts'

const NOW = 1_000_000
const ON_3 = 'blocked-by:task/1/3'
const ON_4 = 'blocked-by:task/1/4'
const UNDER_7 = 'parent:task/1/7'
const UNDER_8 = 'parent:task/1/8'
const ISSUES: ReadonlySet<string> = new Set(['task/1/3', 'task/1/4', 'task/1/7', 'task/1/8'])

const seen = (...edges: readonly EdgeKey[]) => ({
  edges: edges.map((edge) => ({
    edge,
    nodeId: `I_${edge}`,
    repository: 'acme/widgets',
    repositoryId: 1,
    number: Number(edge.split('/')[2]),
  })),
  hidden: [],
})

const done = (change: EdgeEvent['change'], edge: EdgeKey, more: Partial<EdgeEvent> = {}): EdgeEvent => ({
  id: `${change} ${edge}`,
  change,
  edge,
  by: { kind: 'user', id: 'bob' },
  at: NOW - 1,
  ...more,
})

const given = (
  more: Partial<EdgeContext> & { events?: readonly EdgeEvent[]; wanted?: readonly EdgeKey[]; explain?: string } = {},
) => {
  const changes: string[] = []
  const { events = [], wanted = [], explain = null, ...rest } = more
  let reads = 0
  const context: EdgeContext = {
    now: NOW,
    fresh: false,
    retry: false,
    isOurs: ({ id }) => id === 'muster[bot]',
    isTask: async (stream) => ISSUES.has(stream),
    learnId: async () => {},
    readEdgeEvents: async () => {
      reads += 1
      return events
    },
    wantedEdges: async () => wanted,
    onPersonChange: async (change: PersonChange) => {
      if (change.field === 'edge') changes.push(`${change.change} ${change.kind}:${change.to} by ${change.by.id}`)
      return { explain }
    },
    ...rest,
  }
  return { context, changes, reads: () => reads }
}

const known = (...edges: readonly EdgeKey[]) => ({ ...NO_RELATIONS, edges })

describe('edges that people draw', () => {
  it('are handed over once, with GitHub’s own event', async () => {
    const { context, changes } = given({ events: [done('added', ON_3)], wanted: [ON_3] })
    const first = await reactToEdges(aTask(), known(), seen(ON_3), [], context)
    expect(first).toEqual({ relations: known(ON_3), lines: [], putBack: [], again: null })
    await reactToEdges(aTask(), first.relations, seen(ON_3), [], context)
    expect(changes).toEqual([`added ${ON_3} by bob`])
  })

  it('are put back with one line when they are refused', async () => {
    const { context } = given({ events: [done('added', ON_3)], explain: 'No.' })
    const reaction = await reactToEdges(aTask(), known(), seen(ON_3), [], context)
    expect(reaction).toMatchObject({
      relations: known(ON_3),
      lines: [{ text: 'No.', over: 'dependencies' }],
      putBack: ['dependencies'],
    })
  })

  it('are refused without a word while people know of the quarrel', async () => {
    const { context } = given({ events: [done('added', ON_3)], explain: 'No.' })
    const reaction = await reactToEdges(aTask(), known(), seen(ON_3), ['dependencies'], context)
    expect(reaction).toMatchObject({ lines: [], putBack: ['dependencies'] })
  })

  it('are one change where a parent takes the place of another', async () => {
    const events = [done('removed', UNDER_7), done('added', UNDER_8)]
    const { context, changes } = given({ events, wanted: [UNDER_8] })
    const { relations, putBack } = await reactToEdges(aTask(), known(UNDER_7), seen(UNDER_8), [], context)
    expect(changes).toEqual([`added ${UNDER_8} by bob`])
    expect([relations, putBack]).toEqual([known(UNDER_8), []])
  })

  it('are removals before additions', async () => {
    const events = [done('added', ON_4), done('removed', ON_3)]
    const { context, changes } = given({ events, wanted: [ON_4] })
    await reactToEdges(aTask(), known(ON_3), seen(ON_4), [], context)
    expect(changes).toEqual([`removed ${ON_3} by bob`, `added ${ON_4} by bob`])
  })
})

describe('what is no person’s change', () => {
  it('asks nothing of GitHub where the edges are as we left them', async () => {
    const { context, reads } = given()
    await reactToEdges(aTask(), known(ON_3), seen(ON_3), [], context)
    expect(reads()).toBe(0)
  })

  it('is our own, also when our note of it was lost', async () => {
    const events = [done('added', ON_3, { by: { kind: 'bot', id: 'muster[bot]' } })]
    const { context, changes } = given({ events, wanted: [ON_3], fresh: true })
    const { relations, again } = await reactToEdges(aTask(), known(), seen(ON_3), [], context)
    expect([changes, relations, again]).toEqual([[], known(ON_3), null])
  })

  it('is GitHub’s past: looked at again, each edge by itself', async () => {
    const { context, changes } = given({ events: [done('added', ON_4)], wanted: [ON_3, ON_4], fresh: true })
    const { relations, putBack, again } = await reactToEdges(aTask(), known(ON_3), seen(ON_4), [], context)
    expect(changes).toEqual([`added ${ON_4} by bob`])
    expect([relations?.edges, putBack, again]).toEqual([[ON_3, ON_4], [], NOW + SETTLE_MS])
  })

  it('is put back when it is still so later, though nobody knows who did it', async () => {
    const { context, changes } = given({ wanted: [ON_3] })
    const { relations, putBack } = await reactToEdges(aTask(), known(ON_3), seen(), [], context)
    expect([changes, relations, putBack]).toEqual([[], known(), ['dependencies']])
  })

  it('is what GitHub did not show', async () => {
    const { context, changes } = given({ events: [done('added', ON_4)], wanted: [ON_4] })
    const hidden = { ...seen(ON_4), hidden: ['parent'] as const }
    const { relations, putBack } = await reactToEdges(aTask(), known(UNDER_7), hidden, [], context)
    expect([relations, putBack]).toEqual([known(ON_4, UNDER_7), []])
    const theirs = { ...known(), theirs: ['parent:task/1/99'] as const }
    const nothing = { edges: [], hidden: ['parent'] as const }
    expect((await reactToEdges(aTask(), theirs, nothing, [], context)).relations).toEqual(theirs)
    expect(changes).toEqual([`added ${ON_4} by bob`])
  })
})

describe('the first look at an issue', () => {
  it('takes what people drew before for their word, and leaves what is no task alone', async () => {
    const epic = 'parent:task/1/99'
    const { context, changes } = given({ events: [done('added', ON_3), done('added', epic)], wanted: [ON_3] })
    const { relations, putBack } = await reactToEdges(aTask(), undefined, seen(ON_3, epic), [], context)
    expect(changes).toEqual([`added ${ON_3} by bob`])
    expect([relations, putBack]).toEqual([{ ...known(ON_3), theirs: [epic] }, []])
  })

  it('hands such an edge over once a task stands at its other end', async () => {
    const before = { ...NO_RELATIONS, theirs: [ON_3] as const }
    const { context, changes } = given({ events: [done('added', ON_3)], wanted: [ON_3] })
    const { relations } = await reactToEdges(aTask(), before, seen(ON_3), [], context)
    expect([changes, relations]).toEqual([[`added ${ON_3} by bob`], known(ON_3)])
  })

  it('after everything was forgotten lets the log win once, and lists what that changes', async () => {
    const { context, changes } = given({ wanted: [ON_3, UNDER_7] })
    const epic = 'blocked-by:task/1/99'
    const task = aTask({ dependsOn: [{ stream: 'task/1/3', key: 'DEV-3' }] })
    const { relations, lines } = await adoptEdges(task, seen(ON_4, UNDER_7, epic), context)
    expect(relations).toEqual({ ...known(ON_4, UNDER_7), theirs: [epic] })
    expect(lines.map(({ text }) => text)).toEqual([
      expect.stringContaining('taken away: blocked by #4; put there: blocked by #3.'),
    ])
    expect((await adoptEdges(task, seen(ON_3, UNDER_7), context)).lines).toEqual([])
    expect(changes).toEqual([])
  })
})

describe('what GitHub would not take', () => {
  const task = aTask({ dependsOn: [{ stream: 'task/8/3', key: 'OTH-3', repository: 'acme/other' }] })
  const edge = 'blocked-by:task/8/3'

  it('is told once it is certain, and once', async () => {
    const before = { ...known(), unheld: [edge] as const }
    const fresh = given({ wanted: [edge], fresh: true })
    const early = await reactToEdges(task, before, seen(), [], fresh.context)
    expect([early.lines, early.relations]).toEqual([[], before])
    const { context } = given({ wanted: [edge] })
    const late = await reactToEdges(task, before, seen(), [], context)
    expect(late.lines.map(({ text }) => text)).toEqual([
      expect.stringContaining('blocked by acme/other#3. They hold in Muster'),
    ])
    expect(late).toMatchObject({ putBack: [], relations: { unheld: [edge], told: [edge] } })
    expect((await reactToEdges(task, late.relations, seen(), [], context)).lines).toEqual([])
  })

  it('is forgotten when it stands there after all, or is wanted no longer', async () => {
    const before = { ...known(), unheld: [edge] as const, told: [edge] as const }
    const own = done('added', edge, { by: { kind: 'bot', id: 'muster[bot]' } })
    const { context } = given({ wanted: [edge], events: [own] })
    expect((await reactToEdges(task, before, seen(edge), [], context)).relations).toEqual(known(edge))
    expect((await reactToEdges(aTask(), before, seen(), [], context)).relations).toEqual(known())
  })

  it('is asked for again in another life of the App, without another line', async () => {
    const before = { ...known(), unheld: [edge] as const, told: [edge] as const }
    const { context } = given({ wanted: [edge], retry: true })
    const { relations, lines } = await reactToEdges(task, before, seen(), [], context)
    expect([relations?.unheld, relations?.told, lines]).toEqual([[], [edge], []])
  })
})

it('an edge is read back from its name', () => {
  expect(parseEdge(ON_3)).toEqual({ kind: 'blocked-by', to: 'task/1/3' })
})
