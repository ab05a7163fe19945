/** Money in a task's life: reserved when it is claimed, settled when the attempt ends, held, corrected, overrun, warned of. */
import { describe, expect, it } from 'vitest'
import type { Book } from '../../../app/domain/budget/books.ts'
import { contributions, MOST_COUNTED } from '../../../app/domain/budget/contributions.ts'
import { signalsOf } from '../../../app/domain/task/signals.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { ALICE, CREATE, READY, claim, fail, given } from '../given.ts'
import { aDay, budgeted, DAY, facts, NONE, report, succeed, tokens, under, usd, USD } from './money.ts'

const START: TaskCommand = { type: 'start-attempt', fence: null }
const tick = (leaseUntil: number | null = 0): TaskCommand => ({ type: 'tick', leaseUntil })
const estimated = (amount: number): TaskCommand => ({
  type: 'update-task',
  changes: { estimate: { ...usd(amount), durationMs: null } },
})
const budget = (amount: number): TaskCommand => ({ type: 'update-task', changes: { budget: usd(amount) } })
const FIFTY_A_DAY = budgeted({ project: aDay(usd(50)) })
const LATER = 1_000_000 + 3_600_000

const row = (scope: string, period: string, spent: number, over: Partial<Book> = {}): Book => ({
  scope,
  period,
  reserved: { microUsd: 0, tokens: 0 },
  spent: { microUsd: spent, tokens: 0 },
  warned: 0,
  ...over,
})

const booked = (task: Task | null, scope: string, period: string) =>
  contributions(task as Task).find((book) => book.scope === scope && book.period === period)

describe('a claim', () => {
  it('reserves nothing where nothing is limited', () => {
    const { after } = given(...READY).when(claim('alice'), { budget: facts() })
    expect(after?.attempts[0]?.reservation).toBeUndefined()
    expect(contributions(after as Task)).toEqual([])
  })

  it('reserves the estimate in the day and month of the grant, for every scope', () => {
    const { after } = given(...READY, [estimated(5)]).when(claim('alice'), under(FIFTY_A_DAY))
    expect(after?.attempts[0]?.reservation).toEqual({
      microUsd: 5 * USD,
      tokens: null,
      day: DAY,
      month: '2026-11',
      timeZone: 'UTC',
      workspace: 'workspace/1',
      holdMs: 86_400_000,
    })
    expect(
      contributions(after as Task).map(({ scope, period, reserved }) => [scope, period, reserved.microUsd]),
    ).toEqual([
      ['agent/7/alice', '2026-11', 5 * USD],
      ['agent/7/alice', DAY, 5 * USD],
      ['agent/7/alice', 'total', 5 * USD],
      ['project/7', '2026-11', 5 * USD],
      ['project/7', DAY, 5 * USD],
      ['project/7', 'total', 5 * USD],
      ['task/7/12', 'total', 5 * USD],
      ['workspace/1', '2026-11', 5 * USD],
      ['workspace/1', DAY, 5 * USD],
    ])
  })

  it.each([
    ['its budget', [budget(7)], {}, NONE, 7],
    [
      'what its tier usually takes',
      [{ type: 'update-task', changes: { tier: 'medium' } }],
      { tiers: [{ name: 'medium', model: null, estimate: usd(3) }] },
      NONE,
      3,
    ],
    ['what the project’s work usually takes', [], {}, usd(2), 2],
    ['a plain guess', [], {}, NONE, 1],
  ] as const)('without an estimate reserves %s', (_what, changes, settings, usual, expected) => {
    const steps = changes.map((change) => [change] as const)
    const { after } = given(...READY, ...steps).when(
      claim('alice'),
      under(budgeted({ project: aDay(usd(50)) }, settings), facts([], usual)),
    )
    expect(after?.attempts[0]?.reservation?.microUsd).toBe(expected * USD)
  })

  it('reserves no more than can be counted for any number of tasks, whatever is declared', () => {
    const most = 999_999_999_999_999
    const asked: TaskCommand = { type: 'update-task', changes: { budget: tokens(most) } }
    const { after } = given(...READY, [asked]).when(claim('alice'), under(FIFTY_A_DAY))
    const reserved = after?.attempts[0]?.reservation?.tokens ?? 0
    expect(reserved).toBe(MOST_COUNTED)
    expect(Number.isSafeInteger(10_000 * reserved)).toBe(true)
  })

  it('cuts a guess down to what the task may still cost, never an estimate', () => {
    const small = budgeted({ task: usd(0.5) })
    given(...READY)
      .when(claim('alice'), under(small))
      .gives('lease-granted')
    given(...READY, [estimated(0.6)])
      .when(claim('alice'), under(small))
      .rejects('budget-exceeded')
  })

  it.each([
    [
      'the workspace',
      budgeted({ workspace: aDay(usd(9)) }),
      'workspace/1',
      DAY,
      { scope: 'workspace', period: 'day', resetsAt: 5_000_000 },
    ],
    [
      'the project for a month',
      budgeted({ project: { ...aDay(NONE), month: usd(9) } }),
      'project/7',
      '2026-11',
      { scope: 'project', period: 'month', resetsAt: 9_000_000 },
    ],
    [
      'the agent',
      budgeted({ agents: { alice: aDay(usd(9)) } }),
      'agent/7/alice',
      DAY,
      { scope: 'agent', agent: 'alice', period: 'day', resetsAt: 5_000_000 },
    ],
    [
      'the project in all',
      budgeted({ project: { ...aDay(NONE), total: usd(9) } }),
      'project/7',
      'total',
      { scope: 'project', period: 'total', resetsAt: null },
    ],
  ] as const)(
    'is refused when it would pass the budget of %s, and told by how much',
    (_who, settings, scope, period, told) => {
      const ready = given(...READY, [estimated(5)])
      ready
        .when(claim('alice'), under(settings, facts([row(scope, period, 4 * USD)])))
        .gives('lease-granted', 'budget-warned')
      const { decision } = ready.when(
        claim('alice'),
        under(settings, facts([row(scope, period, 1 * USD, { reserved: { microUsd: 3 * USD + 1, tokens: 0 } })])),
      )
      expect(decision).toMatchObject({
        ok: false,
        rejection: {
          code: 'budget-exceeded',
          limit: 9 * USD,
          spent: USD,
          reserved: 3 * USD + 1,
          asked: 5 * USD,
          ...told,
        },
      })
    },
  )

  it('is refused under a token limit just the same', () => {
    const settings = budgeted({ project: aDay(tokens(1_000)) })
    const asked: TaskCommand = { type: 'update-task', changes: { estimate: { ...tokens(1_001), durationMs: null } } }
    given(...READY, [asked])
      .when(claim('alice'), under(settings))
      .rejects('budget-exceeded')
  })

  it('is refused once the task’s own budget is used up', () => {
    given(
      ...READY,
      [budget(1)],
      [claim('alice'), under(FIFTY_A_DAY)],
      [START],
      [succeed(USD)],
      [{ type: 'retry-task' }],
    )
      .when(claim('alice'), under(FIFTY_A_DAY))
      .rejects('budget-exceeded')
  })
})

const CLAIMED = [...READY, [estimated(5)], [claim('alice'), under(FIFTY_A_DAY)], [START]] as const

describe('the end of an attempt', () => {
  it('settles at what it cost, on the day of its grant', () => {
    const after = given(...CLAIMED)
      .when(succeed(2 * USD), under(FIFTY_A_DAY, facts([], NONE, '2026-12-01')))
      .gives('attempt-measured', 'attempt-succeeded', 'budget-settled')
    expect(after.attempts[0]?.settled?.microUsd).toEqual({ amount: 2 * USD, basis: 'reported', trust: 'self' })
    expect(booked(after, 'project/7', DAY)).toMatchObject({ reserved: { microUsd: 0 }, spent: { microUsd: 2 * USD } })
    expect(booked(after, 'project/7', '2026-12-01')).toBeUndefined()
  })

  it.each([
    ['without a figure', fail()],
    ['with a zero after a long run', succeed(0)],
  ])('%s settles at the reservation', (_what, end) => {
    const { after } = given(...CLAIMED).when(end, under(FIFTY_A_DAY, facts(), LATER))
    expect(after?.attempts[0]?.settled?.microUsd).toEqual({ amount: 5 * USD, basis: 'reservation', trust: null })
  })

  it('settles a failure at what its holder says that it cost', () => {
    const { after } = given(...CLAIMED).when(fail({ costMicroUsd: 2 * USD }), under(FIFTY_A_DAY))
    expect(after?.attempts[0]?.settled?.microUsd).toEqual({ amount: 2 * USD, basis: 'reported', trust: 'self' })
  })

  it('costs nothing when it is given back at once, before the work began', () => {
    const release: TaskCommand = { type: 'release-task', fence: null, reason: 'mistake' }
    const { after } = given(...CLAIMED.slice(0, -1)).when(release, under(FIFTY_A_DAY))
    expect(after?.attempts[0]?.settled?.microUsd).toMatchObject({ amount: 0, basis: 'unused' })
    const late = given(...CLAIMED.slice(0, -1)).when(release, under(FIFTY_A_DAY, facts(), LATER))
    expect(late.after?.attempts[0]?.settled?.microUsd).toMatchObject({ amount: 5 * USD, basis: 'reservation' })
  })

  it('is priced by its tokens where the model has a price, and settles at the reservation where it has none', () => {
    const used = { total: 1_500_000, input: 1_000_000, output: 100_000, cacheRead: 400_000, cacheWrite: 0 }
    const ended = (model: string) =>
      given(...CLAIMED).when(report({ tokens: used, model }, { passed: true }), under(FIFTY_A_DAY)).after?.attempts[0]
        ?.settled
    expect(ended('gpt-5.4-2026-03-05')?.microUsd).toEqual({
      amount: 2_500_000 + 1_500_000 + 100_000,
      basis: 'priced',
      trust: 'ci',
    })
    expect(ended('gpt-5.4-nano')?.microUsd).toEqual({ amount: 5 * USD, basis: 'reservation', trust: null })
    expect(ended('gpt-5.4-nano')?.tokens).toEqual({ amount: 1_500_000, basis: 'reported', trust: 'ci' })
  })
})

describe('after a lease ran out', () => {
  const expired = given(...CLAIMED, [tick(), under(FIFTY_A_DAY)])

  it('the reservation is held', () => {
    expect(expired.task?.attempts[0]?.settled).toBeUndefined()
    expect(booked(expired.task, 'project/7', DAY)).toMatchObject({ reserved: { microUsd: 5 * USD } })
    expired.when(tick(null), under(FIFTY_A_DAY, facts(), LATER)).gives()
  })

  it('a late report settles it', () => {
    const after = expired
      .when(report({ costMicroUsd: 3 * USD }), under(FIFTY_A_DAY))
      .gives('attempt-measured', 'budget-settled')
    expect(booked(after, 'project/7', DAY)).toMatchObject({ reserved: { microUsd: 0 }, spent: { microUsd: 3 * USD } })
  })

  it('nobody reports: when the hold is over it is settled at the reservation', () => {
    const after = expired.when(tick(null), under(FIFTY_A_DAY, facts(), 1_000_000 + 86_400_000)).gives('budget-settled')
    expect(after.attempts[0]?.settled?.microUsd).toEqual({ amount: 5 * USD, basis: 'reservation', trust: null })
  })

  it('a report after that corrects it by a movement, once', () => {
    const over = [tick(null), under(FIFTY_A_DAY, facts(), 1_000_000 + 86_400_000)] as const
    const held = given(...CLAIMED, [tick(), under(FIFTY_A_DAY)], over)
    const after = held
      .when(report({ costMicroUsd: 3 * USD }), under(FIFTY_A_DAY))
      .gives('attempt-measured', 'budget-corrected')
    expect(booked(after, 'project/7', DAY)?.spent.microUsd).toBe(3 * USD)
    const twice = given(...CLAIMED, [tick(), under(FIFTY_A_DAY)], over, [
      report({ costMicroUsd: 3 * USD }),
      under(FIFTY_A_DAY),
    ])
    twice.when(report({ costMicroUsd: 3 * USD }), under(FIFTY_A_DAY)).gives('attempt-measured')
  })
})

describe('a correction', () => {
  it('comes from a figure that is believed at least as much', () => {
    const byCi = given(...CLAIMED, [report({ costMicroUsd: 3 * USD }, { passed: true }), under(FIFTY_A_DAY)])
    byCi.when(report({ costMicroUsd: 1, trust: 'self' }), under(FIFTY_A_DAY)).gives('attempt-measured')
    byCi
      .when(report({ costMicroUsd: 4 * USD, trust: 'platform' }), under(FIFTY_A_DAY))
      .gives('attempt-measured', 'budget-corrected')
  })
})

describe('an overrun', () => {
  const over = report({ costMicroUsd: 6 * USD })

  it('is recorded while the work goes on, counts at once and tells the holder to stop', () => {
    const after = given(...CLAIMED)
      .when(over, under(FIFTY_A_DAY))
      .gives('attempt-measured', 'budget-overrun')
    expect(booked(after, 'project/7', DAY)).toMatchObject({ reserved: { microUsd: 5 * USD }, spent: { microUsd: USD } })
    expect(signalsOf(after)).toEqual({ stop: { reason: 'the attempt is $1.00 above what was reserved for it' } })
    expect(signalsOf(given(...CLAIMED).task as Task)).toEqual({})
  })

  it('is recorded once, and again only when it has grown', () => {
    const once = given(...CLAIMED, [over, under(FIFTY_A_DAY)])
    once.when(over, under(FIFTY_A_DAY)).gives('attempt-measured')
    once.when(report({ costMicroUsd: 7 * USD }), under(FIFTY_A_DAY)).gives('attempt-measured', 'budget-overrun')
    const after = once.when(succeed(8 * USD), under(FIFTY_A_DAY)).after
    expect(after?.attempts[0]?.overrun).toEqual({ microUsd: 3 * USD, tokens: 0 })
    expect(booked(after, 'project/7', DAY)).toMatchObject({ reserved: { microUsd: 0 }, spent: { microUsd: 8 * USD } })
  })
})

describe('a budget of the task', () => {
  const taken: TaskCommand = { type: 'update-task', changes: { budget: null } }

  it('that is taken away leaves the configured limits alone standing, and what was reserved under it stands', () => {
    const was = given(...READY, [budget(3)], [claim('alice'), under(FIFTY_A_DAY)])
    const after = was.when(taken).gives('task-updated')
    expect(after.details).not.toHaveProperty('budget')
    expect(booked(after, 'project/7', DAY)?.reserved.microUsd).toBe(3 * USD)
    given(...READY, [budget(3)], [taken])
      .when(taken)
      .gives()
    const free = given(...READY, [budget(3)], [taken])
      .when(claim('alice'))
      .gives('lease-granted')
    expect(free.attempts[0]?.reservation).toBeUndefined()
  })

  it('no longer keeps a retry from being affordable', () => {
    const used = [...READY, [budget(3)], [claim('alice'), under(FIFTY_A_DAY)], [START]] as const
    const cost = fail({ costMicroUsd: 3 * USD })
    expect(given(...used).when(cost, under(FIFTY_A_DAY)).after?.status).toBe('needs_human')
    expect(given(...used, [taken]).when(cost, under(FIFTY_A_DAY)).after?.status).toBe('waiting')
  })
})

describe('people are warned', () => {
  const near = (warned: number) => facts([row('project/7', DAY, 35 * USD, { warned })])

  it('once for a scope and period, when the share of its limit is passed', () => {
    const ready = given(...READY, [estimated(5)])
    const after = ready.when(claim('alice'), under(FIFTY_A_DAY, near(0))).gives('lease-granted', 'budget-warned')
    expect(after.warnings).toEqual([
      { scope: 'project/7', period: DAY, unit: 'microUsd', limit: 50 * USD, total: 40 * USD },
    ])
    expect(booked(after, 'project/7', DAY)?.warned).toBe(1)
    ready.when(claim('alice'), under(FIFTY_A_DAY, near(1))).gives('lease-granted')
    ready.when(claim('alice'), under(FIFTY_A_DAY, facts())).gives('lease-granted')
  })
})

it('costs that were reported without a reservation count on the day of the attempt', () => {
  const log = given([CREATE], [{ type: 'ready-task' }], [claim('alice'), { actor: ALICE }], [succeed(2 * USD, 700)])
  expect(booked(log.task, 'project/7', '1970-01-01')?.spent).toEqual({ microUsd: 2 * USD, tokens: 700 })
  expect(booked(log.task, 'workspace/1', '1970-01-01')).toBeUndefined()
})
