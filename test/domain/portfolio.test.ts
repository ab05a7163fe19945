/** Portfolios: what is summed, what is only counted, and how it reads. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOTHING } from '../../app/domain/budget/books.ts'
import { rollUp, type Standing } from '../../app/domain/hierarchy/roll-up.ts'
import { findGroup, type Portfolio } from '../../app/domain/portfolio/groups.ts'
import { doneOf, sumOf } from '../../app/domain/portfolio/portfolio-words.ts'
import { renderPortfolio } from '../../app/domain/portfolio/render-portfolio.ts'
import { NO_FIGURES, rollUpPortfolio, totalsOf, type Figures } from '../../app/domain/portfolio/roll-up.ts'
import { TASK_STATUSES, type Task, type TaskStatus } from '../../app/domain/task/state.ts'

const TOOLS: Portfolio = {
  name: 'Tools',
  programs: [
    { name: 'Core', projects: ['acme/widgets', 'acme/secret'] },
    { name: 'Dark', projects: ['acme/hidden'] },
    { name: 'Docs', projects: ['acme/docs'] },
  ],
}

const FIGURES: Figures = {
  standing: { ready: 1, done: 1, canceled: 1 },
  spent: { microUsd: 4_200_000, tokens: 12_000 },
  reserved: { microUsd: 1_000_000, tokens: 0 },
}

const isOpen = (name: string): Figures | null =>
  name === 'acme/widgets' ? FIGURES : name === 'acme/docs' ? NO_FIGURES : null

const rolledUp = (portfolio: Portfolio, figuresOf = isOpen) => rollUpPortfolio(portfolio, figuresOf) ?? expect.fail()

const statuses = fc.array(fc.constantFrom(...TASK_STATUSES), { maxLength: 12 })
const amounts = fc.record({ microUsd: fc.nat(), tokens: fc.nat() })

const standingOf = (all: readonly TaskStatus[]): Standing =>
  Object.fromEntries([...Map.groupBy(all, (status) => status)].map(([status, of]) => [status, of.length]))

describe('what projects come to', () => {
  it('is for their tasks together what the roll-up of the same tasks is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(statuses, amounts, amounts), { maxLength: 5 }), (projects) => {
        const all = totalsOf(
          projects.map(([tasks, spent, reserved]) => ({ standing: standingOf(tasks), spent, reserved })),
        )
        const tasks = projects.flatMap(([of]) => of.map((status) => ({ status, attempts: [] }) as unknown as Task))
        const whole = { status: 'backlog', attempts: [] } as unknown as Task
        const { parts, byStatus, done, open, wanted, percent } = rollUp(whole, tasks)
        expect(all).toMatchObject({ tasks: parts, standing: byStatus, done, open, wanted, percent })
        const sum = (figures: readonly number[]): number => figures.reduce((total, one) => total + one, 0)
        expect(all.spent.microUsd).toBe(sum(projects.map(([, spent]) => spent.microUsd)))
        expect(all.spent.tokens).toBe(sum(projects.map(([, spent]) => spent.tokens)))
        expect(all.reserved.microUsd).toBe(sum(projects.map(([, , reserved]) => reserved.microUsd)))
        expect(all.reserved.tokens).toBe(sum(projects.map(([, , reserved]) => reserved.tokens)))
      }),
    )
  })

  it('leaves out what may not be shown, and counts it', () => {
    const portfolio = rolledUp(TOOLS)
    expect(portfolio).toMatchObject({
      hidden: 2,
      programs: [
        { name: 'Core', hidden: 1, projects: [{ repository: 'acme/widgets', tasks: 3, percent: 50 }] },
        { name: 'Docs', hidden: 0, projects: [{ repository: 'acme/docs', tasks: 0, percent: null }] },
      ],
      total: { tasks: 3, spent: FIGURES.spent },
    })
    expect(JSON.stringify(portfolio)).not.toMatch(/secret|hidden"?:"|Dark/)
    expect(rollUpPortfolio(TOOLS, () => null)).toBeNull()
  })

  it('of a program is asked for by its name, in any case', () => {
    expect(findGroup([TOOLS], 'tools')).toEqual({ portfolio: TOOLS, program: null })
    expect(findGroup([TOOLS], 'DOCS')?.portfolio.programs.map(({ name }) => name)).toEqual(['Docs'])
    expect(findGroup([TOOLS], 'Doc')).toBeNull()
  })
})

describe('a portfolio reads', () => {
  it('as a sum and a table, with what is only counted', () => {
    expect(renderPortfolio(rolledUp(TOOLS), null, 'ask')).toMatchInlineSnapshot(`
      "### Tools: 1 of 2 tasks done (50 %); $4.20 and 12,000 tokens spent, $1.00 reserved

      <details open>
      <summary>2 programs, 2 projects and 2 more that not everybody here may see</summary>

      | | done | not done | spent | reserved |
      |---|---|---|--:|--:|
      | **Core** | | | | |
      | acme/widgets | 1 of 2 (50 %) | 1 ready, 1 canceled | $4.20, 12,000 tokens | $1.00 |
      | _and 1 more that not everybody here may see_ | | | | |
      | **Docs** | | | | |
      | acme/docs | no task yet |  |  |  |

      Figures are of the projects shown here.

      </details>"
    `)
    expect(
      renderPortfolio(rolledUp({ name: 'One', programs: [{ name: 'P', projects: ['acme/docs'] }] }), 'P', 'ask'),
    ).toMatch(/^### One › P: no task yet\n/)
  })

  it('of one program without naming it twice', () => {
    const core = { ...TOOLS, programs: TOOLS.programs.slice(0, 1) }
    const text = renderPortfolio(rolledUp(core), 'Core', 'ask')
    expect(text).toContain('### Tools › Core: 1 of 2 tasks done')
    expect(text).toContain('<summary>1 project and 1 more that')
    expect(text.match(/Core/g)).toHaveLength(1)
  })

  it('without doing what names of others would do', () => {
    const name = '@alice | closes #1 <img src=x>'
    const nasty = { name, programs: [{ name: `${name}!`, projects: ['acme/docs'] }] }
    const text = renderPortfolio(rolledUp(nasty), null, 'ask')
    expect(text).not.toMatch(/@alice|closes #1|<img/)
    expect(
      text
        .split('\n')
        .find((line) => line.startsWith('| **'))
        ?.match(/(?<!\\)\|/g),
    ).toHaveLength(6)
  })

  it('within a comment, however many projects it has', () => {
    const named = (program: string, n: number) => `acme/${program}-${'x'.repeat(90)}-${n}`
    const program = (name: string) => ({ name, projects: Array.from({ length: 250 }, (_, n) => named(name, n)) })
    const full = (): Figures => ({ ...FIGURES, standing: Object.fromEntries(TASK_STATUSES.map((one) => [one, 9])) })
    const all = renderPortfolio(
      rolledUp({ name: 'All', programs: [program('a'), program('b')] }, full),
      null,
      'ask for one',
    )
    expect(all.length).toBeLessThan(15_000)
    expect(all).toContain('| **b** | 2250 of 22500')
    expect(all).toContain('Not listed for want of room: 500 projects; ask for one.')
    const one = renderPortfolio(rolledUp({ name: 'All', programs: [program('a')] }, full), 'a', 'ask for one')
    expect(one.length).toBeLessThan(15_000)
    const [, left] = /want of room: (\d+) projects/.exec(one) ?? []
    expect(one.match(/^\| acme\//gm)).toHaveLength(250 - Number(left))
    expect(one.endsWith('</details>')).toBe(true)
  })
})

it('says a number and a percentage of the same tasks', () => {
  fc.assert(
    fc.property(statuses, (of) => {
      const totals = totalsOf([{ ...NO_FIGURES, standing: standingOf(of) }])
      const [, done, among, percent] = /^(\d+) of (\d+) \((\d+) %\)$/.exec(doneOf(totals)) ?? []
      const isAny = of.some((status) => status !== 'canceled')
      expect(among !== undefined).toBe(isAny)
      if (!isAny) expect(doneOf(totals)).toBe(of.length === 0 ? 'no task yet' : 'all canceled')
      else expect(Number(percent)).toBe(Math.floor((Number(done) * 100) / Number(among)))
      expect(
        sumOf(totals).startsWith(
          isAny ? `${done} of ${among} task` : of.length === 0 ? 'no task' : `${of.length} task`,
        ),
      ).toBe(true)
    }),
  )
})

it('nothing is nothing', () => {
  expect(totalsOf([])).toEqual({
    tasks: 0,
    wanted: 0,
    standing: {},
    done: 0,
    open: 0,
    percent: null,
    spent: NOTHING,
    reserved: NOTHING,
  })
})
