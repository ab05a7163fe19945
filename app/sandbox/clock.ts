/**
 * The sandbox's only source of time. Everything that waits or stamps asks a Clock, so that a test can hold time still.
 * Milliseconds everywhere; GitHub's own answers round down to seconds when rendered (see model/time.ts).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void
}

/** The machine's clock. Its timers do not keep the process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** A clock that stands still until `advance` is called; due tasks run in the order of their time. */
export interface ManualClock extends Clock {
  advance(ms: number): void
}

export function createManualClock(start = Date.parse('2026-11-21T09:00:00Z')): ManualClock {
  let now = start
  let serial = 0
  const tasks = new Map<number, { readonly due: number; readonly task: () => void }>()
  const nextDue = (until: number) =>
    [...tasks].filter(([, t]) => t.due <= until).toSorted((a, b) => a[1].due - b[1].due || a[0] - b[0])[0]
  return {
    now: () => now,
    after(ms, task) {
      const id = ++serial
      tasks.set(id, { due: now + Math.max(0, ms), task })
      return () => tasks.delete(id)
    },
    advance(ms) {
      const until = now + ms
      for (let next = nextDue(until); next; next = nextDue(until)) {
        tasks.delete(next[0])
        now = Math.max(now, next[1].due)
        next[1].task()
      }
      now = until
    },
  }
}
