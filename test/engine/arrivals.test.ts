/** Deliveries that arrive go before work, and work is not starved by them. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Millis } from '../../app/domain/event/envelope.ts'
import { behind, createArrivals, inOrder } from '../../app/engine/arrivals.ts'
import type { Inbox } from '../../app/engine/ports.ts'

const manyTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
}

test('a queue hands out nothing while a delivery is being stored, and hands out when it is', async () => {
  const arrivals = createArrivals()
  const happened: string[] = []
  const inbox: Pick<Inbox, 'take'> = {
    take: () => {
      happened.push('taken')
      return Promise.resolve([])
    },
  }
  const disk = Promise.withResolvers<void>()
  const stored = arrivals.during(async () => {
    await disk.promise
    happened.push('stored')
  })
  const taken = behind(arrivals, inbox).take(1, 1000)
  await manyTurns()
  expect(happened).toEqual([])
  disk.resolve()
  await Promise.all([stored, taken])
  expect(happened).toEqual(['stored', 'taken'])
})

test('the next delivery of a burst is waited for as well', async () => {
  const arrivals = createArrivals()
  const happened: string[] = []
  const second = Promise.withResolvers<void>()
  const first = arrivals.during(() => Promise.resolve())
  const over = arrivals.over().then(() => happened.push('over'))
  await first
  const later = arrivals.during(() => second.promise).then(() => happened.push('second stored'))
  await manyTurns()
  second.resolve()
  await Promise.all([over, later])
  expect(happened).toEqual(['second stored', 'over'])
})

test('work gets a turn although the deliveries never end', async () => {
  const arrivals = createArrivals(5)
  void arrivals.during(() => new Promise(() => {}))
  await arrivals.over()
  await arrivals.over()
})

test('a delivery that cannot be stored holds up no work, and its sender is told', async () => {
  const arrivals = createArrivals()
  await expect(arrivals.during(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
  await arrivals.over()
})

test('what is ordered waits for what precedes it while a burst goes on, and only then', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const arrivals = createArrivals()
  const patience: (Millis | undefined)[] = []
  const inbox = inOrder(arrivals, {
    take: (_limit: number, _holdMs: Millis, patienceMs?: Millis) => {
      patience.push(patienceMs)
      return Promise.resolve([])
    },
  })
  await arrivals.during(() => Promise.resolve())
  await inbox.take(1, 1000)
  for (let n = 0; n < 3; n += 1) {
    await arrivals.during(() => Promise.resolve(), true)
    vi.advanceTimersByTime(399)
    await inbox.take(1, 1000)
  }
  vi.advanceTimersByTime(1)
  await inbox.take(1, 1000)
  expect(patience).toEqual([0, 3000, 3000, 3000, 0])
})
