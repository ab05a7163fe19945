/**
 * Hands each of those who look for work at the same time a task of its own: one read for all of them, so that they do not
 * fight over the head of the order. Only within this process, and only for as long as the claim is tried: the log decides.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StreamId } from '../domain/event/envelope.ts'
import type { Projections, ReadyTask } from './ports.ts'

export interface HandOut {
  /** The first ready task that suits and that nobody else here is trying, or null. `done` gives it free again. */
  next(project: StreamId, suits: (task: ReadyTask) => boolean): Promise<ReadyTask | null>
  done(task: ReadyTask): void
}

interface Waiting {
  readonly suits: (task: ReadyTask) => boolean
  readonly resolve: (task: ReadyTask | null) => void
  readonly reject: (error: unknown) => void
}

/** What is read in one go at least: tasks that suit nobody who asks stand in between. */
const LEAST_PAGE = 64

export const createHandOut = (projections: Pick<Projections, 'ready'>): HandOut => {
  const tried = new Set<StreamId>()
  const gathering = new Map<StreamId, Waiting[]>()

  /** Whoever came first gets the first that suits. Takes out of `waiting` whom it gave one. */
  const give = (page: readonly ReadyTask[], waiting: Waiting[]): void => {
    for (const task of page) {
      if (waiting.length === 0) return
      if (tried.has(task.stream)) continue
      const at = waiting.findIndex(({ suits }) => suits(task))
      if (at < 0) continue
      tried.add(task.stream)
      for (const { resolve } of waiting.splice(at, 1)) resolve(task)
    }
  }

  const serve = async (project: StreamId, waiting: Waiting[]): Promise<void> => {
    try {
      const limit = Math.max(LEAST_PAGE, waiting.length + tried.size)
      for (let after: ReadyTask | undefined; waiting.length > 0;) {
        const page = await projections.ready(project, limit, after)
        give(page, waiting)
        if (page.length < limit) break
        after = page.at(-1)
      }
      for (const { resolve } of waiting) resolve(null)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  /** One round at a time for each project; whoever comes meanwhile is in the next one. */
  const run = async (project: StreamId): Promise<void> => {
    for (;;) {
      await nextTurn()
      const waiting = gathering.get(project) ?? []
      if (waiting.length === 0) break
      gathering.set(project, [])
      await serve(project, waiting)
    }
    gathering.delete(project)
  }

  return {
    next: (project, suits) =>
      new Promise((resolve, reject) => {
        const waiting = gathering.get(project)
        if (waiting !== undefined) waiting.push({ suits, resolve, reject })
        else {
          gathering.set(project, [{ suits, resolve, reject }])
          void run(project)
        }
      }),
    done: (task) => void tried.delete(task.stream),
  }
}
