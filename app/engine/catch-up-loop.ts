/**
 * When to catch up with GitHub: every known project once before anything is worked on. GitHub being away keeps nobody from
 * starting: those projects are tried again now and then, and until then the first contact with each issue compares the heads.
 */
import type { Millis, StreamId } from '../domain/event/envelope.ts'
import type { Project } from '../domain/project/project.ts'
import { catchUp, type CaughtUp } from './catch-up.ts'
import { summarise } from './fault.ts'
import type { Engine } from './handle-command.ts'
import type { Log } from './log.ts'
import { createLoop, type Loop } from './loop.ts'

const AGAIN_MS: Millis = 30_000
/** Two requests each when nothing is missing: side by side, but not all at once. */
const PARALLEL = 4

export interface CatchUpLoop extends Loop {
  /** Resolves when every known project was caught up with, or could not be. */
  first(): Promise<void>
}

/** What could not be believed, as far as the log tells of it. */
interface Doubted extends CaughtUp {
  readonly doubts: readonly { readonly issue: number | null; readonly problem: string; readonly next: string }[]
}

export const createCatchUpLoop = (deps: {
  readonly engine: Engine
  readonly log: Log
  readonly importMissing: (project: Project) => Promise<Doubted>
  /** Whether GitHub, and not we, kept it from being done. */
  readonly isOutside: (error: unknown) => boolean
}): CatchUpLoop => {
  const { engine, log, importMissing, isOutside } = deps
  const behind = new Set<StreamId>()

  const one = async (project: Project): Promise<void> => {
    const { repository } = project
    try {
      const { streams, doubts } = await catchUp(engine, project, () => importMissing(project))
      behind.delete(project.stream)
      const missing = streams.filter(({ outcome }) => outcome === 'imported' || outcome === 'gap').length
      if (missing > 0)
        log.warn('this data was older than GitHub: what was missing was imported', { repository, missing })
      for (const { issue, problem, next } of doubts) {
        // A project that has written nothing yet has no ledger.
        if (problem === 'no-ledger' && project.ledgerIssue === null) continue
        log.warn('something on GitHub is not believed', { repository, issue, problem, next })
      }
    } catch (error) {
      if (!isOutside(error)) throw error
      behind.add(project.stream)
      const next = 'going on without; every issue is compared before it is written to'
      log.warn('GitHub cannot be asked what this data is missing', { repository, reason: summarise(error), next })
    }
  }

  const all = async (projects: readonly Project[]): Promise<void> => {
    for (let from = 0; from < projects.length; from += PARALLEL) {
      await Promise.all(projects.slice(from, from + PARALLEL).map(one))
    }
  }

  const loop = createLoop({
    name: 'catch up',
    log,
    idleMs: AGAIN_MS,
    round: async () => {
      const projects = await Promise.all([...behind].map((stream) => engine.store.projections.project(stream)))
      await all(projects.filter((project) => project !== null))
      return false
    },
  })
  return { ...loop, first: async () => all(await engine.store.projections.projects()) }
}
