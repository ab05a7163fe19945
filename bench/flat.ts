/** Whether reading the order of ready tasks and claiming the next one cost the same however many are ready: in turns on a store with a thousand and one with many. */
import { createClaimNext } from '../app/engine/claim-next.ts'
import type { Store } from '../app/engine/ports.ts'
import { claimOf, engineOver, fill, PROJECT } from './claims-world.ts'
import { inFolder } from './clean-up.ts'
import { against, median, type Figures } from './figures.ts'
import { sqliteIn, type Open } from './stores.ts'

const FEW = 1000
const MANY = 100_000
const WARM = 20
const TURNS = 200
const PAGE = 50

/** On request: laying down a hundred thousand tasks takes minutes. They are put in place as an import does, not made by commands. */
export const claimsLarge = (small: boolean): Promise<Figures> =>
  inFolder((dir) => flat(sqliteIn(dir), small ? MANY / 20 : MANY, '100k'))

export const flat = async (open: Open, size: number, name: string): Promise<Figures> => {
  const [few, many] = [await looking(open, FEW, `few_${name}`), await looking(open, size, `many_${name}`)]
  const lists = { few: [] as number[], many: [] as number[] }
  const claims = { few: [] as number[], many: [] as number[] }
  for (let turn = 0; turn < WARM + TURNS; turn += 1) {
    const listed = { few: await few.list(), many: await many.list() }
    const claimed = { many: await many.claim(turn), few: await few.claim(turn) }
    if (turn < WARM) continue
    for (const which of ['few', 'many'] as const) {
      lists[which].push(listed[which])
      claims[which].push(claimed[which])
    }
  }
  await few.store.close()
  await many.store.close()
  return {
    [`ready-list-${name}`]: against(median(lists.many), median(lists.few), 'ms'),
    [`claim-${name}`]: against(median(claims.many), median(claims.few), 'ms'),
  }
}

interface Looking {
  readonly store: Store
  /** Milliseconds. */
  list(): Promise<number>
  claim(n: number): Promise<number>
}

const looking = async (open: Open, size: number, name: string): Promise<Looking> => {
  const { store } = await open(name)
  await fill(store, 1, size)
  const claimNext = createClaimNext(engineOver(store))
  const { type: _, ...command } = claimOf('a1')
  const actor = { kind: 'agent', id: 'a1' } as const
  return {
    store,
    list: () => timed(() => store.projections.ready(PROJECT, PAGE)),
    claim: (n) =>
      timed(async () => {
        const { outcome } = await claimNext({ stream: PROJECT, command, actor, cause: `next:${n}` })
        if (!outcome.ok) throw new Error(outcome.rejection.code)
      }),
  }
}

const timed = async (one: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await one()
  return performance.now() - started
}
