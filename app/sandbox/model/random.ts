/**
 * Seeded pseudo-random numbers, one independent sequence per purpose, so that one more delivery does not change which
 * list read is stale. Not for secrets: tokens are derived elsewhere.
 */
export interface Random {
  /** A number in [0, 1) from the named sequence. */
  next(purpose: string): number
}

export function createRandom(seed: number): Random {
  const sequences = new Map<string, () => number>()
  return {
    next(purpose) {
      let sequence = sequences.get(purpose)
      if (!sequence) sequences.set(purpose, (sequence = mulberry32(seed ^ hashText(purpose))))
      return sequence()
    },
  }
}

function hashText(text: string): number {
  let hash = 2_166_136_261
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619)
  return hash
}

function mulberry32(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d_2b_79_f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
