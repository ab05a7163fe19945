/** What may happen in the workspace, drawn at random: one thing, several at the same time, or time going on. Data, so that a counter-example reads. */
import fc from 'fast-check'
import type { KillScope } from '../../../app/domain/project/kill.ts'
import type { Priority, Trust } from '../../../app/domain/task/state.ts'
import { USD } from '../../domain/budget/money.ts'
import { AGENTS, HOUR, MINUTE, OWNERS, PROJECTS, TASKS, type Owner, type TaskId } from './workspace.ts'

/** As the log has it when the move begins; `old`: one that has been passed; `none`: not said. */
export type FenceSaid = 'live' | 'old' | 'none'
/** A task by its name, or the nth of those that are in work, or were last. */
export type Where = TaskId | number
interface Work {
  readonly task: Where
  /** Whoever holds the lease, or somebody else. */
  readonly by: 'holder' | Owner
  readonly fence: FenceSaid
}
interface Bill {
  /** Whole dollars and a bit, so that what was reserved is passed, met and missed. */
  readonly usd: number | null
  readonly tokens: number | null
}

export type Move =
  | { readonly do: 'claim'; readonly task: TaskId; readonly by: Owner; readonly hours: number | null }
  | { readonly do: 'next'; readonly project: (typeof PROJECTS)[number]; readonly by: Owner }
  | (Work & { readonly do: 'start' | 'release' | 'evidence' })
  | (Work & Bill & { readonly do: 'succeed' | 'fail' })
  | (Work & { readonly do: 'beat'; readonly percent: number | null })
  | (Bill & {
      readonly do: 'report'
      readonly task: Where
      /** How many before the newest. */
      readonly back: number
      readonly trust: Trust
      readonly passed: boolean | null
      readonly sha: string | null
    })
  | { readonly do: 'ready' | 'retry' | 'cancel' | 'reopen'; readonly task: TaskId }
  | { readonly do: 'priority'; readonly task: TaskId; readonly priority: Priority }
  | (Bill & { readonly do: 'estimate' | 'budget'; readonly task: TaskId })
  | {
      readonly do: 'kill'
      readonly project: (typeof PROJECTS)[number]
      readonly scope: KillScope
      readonly agent: string
    }
  /** The nth of those that are on. */
  | { readonly do: 'lift-kill'; readonly project: (typeof PROJECTS)[number]; readonly nth: number }
  | { readonly do: 'tick' | 'work-outbox' }
  /** The same request once more. */
  | { readonly do: 'again'; readonly back: number }
  | { readonly do: 'raise-epoch'; readonly project: (typeof PROJECTS)[number] }

export type Step =
  | { readonly together: readonly Move[]; readonly order: readonly number[] }
  | { readonly alone: Move }
  | { readonly wait: number }

const task = fc.constantFrom(...TASKS)
const project = fc.constantFrom(...PROJECTS)
const owner = fc.constantFrom(...OWNERS)
const often = <T>(usual: T, ...seldom: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...seldom) })
/** Nothing, zero, or a figure. */
const figure = (most: number): fc.Arbitrary<number | null> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(null, null, 0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: most }) },
  )
const bill = { usd: figure(5 * USD), tokens: figure(500) }
const where: fc.Arbitrary<Where> = fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: task })
const work = {
  task: where,
  by: often<'holder' | Owner>('holder', ...OWNERS),
  fence: often<FenceSaid>('live', 'old', 'none'),
}

const claims: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('claim'), task, by: owner, hours: fc.constantFrom(null, null, 1, 2) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('next'), project, by: owner }) },
)

const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 28, arbitrary: claims },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('start', 'release', 'evidence'), ...work }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('succeed', 'succeed', 'fail'), ...work, ...bill }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('beat'), ...work, percent: fc.constantFrom(null, 10, 50) }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('report'),
      task: where,
      back: often(0, 1, 2),
      trust: fc.constantFrom('self', 'ci', 'platform'),
      passed: fc.constantFrom(null, null, true, false),
      sha: fc.constantFrom(null, 'a'.repeat(40), 'f'.repeat(40)),
      ...bill,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('ready', 'ready', 'retry', 'retry', 'retry', 'retry', 'reopen', 'reopen', 'cancel'),
      task,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('priority'), task, priority: fc.constantFrom('p0', 'p0', 'p2', 'p3') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('estimate', 'estimate', 'budget'), task, ...bill }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('kill'),
      project,
      scope: fc.constantFrom('agent', 'agent', 'project', 'workspace'),
      agent: fc.constantFrom(...AGENTS, 'A1'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('lift-kill'), project, nth: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tick') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('work-outbox') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('again'), back: fc.nat(9) }) },
)

const SHORT = [1, 20_000, 3 * MINUTE, 6 * MINUTE, 16 * MINUTE, 16 * MINUTE, 31 * MINUTE]
const LONG = [5 * HOUR, 11 * HOUR, 21 * HOUR, 400 * HOUR]
const waits = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SHORT) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
)

/** `length`: at most so many steps, half of that as a rule; some are several moves at once. */
export const lives = (length: number): fc.Arbitrary<readonly Step[]> =>
  // Without a bias, of which half the lives would be over before they begin.
  fc.noBias(
    fc.array(
      fc.oneof(
        { weight: 24, arbitrary: moves.map((alone): Step => ({ alone })) },
        {
          weight: 12,
          arbitrary: fc.record({
            together: fc.array(moves, { minLength: 2, maxLength: 4 }),
            order: fc.array(fc.nat(5), { maxLength: 60 }),
          }),
        },
        // Many who claim at once, each by books that the others are about to change.
        {
          weight: 6,
          arbitrary: fc.record({
            together: fc.array(claims, { minLength: 3, maxLength: 5 }),
            order: fc.array(fc.nat(5), { maxLength: 60 }),
          }),
        },
        { weight: 10, arbitrary: waits.map((wait): Step => ({ wait })) },
        // Epochs rise while nothing else is done: a restore begins with it.
        {
          weight: 1,
          arbitrary: project.map((where): Step => ({ alone: { do: 'raise-epoch', project: where } })),
        },
      ),
      { minLength: 1, maxLength: length, size: 'max' },
    ),
  )
