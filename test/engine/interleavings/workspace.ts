/** The workspace that the law of interleavings plays in: two projects that share an account's budget, with every kind of limit. */
import type { Actor } from '../../../app/domain/actor.ts'
import type { PeriodLimits } from '../../../app/domain/budget/limits.ts'
import { DEFAULT_BUDGETS } from '../../../app/domain/budget/settings.ts'
import type { StreamId } from '../../../app/domain/event/envelope.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../app/domain/settings.ts'
import type { Amount } from '../../../app/domain/task/details.ts'
import { USD } from '../../domain/budget/money.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const TTL = 30 * MINUTE
export const HOLD = 20 * HOUR

/** In dollars and tokens; null: no limit. */
const most = (dollars: number | null, tokens: number | null): Amount => ({
  microUsd: dollars === null ? null : dollars * USD,
  tokens,
})
const periods = (day: Amount, month: Amount, total: Amount): PeriodLimits => ({ day, month, total })

const common: Settings = {
  ...DEFAULT_SETTINGS,
  lease: { ttlMs: TTL, maxTtlMs: 3 * HOUR, preemptGraceMs: 2 * MINUTE },
  retry: { maxAttempts: 3, backoffMs: MINUTE, maxBackoffMs: 10 * MINUTE, classes: {} },
}
const ACCOUNT = periods(most(7, 900), most(20, 3_500), most(null, null))

/** Small enough that a short life meets each of them. */
export const SETTINGS: Readonly<Record<string, Settings>> = {
  'project/7': {
    ...common,
    wip: { agent: 2, project: 2, workspace: 4 },
    budgets: {
      ...DEFAULT_BUDGETS,
      workspace: ACCOUNT,
      project: periods(most(5, null), most(14, null), most(30, 4_000)),
      agents: {
        a1: periods(most(3, 450), most(9, null), most(14, 2_000)),
        a2: periods(most(null, 500), most(null, 1_500), most(null, null)),
      },
      task: most(8, 1_100),
      // Long before a limit is met: who nears it unwarned is made to look again, and would not meet it by old books.
      warnAt: 0.3,
      holdMs: HOLD,
    },
  },
  'project/8': {
    ...common,
    lease: { ...common.lease, stealAfter: 0.5 },
    wip: { agent: 2, workspace: 4 },
    budgets: {
      ...DEFAULT_BUDGETS,
      timeZone: 'Europe/Berlin',
      workspace: ACCOUNT,
      project: periods(most(4, 400), most(null, 1_500), most(16, null)),
      agents: { a1: periods(most(3, null), most(7, 1_200), most(9, null)) },
      task: most(6, 900),
      warnAt: 0.2,
      holdMs: HOLD,
    },
  },
}

export const PROJECTS = ['project/7', 'project/8'] as const
export const TASKS = ['task/7/1', 'task/7/2', 'task/7/3', 'task/7/4', 'task/8/1', 'task/8/2'] as const
export type TaskId = (typeof TASKS)[number]

export const homeOf = (stream: StreamId): StreamId => `project/${Number(stream.split('/')[1])}`
export const keyOf = (stream: StreamId): string =>
  `${homeOf(stream) === 'project/7' ? 'DEV' : 'OPS'}-${Number(stream.split('/')[2])}`

export const AGENTS = ['a1', 'a2', 'a3'] as const
/** `alice` is a person, and works for herself as well. */
export const OWNERS = [...AGENTS, 'alice'] as const
export type Owner = (typeof OWNERS)[number]
export const actorOf = (owner: string): Actor => ({ kind: owner === 'alice' ? 'user' : 'agent', id: owner })
