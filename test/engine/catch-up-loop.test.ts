/** GitHub being away keeps nobody from starting; being broken ourselves does. */
import { expect, test, vi } from 'vitest'
import { createCatchUpLoop } from '../../app/engine/catch-up-loop.ts'
import { createTestEngine, PROJECT } from './create-engine.ts'

class AwayFault extends Error {
  readonly code = 'unavailable'
}

const given = async (answers: (() => Promise<never> | object)[]) => {
  const { engine } = await createTestEngine()
  const lines: string[] = []
  const note = (message: string): void => void lines.push(message)
  let asked = 0
  const loop = createCatchUpLoop({
    engine,
    log: { debug: note, info: note, warn: note, error: note },
    importMissing: async () => {
      asked += 1
      await answers.shift()?.()
      return { streams: [{ outcome: 'same' }], epoch: 1, doubts: [] }
    },
    isOutside: (error) => error instanceof AwayFault,
  })
  return { loop, lines, asked: () => asked, engine }
}

const away = () => Promise.reject(new AwayFault('away'))

test('every known project is caught up with once', async () => {
  const { loop, lines, asked, engine } = await given([])
  await loop.first()
  expect(asked()).toBe(1)
  expect(lines).toEqual([])
  expect((await engine.store.projections.project(PROJECT))?.epoch).toBe(1)
})

test('a GitHub that is away is said so', async () => {
  const { loop, lines, asked } = await given([away])
  await loop.first()
  expect(lines).toEqual(['GitHub cannot be asked what this data is missing'])
  expect(asked()).toBe(1)
})

test('the loop tries again what could not be asked, and then rests', async () => {
  const { loop, asked } = await given([away])
  await loop.first()
  loop.start()
  await vi.waitUntil(() => asked() === 2)
  loop.wake()
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  await loop.stop()
  expect(asked()).toBe(2)
})

test('a fault of our own stops the start', async () => {
  const { loop } = await given([() => Promise.reject(new TypeError('broken'))])
  await expect(loop.first()).rejects.toThrow('broken')
})
