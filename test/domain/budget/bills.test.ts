/** What an attempt cost when several runs worked on it: each run by the last report of it that is believed, all of them together. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNITS, type Unit } from '../../../app/domain/budget/books.ts'
import { contributions } from '../../../app/domain/budget/contributions.ts'
import { movementsOf } from '../../../app/domain/budget/movements.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { Measures, TaskEvent } from '../../../app/domain/task/events.ts'
import type { Attempt, RunRef, Task, Trust } from '../../../app/domain/task/state.ts'
import { READY, claim, context, given, played, replay, store } from '../given.ts'
import { aDay, budgeted, facts, report, succeed, under, usd, USD } from './money.ts'

const LIMITED = budgeted({ project: aDay(usd(900)), task: usd(5) })
const run = (id: number, attempt = 1): RunRef => ({ id, attempt, url: `https://ci.example/${id}` })
const said = (of: RunRef | null, cost: number | null, more: Partial<Measures> = {}): TaskCommand =>
  report({ run: of, costMicroUsd: cost === null ? null : cost * USD, ...more })
/** Long enough that a zero is no figure. */
const at = (minutes: number, settings = LIMITED) => under(settings, facts(), 1_000_000 + minutes * 60_000)
const CLAIMED = [...READY, [claim('alice'), at(0)], [{ type: 'start-attempt', fence: null }]] as const

const spent = (task: Task | null, unit: Unit = 'microUsd'): number =>
  contributions(task as Task).find(({ scope }) => scope === 'task/7/12')?.spent[unit] ?? 0
const first = (task: Task | null): Attempt => (task as Task).attempts[0] as Attempt

describe('several runs on one attempt', () => {
  const two = [...CLAIMED, [said(run(900), 2), at(1)], [said(run(901), 3), at(2)]] as const

  it('cost what all of them cost, whichever reports last', () => {
    const ended = given(...two).when(succeed(null), at(3)).after
    expect(first(ended).settled?.microUsd).toEqual({ amount: 5 * USD, basis: 'reported', trust: 'ci' })
    expect(first(ended).costMicroUsd).toBe(5 * USD)
    const late = given(...two, [succeed(null), at(3)])
      .when(said(run(900, 2), 1), at(9))
      .gives('attempt-measured', 'budget-corrected', 'budget-overrun')
    expect(spent(late)).toBe(6 * USD)
  })

  it('are each what they said last, and less trust corrects nothing', () => {
    const ended = given(...two, [succeed(null), at(3)])
    expect(spent(ended.when(said(run(900), 1), at(4)).gives('attempt-measured', 'budget-corrected'))).toBe(4 * USD)
    ended.when(said(run(900), 1, { trust: 'self' }), at(4)).gives('attempt-measured')
    const self = ended.when(said(run(902), 1, { trust: 'self' }), at(4)).after
    expect(first(self).settled?.microUsd).toEqual({ amount: 6 * USD, basis: 'reported', trust: 'self' })
  })

  it('stand in place of what an agent says of the whole, whichever comes first', () => {
    for (const steps of [
      [said(run(900), 2), succeed(4 * USD)],
      [succeed(4 * USD), said(run(900), 2)],
    ]) {
      const [a, b] = steps as [TaskCommand, TaskCommand]
      expect(spent(given(...CLAIMED, [a, at(1)]).when(b, at(2)).after)).toBe(2 * USD)
    }
    expect(spent(given(...CLAIMED).when(succeed(4 * USD), at(1)).after)).toBe(4 * USD)
  })

  it('are paid by their tokens where one names no cost', () => {
    const tokens = { total: 1_100_000, input: 1_000_000, output: 100_000, cacheRead: 0, cacheWrite: 0 }
    const { after } = given(...two, [said(run(902), null, { tokens, model: 'gpt-5.4' }), at(3)]).when(
      succeed(null),
      at(4),
    )
    expect(first(after).settled).toMatchObject({
      microUsd: { amount: 5 * USD + 2_500_000 + 1_500_000, basis: 'priced' },
      tokens: { amount: 1_100_000 },
    })
    expect(first(after).tokens).toEqual(tokens)
  })

  it('are an overrun together, also before the end', () => {
    // One dollar is set aside where nobody says anything.
    const { after } = given(...two).when(said(run(903), 1), at(3))
    expect(first(after).overrun?.microUsd).toBe(5 * USD)
  })

  it('count without a budget too', () => {
    const free = [...READY, [claim('alice')], [said(run(900), 2)], [said(run(901), 3)]] as const
    expect(spent(given(...free).when(succeed(null)).after)).toBe(5 * USD)
  })

  it('are kept by name up to a dozen, and the older ones as their sum', () => {
    const many = Array.from({ length: 30 }, (_, n) => [said(run(n + 1), 1), at(1)] as const)
    const { task } = given(...CLAIMED, ...many)
    expect(first(task).bills?.length).toBeLessThanOrEqual(13)
    expect(first(task).costMicroUsd).toBe(30 * USD)
  })
})

const having = (event: TaskEvent, data: unknown): TaskEvent => ({ ...event, data }) as TaskEvent

it('a log that kept no bills replays as it was, and a later run is added to what it had settled', () => {
  const log = played(...CLAIMED, [said(run(900), 2), at(1)], [succeed(null), at(2)])
  const old = log.map((event): TaskEvent => {
    if (event.type !== 'attempt-measured') return event
    const { bill: _, ...data } = event.data
    return having(event, data)
  })
  expect(first(replay(old))).not.toHaveProperty('bills')
  expect(spent(replay(old))).toBe(2 * USD)
  const next = played(...CLAIMED, [said(run(900), 2), at(1)], [succeed(null), at(2)], [said(run(901), 3), at(3)])
  const mixed = [...old, ...next.slice(old.length)]
  expect(first(replay(mixed)).costMicroUsd).toBe(5 * USD)
})

const figure = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null })
const TRUSTS: readonly Trust[] = ['self', 'ci', 'platform']
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      id: fc.integer({ min: 1, max: 3 }),
      attempt: fc.integer({ min: 1, max: 2 }),
      trust: fc.constantFrom(...TRUSTS),
      cost: figure,
      tokens: figure,
    }),
  },
  fc.record({ do: fc.constant('succeed' as const), cost: figure }),
  fc.record({ do: fc.constantFrom('expire' as const, 'release' as const, 'cancel' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** The last believed figure of each run, told from the commands alone. */
const lawOf = (reports: readonly Measures[], unit: Unit): number | null => {
  const runs = new Map<string, { readonly amount: number; readonly rank: number }>()
  for (const { run: of, trust, costMicroUsd, tokens } of reports) {
    const amount = unit === 'tokens' ? (tokens?.total ?? 0) : (costMicroUsd ?? 0)
    const key = `${of?.id}.${of?.attempt}`
    const rank = TRUSTS.indexOf(trust)
    // Nothing, or nothing after a long run, is no figure.
    if (of !== null && amount > 0 && rank >= (runs.get(key)?.rank ?? 0)) runs.set(key, { amount, rank })
  }
  return runs.size === 0 ? null : [...runs.values()].reduce((sum, { amount }) => sum + amount, 0)
}

/** The log once the command is decided after another two minutes. */
const after = (log: readonly TaskEvent[], command: TaskCommand, settings: Settings): readonly TaskEvent[] => {
  const now = context({ ...under(settings), now: (log.at(-1)?.at ?? 0) + 120_000 })
  const decision = decideTask(replay(log), command, now)
  return decision.ok ? [...log, ...store(decision.events, now, log)] : log
}

const commandOf = (one: Step): TaskCommand => {
  switch (one.do) {
    case 'report': {
      const { id, attempt, trust, cost, tokens: total } = one
      const none = { input: null, output: null, cacheRead: null, cacheWrite: null }
      return said(run(id, attempt), cost, { trust, tokens: total === null ? null : { total, ...none } })
    }
    case 'succeed':
      return succeed(one.cost === null ? null : one.cost * USD)
    case 'expire':
      return { type: 'tick', leaseUntil: 0 }
    case 'release':
      return { type: 'release-task', fence: null, reason: 'r' }
    case 'cancel':
      return { type: 'cancel-task', reason: 'r' }
  }
}

it.each([
  ['with a budget', LIMITED],
  ['without one', DEFAULT_SETTINGS],
])('%s, what is booked is the sum over the runs of the last believed report of each', (_how, settings) => {
  let several = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
      const begun = played(...READY, [claim('alice'), under(settings)], [{ type: 'start-attempt', fence: null }])
      const commands = steps.map(commandOf)
      const log = commands.reduce((known, command) => after(known, command, settings), begun)
      const task = replay(log)
      const { endedAt, status, reservation, settled } = first(task)
      if (endedAt === null || (reservation !== undefined && settled === undefined)) return
      const reports = commands.flatMap((one) => (one.type === 'report-attempt' ? one.measures : []))
      for (const unit of UNITS) {
        const sum = lawOf(reports, unit)
        // Where a lease ran out, a unit of which nobody has named a figure since is paid as it was set aside.
        if (sum === null || (status === 'expired' && settled?.[unit].basis === 'reservation')) continue
        expect(spent(task, unit)).toBe(sum)
        if (new Set(reports.map((one) => `${one.run?.id}.${one.run?.attempt}`)).size > 1) several += 1
      }
      const moved = movementsOf(log).filter(({ kind }) => kind === 'settled' || kind === 'corrected')
      for (const unit of UNITS) {
        expect(moved.reduce((sum, { amount }) => sum + amount[unit], 0)).toBe(settled?.[unit].amount ?? 0)
      }
    }),
    { numRuns: 500 },
  )
  expect(several).toBeGreaterThan(50)
})
