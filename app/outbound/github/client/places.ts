/** At most so many requests of one installation under way at once; a freed place goes to the most urgent lane, oldest first. */
import type { Lane } from '../../../engine/ports.ts'

const ORDER: readonly Lane[] = ['command', 'result', 'cosmetic']

export interface Places {
  /** Runs `work` when there is a place for it. */
  run<T>(lane: Lane, work: () => Promise<T>): Promise<T>
}

export const createPlaces = (count: number): Places => {
  let free = count
  const waiting: Record<Lane, (() => void)[]> = { command: [], result: [], cosmetic: [] }
  const leave = (): void => {
    for (const lane of ORDER) {
      const next = waiting[lane].shift()
      if (next !== undefined) return next()
    }
    free++
  }
  return {
    async run(lane, work) {
      if (free > 0) free--
      else await new Promise<void>((enter) => void waiting[lane].push(enter))
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
