/**
 * Claims of the next task per second, 64 claimers on ten thousand ready tasks, against a bare transaction that writes the same
 * rows under the same lock. With budgets, too: both then write the books, but only ours looks them up and holds them to limits.
 */
import type { Settings } from '../app/domain/settings.ts'
import { DEFAULT_SETTINGS } from '../app/domain/settings.ts'
import { createClaimNext } from '../app/engine/claim-next.ts'
import { claimBare, prepareBare } from './bare-claims.ts'
import { BUDGETED, claimOf, engineOver, fill, PROJECT } from './claims-world.ts'
import { inFolder } from './clean-up.ts'
import { against, median, type Figures } from './figures.ts'
import { flat } from './flat.ts'
import { onPostgres, sqliteIn, type Open } from './stores.ts'

const READY = 10_000
const CLAIMERS = 64
const ROUNDS = 3
const CLAIMS = 640

export const claims = (small: boolean): Promise<Figures> =>
  inFolder(async (dir) => {
    const ready = small ? 3000 : READY
    const rates = (open: Open, name: string, settings: Settings) => claimNextRate(open, name, settings, ready)
    const onSqlite = sqliteIn(dir)
    return {
      ...(await rates(onSqlite, 'sqlite', DEFAULT_SETTINGS)),
      ...(await rates(onSqlite, 'sqlite_budget', BUDGETED)),
      ...(await onPostgres((open) => rates(open, 'postgres', DEFAULT_SETTINGS))),
      ...(await flat(onSqlite, ready, '10k')),
    }
  })

const claimNextRate = async (open: Open, name: string, settings: Settings, ready: number): Promise<Figures> => {
  const [ours, bare] = [await open(`ours_${name}`), await open(`bare_${name}`)]
  try {
    await fill(ours.store, 1, ready)
    await fill(bare.store, 1, ready)
    const claimNext = createClaimNext(engineOver(ours.store, settings))
    const prepared = prepareBare(1, ready, settings)
    const rates = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round <= ROUNDS; round += 1) {
      const measured = {
        bare: await rate(CLAIMS, () => claimBare(bare.database, prepared)),
        ours: await rate(CLAIMS, async (id, n) => {
          const { type: _, ...command } = claimOf(`a${id}`)
          const actor = { kind: 'agent', id: `a${id}` } as const
          const { outcome } = await claimNext({ stream: PROJECT, command, actor, cause: `next:${round}:${n}` })
          if (!outcome.ok) throw new Error(outcome.rejection.code)
        }),
      }
      // The first round warms up.
      if (round === 0) continue
      rates.ours.push(measured.ours)
      rates.bare.push(measured.bare)
    }
    return { [`claim-next-${name.replace('_', '-')}`]: against(median(rates.ours), median(rates.bare), '1/s') }
  } finally {
    await ours.store.close()
    await bare.store.close()
  }
}

/** Claims per second of `total` claims, as many at a time as there are claimers. */
const rate = async (total: number, one: (claimer: number, n: number) => Promise<void>): Promise<number> => {
  let next = 0
  const started = performance.now()
  const claimer = async (_: unknown, id: number): Promise<void> => {
    for (let n = next++; n < total; n = next++) await one(id, n)
  }
  await Promise.all(Array.from({ length: CLAIMERS }, claimer))
  return (total * 1000) / (performance.now() - started)
}
