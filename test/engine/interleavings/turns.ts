/**
 * Lets several commands run at once and says whose turn it is: each waits before everything that it asks of the store, and one
 * of those who wait goes on. What was read may so be as old as it likes by the time that it is acted on. Between such rounds
 * nobody waits. Writes go one at a time, so that there is one order of commits to look at.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoredEvent } from '../../../app/domain/event/envelope.ts'
import type { AppendBatch, AppendResult, Store } from '../../../app/engine/ports.ts'

export interface Commit {
  readonly cause: string
  readonly events: readonly StoredEvent[]
}

export interface Turns {
  /** The same store, with everything that decisions read and write taking turns. */
  readonly store: Store
  /** All at once; `order` picks who goes on, the first where it says nothing more. */
  readonly together: <T>(order: readonly number[], doing: readonly (() => Promise<T>)[]) => Promise<readonly T[]>
  /** In the order in which they were committed, those since the last call. */
  readonly commits: () => readonly Commit[]
  readonly conflicts: { count: number }
}

export const takeTurns = (store: Store): Turns => {
  const waiting: (() => void)[] = []
  const conflicts = { count: 0 }
  let committed: Commit[] = []
  let busy = false
  let before: Promise<unknown> = Promise.resolve()

  const pass = (): Promise<void> => (busy ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve())

  const inTurn = <Port extends object>(port: Port): Port =>
    // The same functions, each behind a turn.
    Object.fromEntries(
      Object.entries(port as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>).map(([name, call]) => [
        name,
        async (...args: readonly unknown[]): Promise<unknown> => {
          await pass()
          return call(...args)
        },
      ]),
    ) as Port

  const append = async (batch: AppendBatch): Promise<AppendResult> => {
    await pass()
    const one = before.then(async () => {
      const result = await store.log.append(batch)
      const events = batch.writes.flatMap((write) => write.events)
      if (!result.ok) conflicts.count += 1
      else if (events.length > 0) committed.push({ cause: batch.cause, events })
      return result
    })
    before = one.catch(() => undefined)
    return one
  }

  return {
    store: {
      ...store,
      log: { ...inTurn(store.log), append },
      projections: inTurn(store.projections),
      books: inTurn(store.books),
      leases: inTurn(store.leases),
    },
    together: async (order, doing) => {
      busy = true
      const left = new Set(doing)
      const all = Promise.all(
        doing.map(async (one) => {
          try {
            return await one()
          } finally {
            left.delete(one)
          }
        }),
      )
      // Whoever throws is told of at the end; until then the others are let through.
      all.catch(() => undefined)
      for (let at = 0; left.size > 0;) {
        await nextTurn()
        if (waiting.length === 0) continue
        const [next] = waiting.splice((order[at] ?? 0) % waiting.length, 1)
        at += 1
        next?.()
      }
      busy = false
      return all
    },
    commits: () => {
      const those = committed
      committed = []
      return those
    },
    conflicts,
  }
}
