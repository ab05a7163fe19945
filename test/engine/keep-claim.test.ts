import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepClaim } from '../../app/engine/keep-claim.ts'

const EVERY_MS = 15_000

describe('holding a claim while the work lasts', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const given = (answers: readonly (boolean | Error)[]) => {
    let asked = 0
    let end = { done: (): void => {}, fail: (_: Error): void => {} }
    const work = new Promise<void>((resolve, reject) => {
      end = { done: resolve, fail: reject }
    })
    const renew = async (): Promise<boolean> => {
      const answer = answers[asked++] ?? true
      if (answer instanceof Error) throw answer
      return answer
    }
    return { end, kept: keepClaim(renew, EVERY_MS, () => work), asked: () => asked }
  }

  it('renews until the work is done, however it ends', async () => {
    for (const how of ['done', 'fail'] as const) {
      const { end, kept, asked } = given([])
      await vi.advanceTimersByTimeAsync(2 * EVERY_MS)
      expect(asked()).toBe(2)
      if (how === 'done') {
        end.done()
        await kept
      } else {
        end.fail(new Error('GitHub answered 502'))
        await expect(kept).rejects.toThrow('502')
      }
      await vi.advanceTimersByTimeAsync(5 * EVERY_MS)
      expect(asked()).toBe(2)
    }
  })

  it('goes on asking after a fault of the store, and not for a claim that is lost', async () => {
    const { end, kept, asked } = given([new Error('away'), true, false])
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS)
    expect(asked()).toBe(3)
    end.done()
    await kept
  })
})
