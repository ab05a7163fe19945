/** What follows a failure, beyond the table: the task's own rules, its deadline, its money, and another tier. */
import { describe, expect, it } from 'vitest'
import { renderBrief } from '../../../app/domain/brief/render-brief.ts'
import { retryInsight } from '../../../app/domain/retry/insight.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { DetailChanges } from '../../../app/domain/task/details.ts'
import type { TaskCommand } from '../../../app/domain/task/commands.ts'
import type { Task } from '../../../app/domain/task/state.ts'
import { CREATE, READY, claim, fail, given } from '../given.ts'
import { budgeted, NONE, succeed, tokens, under, usd, USD } from '../budget/money.ts'

const update = (changes: DetailChanges): TaskCommand => ({ type: 'update-task', changes })
const START: TaskCommand = { type: 'start-attempt', fence: null }
const RETRY: TaskCommand = { type: 'retry-task' }
const NOW = 1_000_000

describe('a task’s own retry rules', () => {
  it('go before the project’s and before those of the class', () => {
    const settings: Settings = {
      ...DEFAULT_SETTINGS,
      retry: { ...DEFAULT_SETTINGS.retry, classes: { test_fail: { maxAttempts: 5 } } },
    }
    const once = [...READY, [update({ retry: { maxAttempts: 1 } })], [claim('alice')]] as const
    expect(
      given(...once)
        .when(fail(), { settings })
        .gives('attempt-failed', 'human-needed').asks,
    ).toContain('once failed')
    const slow = [...READY, [update({ retry: { backoffMs: 600_000 } })], [claim('alice')]] as const
    const after = given(...slow)
      .when(fail(), { settings })
      .gives('attempt-failed', 'task-held')
    expect(after.waiting).toMatchObject({ for: 'backoff' })
    if (after.waiting?.for === 'backoff') expect(after.waiting.until - NOW).toBeGreaterThan(400_000)
  })
})

describe('a deadline', () => {
  it('ends retries that would begin after it', () => {
    const by = (deadline: number) => given(...READY, [update({ deadline })], [claim('alice')])
    const after = by(NOW + 1_000)
      .when(fail())
      .gives('attempt-failed', 'human-needed')
    expect(after.asks).toBe(
      'test_fail: the next attempt would begin after the deadline; retry with the failing tests in the brief',
    )
    by(NOW + 3_600_000)
      .when(fail())
      .gives('attempt-failed', 'task-held')
  })
})

describe('the money of a task', () => {
  const settings = budgeted()
  const with20 = (cost: number | null, changes: DetailChanges = {}) =>
    given(...READY, [update({ budget: usd(20), ...changes })], [claim('alice'), under(settings)], [START]).when(
      { ...fail(), ...(cost === null ? {} : {}) },
      under(settings),
    )

  it('is asked for when it does not cover another attempt', () => {
    // Without a figure all that was reserved is spent: the whole budget.
    const after = with20(null).gives('attempt-failed', 'human-needed', 'budget-settled', 'budget-warned')
    expect(after.asks).toBe('test_fail: the budget of the task is used up; grant more budget, then retry')
    const left = with20(null, { estimate: { microUsd: 12 * USD, tokens: null, durationMs: null } })
    expect(left.gives('attempt-failed', 'human-needed', 'budget-settled').asks).toBe(
      'test_fail: the task has $8.00 left, and an attempt takes $12.00; grant more budget, then retry',
    )
  })

  it('lasts for another attempt', () => {
    with20(null, { estimate: { microUsd: 8 * USD, tokens: null, durationMs: null } }).gives(
      'attempt-failed',
      'task-held',
      'budget-settled',
    )
  })

  it('may be tokens', () => {
    const limited = budgeted({ task: tokens(1_000) })
    given(...READY, [claim('alice'), under(limited)], [START])
      .when(fail(), under(limited))
      .gives('attempt-failed', 'human-needed', 'budget-settled', 'budget-warned')
  })
})

describe('a task that was too large for its model', () => {
  const tiers: Settings['tiers'] = [
    { name: 'simple', model: null, estimate: NONE },
    { name: 'complex', model: null, estimate: NONE },
  ]
  const settings = { ...DEFAULT_SETTINGS, tiers }
  const tooLarge = fail({ failure: { class: 'context_limit', message: 'the prompt is too long' } })

  it('is tried again in the next tier, and a person is asked after the last', () => {
    const first = given(...READY, [update({ tier: 'simple' })], [claim('alice')])
    const after = first.when(tooLarge, { settings }).gives('attempt-failed', 'tier-changed', 'task-held')
    expect(after.details.tier).toBe('complex')
    const brief = renderBrief(after, { body: '' })
    expect(brief).toContain('tier complex')
    expect(brief).toContain('What to do otherwise this time: use a model with a larger context, or split the task.')
    given(...READY, [update({ tier: 'complex' })], [claim('alice')])
      .when(tooLarge, { settings })
      .gives('attempt-failed', 'human-needed')
  })

  it('asks a person where no tiers are configured, or the task’s is not one of them', () => {
    given(...READY, [claim('alice')])
      .when(tooLarge)
      .gives('attempt-failed', 'human-needed')
    given(...READY, [update({ tier: 'medium' })], [claim('alice')])
      .when(tooLarge, { settings })
      .gives('attempt-failed', 'human-needed')
  })

  it('begins at the first tier when it names none', () => {
    const after = given(...READY, [claim('alice')]).when(tooLarge, { settings }).after
    expect(after?.details.tier).toBe('complex')
  })

  it('stays in its tier when a person must be asked for money first', () => {
    const poor = budgeted({}, { tiers })
    given(...READY, [update({ tier: 'simple', budget: usd(2) })], [claim('alice'), under(poor)], [START])
      .when(tooLarge, under(poor))
      .gives('attempt-failed', 'human-needed', 'budget-settled', 'budget-warned')
  })
})

describe('insight', () => {
  const cost = (amount: number): TaskCommand => succeed(amount * USD)
  const cured = given(
    ...READY,
    [claim('alice')],
    [fail()],
    [RETRY],
    [claim('alice')],
    [cost(3)],
    [{ type: 'complete-task', reason: 'merged' }],
  )
  const limited = fail({ failure: { class: 'rate_limit', message: 'busy' } })
  const twice = given(
    ...READY,
    [claim('alice')],
    [fail()],
    [RETRY],
    [claim('alice')],
    [limited],
    [RETRY],
    [claim('alice')],
    [cost(5)],
  )
  const tasks = [cured.task, twice.task].filter((task): task is Task => task !== null)

  it('counts what failed, which failure the first success came after, and what an accepted outcome costs', () => {
    expect(retryInsight(tasks)).toEqual({
      classes: [
        { class: 'test_fail', failed: 2, fixed: 1, costMicroUsd: 0 },
        { class: 'rate_limit', failed: 1, fixed: 1, costMicroUsd: 0 },
      ],
      attempts: 5,
      accepted: 1,
      costMicroUsd: 8 * USD,
      // The second task is in review: nobody but its agent has said that it is good.
      perAcceptedMicroUsd: 8 * USD,
    })
  })

  it('knows no price before anything was accepted', () => {
    const none = given([CREATE]).task
    expect(retryInsight(none === null ? [] : [none])).toMatchObject({
      attempts: 0,
      accepted: 0,
      perAcceptedMicroUsd: null,
    })
  })
})
