/** Calls that arrive together share one commit, and a bad one fails alone. */
import { describe, expect, it } from 'vitest'
import { createGroupCommit } from '../../app/store/group-commit.ts'

const create = (isBad: (input: number) => boolean = () => false) => {
  const groups: (readonly number[])[] = []
  const put = createGroupCommit<number, string>(
    async (inputs) => {
      groups.push(inputs)
      await Promise.resolve()
      if (inputs.some(isBad)) throw new RangeError('bad')
      return inputs.map((input) => `done ${input}`)
    },
    (error) => error instanceof RangeError,
  )
  return { groups, put }
}

describe('a group commit', () => {
  it('joins the calls of one tick and answers each with its own', async () => {
    const { groups, put } = create()
    expect(await Promise.all([1, 2, 3].map(put))).toEqual(['done 1', 'done 2', 'done 3'])
    expect(groups).toEqual([[1, 2, 3]])
    expect(await put(4)).toBe('done 4')
    expect(groups).toEqual([[1, 2, 3], [4]])
  })

  it('gathers the next group while one is being committed', async () => {
    let release = (): void => undefined
    const groups: (readonly number[])[] = []
    const put = createGroupCommit<number, number>(
      async (inputs) => {
        groups.push(inputs)
        await new Promise<void>((resolve) => (release = resolve))
        return inputs
      },
      () => false,
    )
    const first = put(1)
    await new Promise((resolve) => setImmediate(resolve))
    const rest = [2, 3].map(put)
    expect(groups).toEqual([[1]])
    release()
    await first
    await new Promise((resolve) => setImmediate(resolve))
    expect(groups).toEqual([[1], [2, 3]])
    release()
    expect(await Promise.all(rest)).toEqual([2, 3])
  })

  it('lets only the bad one fail', async () => {
    const { groups, put } = create((input) => input === 2)
    const results = await Promise.allSettled([1, 2, 3].map(put))
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]])
  })

  it('fails all when alone would be no better', async () => {
    const put = createGroupCommit<number, number>(
      () => Promise.reject(new Error('no disk')),
      () => false,
    )
    const results = await Promise.allSettled([1, 2].map(put))
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
  })
})
