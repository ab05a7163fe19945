/** ULIDs that rise within this process. Random bytes are asked of the platform many at a time: each time costs as much as the rest of an id. */
import { randomFillSync } from 'node:crypto'
import { monotonicFactory } from 'ulid'
import type { Ids } from './engine/ports.ts'

const POOL_BYTES = 1024

export const createIds = (): Ids => ({ ulid: monotonicFactory(createRandom()) })

/** From 0 up to, but not, 1. */
const createRandom = (): (() => number) => {
  const pool = new Uint8Array(POOL_BYTES)
  let next = POOL_BYTES
  return () => {
    if (next === POOL_BYTES) {
      randomFillSync(pool)
      next = 0
    }
    const byte = pool[next] ?? 0
    next += 1
    return byte / 256
  }
}
