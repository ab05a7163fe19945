/** What holds for money however claims, reports, expiries and held reservations fall, on several tasks that share their budgets. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addBook, bookAt, booksBetween, sumBooks, UNITS, type Book } from '../../../app/domain/budget/books.ts'
import { contributions } from '../../../app/domain/budget/contributions.ts'
import { limitsOfGrant } from '../../../app/domain/budget/limits.ts'
import { movementsOf } from '../../../app/domain/budget/movements.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import { decideTask } from '../../../app/domain/task/decide-task.ts'
import type { TaskEvent } from '../../../app/domain/task/events.ts'
import { isLive, type Task } from '../../../app/domain/task/state.ts'
import { ALICE, claim, context, CREATE, fail, replay, store } from '../given.ts'
import { aDay, budgeted, facts, NONE, report, succeed, usd, USD } from './money.ts'

const TASKS = 3
const settings = budgeted(
  {
    workspace: { ...aDay(usd(12)), month: usd(20) },
    project: { day: usd(10), month: NONE, total: { microUsd: 25 * USD, tokens: 3_000_000 } },
    agents: { alice: aDay(usd(8)) },
    task: usd(9),
    holdMs: 400_000,
  },
  { tiers: [{ name: 'simple', model: null, estimate: usd(2) }] },
)

const figure = fc.option(fc.integer({ min: 0, max: 7 * USD }), { nil: null })
const attempt = fc.integer({ min: 1, max: 4 })
const trust = fc.constantFrom('self', 'ci', 'platform' as const)

const commands: fc.Arbitrary<TaskCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(claim('alice')) },
  fc.constant<TaskCommand>({ type: 'start-attempt', fence: null }),
  figure.map((cost) => succeed(cost)),
  fc.constant(fail()),
  fc.constant<TaskCommand>({ type: 'release-task', fence: null, reason: 'r' }),
  fc.constant<TaskCommand>({ type: 'retry-task' }),
  fc.constant<TaskCommand>({ type: 'cancel-task', reason: 'r' }),
  fc.constant<TaskCommand>({ type: 'reopen-task', reason: 'r' }),
  fc.constant<TaskCommand>({ type: 'ready-task' }),
  { weight: 2, arbitrary: fc.constantFrom(0, null).map((leaseUntil): TaskCommand => ({ type: 'tick', leaseUntil })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(attempt, figure, figure, trust, fc.constantFrom(null, true))
      .map(([n, cost, total, said, passed]) =>
        report(
          {
            trust: said,
            costMicroUsd: cost,
            tokens: total === null ? null : { total, input: null, output: null, cacheRead: null, cacheWrite: null },
          },
          { attempt: n, passed },
        ),
      ),
  },
  fc.option(fc.integer({ min: 0, max: 6 * USD }), { nil: null }).map((microUsd): TaskCommand => ({
    type: 'update-task',
    changes: { estimate: microUsd === null ? null : { microUsd, tokens: null, durationMs: null } },
  })),
)

const histories = fc.array(
  fc.record({
    task: fc.nat(TASKS - 1),
    command: commands,
    pause: fc.nat(300_000),
    /** How many steps old the books are that the decision sees. */
    late: fc.nat(3),
    nextDay: fc.boolean(),
  }),
  { minLength: 10, maxLength: 60 },
)

type Step = typeof histories extends fc.Arbitrary<readonly (infer S)[]> ? S : never

/** As the engine and a store do it: decide by books that may be old, add the difference, refuse a grant that passes a limit. */
const play = (
  history: readonly Step[],
  look: (moment: {
    readonly books: readonly Book[]
    readonly logs: readonly (readonly TaskEvent[])[]
    readonly granted: Task | null
  }) => void,
): { readonly refused: number; readonly granted: number } => {
  const logs: (readonly TaskEvent[])[] = Array.from({ length: TASKS }, () => [])
  const seen: (readonly Book[])[] = [[]]
  let now = 1_000_000
  let day = 1
  const count = { refused: 0, granted: 0 }
  const step = (at: number, command: TaskCommand, late: number): void => {
    const log = logs[at] ?? []
    const before = replay(log)
    const known = seen[Math.max(0, seen.length - 1 - late)] ?? []
    const today = `2026-11-${String(day).padStart(2, '0')}`
    const over = context({ now, actor: ALICE, settings, budget: facts(known, NONE, today) })
    const decision = decideTask(before, command, over)
    if (!decision.ok) {
      if (decision.rejection.code === 'budget-exceeded') count.refused += 1
      return
    }
    const stream = `task/7/${at + 1}` as const
    const moved = (event: TaskEvent): TaskEvent => ({ ...event, stream })
    const events = store(decision.events, over, log).map(moved)
    const after = replay([...log, ...events])
    if (after === null) return
    const change = booksBetween(before === null ? [] : contributions(before), contributions(after))
    const books = sumBooks([...(seen.at(-1) ?? []), ...change])
    const granted = events.some(({ type }) => type === 'lease-granted')
    const limits = granted ? limitsOfGrant(after, settings) : []
    const passes = limits.some((limit) => {
      const { reserved, spent } = bookAt(books, limit)
      return UNITS.some((unit) => limit[unit] !== null && reserved[unit] + spent[unit] > limit[unit])
    })
    const twice = change.some((one) => one.warned > 0 && bookAt(books, one).warned > 1)
    // With the newest books a decision is right by itself.
    if (late === 0) expect(passes || twice).toBe(false)
    if (passes || twice) return
    logs[at] = [...log, ...events]
    seen.push(books)
    if (granted) count.granted += 1
    look({ books, logs, granted: granted ? after : null })
  }
  for (let at = 0; at < TASKS; at += 1) {
    step(at, { ...CREATE, number: at + 1, key: `DEV-${at + 1}` }, 0)
    step(at, { type: 'ready-task' }, 0)
  }
  for (const { task, command, pause, late, nextDay } of history) {
    now += pause
    if (nextDay && day < 28) day += 1
    step(task, command, late)
  }
  return count
}

it('never lets what is granted pass a limit', () => {
  let granted = 0
  let refused = 0
  fc.assert(
    fc.property(histories, (history) => {
      const count = play(history, ({ books, granted: task }) => {
        if (task === null) return
        for (const limit of limitsOfGrant(task, settings)) {
          const { reserved, spent } = bookAt(books, limit)
          for (const unit of UNITS) {
            if (limit[unit] !== null) expect(reserved[unit] + spent[unit]).toBeLessThanOrEqual(limit[unit])
          }
        }
      })
      granted += count.granted
      refused += count.refused
    }),
    { numRuns: 150 },
  )
  // The histories reach the limits, so that the law means something.
  expect(granted).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(20)
})

it('keeps books that are the sum of the tasks, with nothing below zero', () => {
  fc.assert(
    fc.property(histories, (history) => {
      play(history, ({ books, logs }) => {
        const tasks = logs.flatMap((log) => replay(log) ?? [])
        expect(books).toEqual(sumBooks(tasks.flatMap(contributions)))
        for (const { reserved, spent } of books) {
          for (const unit of UNITS) expect(Math.min(reserved[unit], spent[unit])).toBeGreaterThanOrEqual(0)
        }
      })
    }),
    { numRuns: 60 },
  )
})

it('settles every attempt that is over, holds what ran out, and has every overrun on the ledger', () => {
  fc.assert(
    fc.property(histories, (history) => {
      play(history, ({ logs }) => {
        for (const log of logs) {
          const ledger = movementsOf(log)
          for (const one of replay(log)?.attempts ?? []) {
            const { reservation, settled, status, n } = one
            if (reservation === undefined) continue
            if (settled === undefined) expect(isLive(status) || status === 'expired').toBe(true)
            const of = (...kinds: readonly string[]) =>
              ledger.filter((move) => move.attempt === n && kinds.includes(move.kind))
            for (const unit of UNITS) {
              const moved = of('settled', 'corrected').reduce((sum, { amount }) => sum + amount[unit], 0)
              expect(moved).toBe(settled?.[unit].amount ?? 0)
              const reserved = reservation[unit]
              const above = reserved === null ? 0 : Math.max(0, moved - reserved)
              expect(of('overrun').reduce((sum, { amount }) => sum + amount[unit], 0)).toBeGreaterThanOrEqual(above)
            }
          }
        }
      })
    }),
    { numRuns: 60 },
  )
})

it('adds and takes away so that nothing is left over', () => {
  const book = fc.record({
    scope: fc.constantFrom('a', 'b'),
    period: fc.constantFrom('total', '2026-11'),
    reserved: fc.record({ microUsd: fc.nat(9), tokens: fc.nat(9) }),
    spent: fc.record({ microUsd: fc.nat(9), tokens: fc.nat(9) }),
    warned: fc.nat(1),
  })
  fc.assert(
    fc.property(fc.array(book), fc.array(book), (a, b) => {
      expect(sumBooks([...a, ...booksBetween(a, b)])).toEqual(sumBooks(b))
      expect(booksBetween(b, b)).toEqual([])
      for (const one of a) expect(addBook(one, bookAt([], one))).toEqual(one)
    }),
  )
})
