/** Fences as text (`3.7`: epoch 3, grant 7) and their order. */
import type { Fence } from './state.ts'

export const NO_FENCE: Fence = { epoch: 0, n: 0 }

export const renderFence = (fence: Fence): string => `${fence.epoch}.${fence.n}`

/** A fence as people and agents write it, or null. */
export const parseFence = (text: string): Fence | null => {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(text)
  return match ? { epoch: Number(match[1]), n: Number(match[2]) } : null
}

export const sameFence = (a: Fence, b: Fence): boolean => a.epoch === b.epoch && a.n === b.n

/** The fence of the next grant in a project whose epoch is `epoch`. */
export const nextFence = (newest: Fence, epoch: number): Fence => ({
  epoch: Math.max(epoch, newest.epoch),
  n: newest.n + 1,
})
