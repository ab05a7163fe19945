/**
 * Time that passes only when nothing is left to do: the process's clocks and timers, replaced for as long as `live` runs.
 * An hour costs what its work costs. Knows of lives of the App, because the timers of a dead one never fire.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { Life } from './life.ts'

const require = createRequire(import.meta.url)
const timers = require('node:timers') as Record<string, unknown>
const promised = require('node:timers/promises') as Record<string, unknown>

const real = {
  Date: globalThis.Date,
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  now: performance.now.bind(performance),
}

/** Idle loops of the App look less and less often while nothing happens at all, as on a machine that has better things to do. */
const STRETCH_AFTER_MS = 1000
const STRETCHED_MS = 1000
/** Turns of the real event loop in which nothing happened, before the clock moves. */
const CALM_TURNS = 2
/** Turns after which what goes on is not of this process. */
const SPINS = 8
/** Real time without an end of the work at hand: something waits for what will never come. */
const STUCK_MS = 60_000

interface Timer {
  due: number
  readonly ms: number
  readonly serial: number
  readonly life: Life | undefined
  readonly task: () => void
}

/** Which life of the App the running code belongs to; undefined: GitHub, people and the harness. */
export const lives = new AsyncLocalStorage<Life | undefined>()

export interface VirtualTime {
  now(): number
  /** Runs `task` once; the answer cancels it. */
  after(ms: number, task: () => void): () => void
  sleep(ms: number): Promise<void>
  /** Something happened: whoever looks now and then looks at the usual times again. */
  stir(): void
  /** The clock stands still until the answer is called. */
  hold(): () => void
  /** The clock stands still while this is under way, because it takes real time. */
  holding<T>(work: () => Promise<T>): Promise<T>
  /** How long a signal of `AbortSignal.timeout` gives; it never fires by itself. */
  patienceOf(signal: AbortSignal | null | undefined): number | null
  /** Replaces the process's clocks, and has time pass until `body` has ended. */
  live<T>(body: () => Promise<T>): Promise<T>
}

export const createVirtualTime = (start: number, random: () => number): VirtualTime => {
  let now = start
  let serial = 0
  let stirredAt = start
  let immediates = 0
  let held = 0
  const waiting = new Map<number, Timer>()
  const patience = new WeakMap<AbortSignal, number>()

  const add = (given: number, task: () => void): number => {
    const life = lives.getStore()
    const ms = Math.max(0, Number.isFinite(given) ? given : 0)
    const id = (serial += 1)
    const quietMs = now - stirredAt
    const stretch = life === undefined || ms > STRETCHED_MS || quietMs < STRETCH_AFTER_MS ? 1 : stretchAfter(quietMs)
    waiting.set(id, { due: now + ms * stretch, ms, serial: id, life, task })
    return id
  }

  const stir = (): void => {
    const wasQuiet = now - stirredAt >= STRETCH_AFTER_MS
    stirredAt = now
    if (!wasQuiet) return
    for (const timer of waiting.values())
      if (timer.life !== undefined && timer.ms <= STRETCHED_MS) timer.due = Math.min(timer.due, now + timer.ms)
  }

  const next = (): Timer | null => {
    let first: Timer | null = null
    for (const timer of waiting.values()) {
      if (timer.life?.isDead === true) waiting.delete(timer.serial)
      else if (first === null || timer.due < first.due || (timer.due === first.due && timer.serial < first.serial))
        first = timer
    }
    return first
  }

  const pass = (): void => {
    const timer = next()
    if (timer === null) throw new Error('nothing is left that could happen')
    waiting.delete(timer.serial)
    now = Math.max(now, timer.due)
    lives.run(timer.life, timer.task)
  }

  const handle = (id: number) => {
    const self = { ref: () => self, unref: () => self, hasRef: () => false, [Symbol.toPrimitive]: () => id }
    return self
  }
  const clear = (timer: unknown): void => {
    if (timer !== undefined && timer !== null) waiting.delete(Number(timer))
  }
  const setTimeout = (task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    handle(add(ms, () => task(...args)))
  const setInterval = (task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    // One handle for all of its rounds: the id stays, the timer behind it is put back.
    const life = lives.getStore()
    const id = (serial += 1)
    const round = (): void => {
      waiting.set(id, { due: now + ms, ms: Number.POSITIVE_INFINITY, serial: id, life, task: again })
    }
    const again = (): void => {
      round()
      task(...args)
    }
    round()
    return handle(id)
  }
  const setImmediate = (task: (...args: unknown[]) => void, ...args: unknown[]) => {
    const life = lives.getStore()
    immediates += 1
    return real.setImmediate(() => {
      immediates -= 1
      if (life?.isDead !== true) task(...args)
    })
  }
  const sleep = (ms = 0, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const id = add(ms, () => {
        signal?.removeEventListener('abort', stop)
        resolve(value)
      })
      const stop = (): void => {
        waiting.delete(id)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', stop, { once: true })
    })

  class VirtualDate extends real.Date {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [now] : given) as [number]))
    }
    static override now(): number {
      return Math.floor(now)
    }
  }

  const install = (): (() => void) => {
    const undo: (() => void)[] = []
    const put = (target: object, members: Readonly<Record<string, unknown>>): void => {
      for (const [name, value] of Object.entries(members)) {
        const before = Object.getOwnPropertyDescriptor(target, name)
        Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true })
        undo.push(() => {
          if (before === undefined) Reflect.deleteProperty(target, name)
          else Object.defineProperty(target, name, before)
        })
      }
    }
    const all = { setTimeout, clearTimeout: clear, setInterval, clearInterval: clear, setImmediate }
    put(globalThis, { ...all, Date: VirtualDate })
    put(timers, all)
    put(promised, { setTimeout: sleep, setImmediate: (value: unknown) => new Promise((go) => setImmediate(go, value)) })
    put(performance, { now: () => now - start })
    put(Math, { random })
    put(AbortSignal, {
      timeout: (ms: number) => {
        const { signal } = new AbortController()
        patience.set(signal, ms)
        return signal
      },
    })
    const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, (...args: unknown[]) => Promise<unknown>>
    const counted = ['sign', 'importKey', 'digest', 'verify'].map((name) => {
      const own = subtle[name]
      return [name, (...args: unknown[]) => holding(async () => own?.apply(crypto.subtle, args))] as const
    })
    put(subtle, Object.fromEntries(counted))
    syncBuiltinESMExports()
    return () => {
      for (const back of undo.toReversed()) back()
      syncBuiltinESMExports()
    }
  }

  const hold = (): (() => void) => {
    let isHeld = true
    held += 1
    return () => {
      if (isHeld) held -= 1
      isHeld = false
    }
  }
  const holding = async <T>(work: () => Promise<T>): Promise<T> => {
    const release = hold()
    try {
      return await work()
    } finally {
      release()
    }
  }

  return {
    now: () => Math.floor(now),
    after: (ms, task) => {
      const id = add(ms, task)
      return () => void waiting.delete(id)
    },
    sleep: (ms) => sleep(ms) as Promise<void>,
    stir,
    hold,
    holding,
    patienceOf: (signal) => (signal === null || signal === undefined ? null : (patience.get(signal) ?? null)),
    async live(body) {
      const restore = install()
      const state = { ended: false }
      let movedAt = real.now()
      const result = body().finally(() => {
        state.ended = true
      })
      // Its failure is the caller's, below.
      result.catch(() => undefined)
      try {
        for (let calm = 0, busy = 0; !state.ended;) {
          // What takes long, such as another process, is not waited for by turning on the spot.
          await new Promise<void>((turn) => void (busy > SPINS ? real.setTimeout(turn, 1) : real.setImmediate(turn)))
          const isBusy = held > 0 || immediates > 0 || isReading()
          calm = isBusy ? 0 : calm + 1
          busy = isBusy ? busy + 1 : 0
          if (real.now() - movedAt > STUCK_MS) throw new Error('stuck: real work does not end')
          if (state.ended || calm < CALM_TURNS) continue
          calm = 0
          movedAt = real.now()
          pass()
        }
        return await result
      } finally {
        restore()
      }
    },
  }
}

/** How many times longer a look is put off that found nothing for so long. */
const stretchAfter = (quietMs: number): number => (quietMs < 10_000 ? 5 : quietMs < 60_000 ? 20 : 200)

/** Files that are being read or written, say while a database is opened. */
const isReading = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
