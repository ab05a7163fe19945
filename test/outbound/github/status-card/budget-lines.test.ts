import { expect, it } from 'vitest'
import type { Reservation } from '../../../../app/domain/budget/reservation.ts'
import { statusCard } from '../../../../app/outbound/github/status-card.ts'
import { anAttempt, aTask } from '../task-fixture.ts'

const USD = 1_000_000
const reservation: Reservation = {
  microUsd: 5 * USD,
  tokens: null,
  day: '2026-11-30',
  month: '2026-11',
  timeZone: 'UTC',
  workspace: 'workspace/1',
  holdMs: 1,
}
const cost = (amount: number) => ({ amount, basis: 'reported', trust: 'ci' }) as const

it('shows what is spent and reserved, what went above it, and which budgets are near their limit', () => {
  const card = statusCard(
    aTask({
      details: { budget: { microUsd: 20 * USD, tokens: null } },
      attempts: [
        anAttempt({
          status: 'failed',
          reservation,
          settled: { microUsd: cost(6 * USD), tokens: cost(12_345) },
          overrun: { microUsd: USD, tokens: 0 },
        }),
        anAttempt({ n: 2, reservation }),
      ],
      warnings: [
        { scope: 'project/1', period: '2026-11-30', unit: 'microUsd', limit: 50 * USD, total: 41 * USD },
        { scope: 'agent/1/a<b>@x', period: 'total', unit: 'tokens', limit: 1_000, total: 900 },
      ],
    }),
  )
  expect(card.slice(card.indexOf('**Budget**'))).toBe(
    [
      '**Budget**',
      '',
      '- $6.00 spent and $5.00 reserved, of $20.00 for the task',
      '- 12,345 tokens spent and 0 tokens reserved',
      '- attempt 1 went $1.00 above its reservation',
      '- ⚠️ $41.00 of the $50.00 that the project may spend for 2026-11-30 were spent or reserved',
      '- ⚠️ 900 tokens of the 1,000 tokens that a<\u200bb>@\u200bx may spend were spent or reserved',
    ].join('\n'),
  )
})

it('says nothing of money where nothing limits it', () => {
  expect(statusCard(aTask({ attempts: [anAttempt({ costMicroUsd: USD })] }))).not.toContain('Budget')
})
