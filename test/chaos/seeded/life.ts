/**
 * One life of the App within this process: composed on the data that the last one left, and ended as kill -9 ends it. A dead
 * life's databases are closed, its timers never fire and its requests are never answered, so that nothing it still does counts.
 */
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { compose } from '../../../app/compose.ts'
import type { Config } from '../../../app/config.ts'
import { lives, type VirtualTime } from './virtual-time.ts'

export interface Life {
  readonly n: number
  isDead: boolean
  readonly files: Set<DatabaseSync>
  /** Rejects what waits for an answer of this life. */
  readonly died: Promise<never>
  readonly end: () => void
}

/** Thrown where a life ends, to unwind it. */
export class Died extends Error {
  override readonly name = 'Died'
}

export const createLife = (n: number): Life => {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  const life: Life = {
    n,
    isDead: false,
    files: new Set(),
    died: promise,
    end: () => {
      if (life.isDead) return
      life.isDead = true
      // What was not committed has not happened.
      for (const file of life.files) if (file.isOpen) file.close()
      reject(new Died('the App is dead'))
    },
  }
  return life
}

export type App = Awaited<ReturnType<typeof compose>>

/** Composes and starts the App as this life. Never settles when the life ends first. */
export const begin = (life: Life, config: Config, time: VirtualTime): Promise<App> =>
  lives.run(life, async () => {
    const app = await compose(config, { now: () => time.now() })
    await app.start()
    return app
  })

type Method<This> = (this: This, ...parameters: unknown[]) => unknown

/** Tells of each commit of a life, before and after it, and learns which databases a life has opened. The answer undoes it. */
export const watchCommits = (tell: (life: Life, side: 'before' | 'after') => void): (() => void) => {
  const statements = StatementSync.prototype as unknown as { run: Method<StatementSync> }
  const databases = DatabaseSync.prototype as unknown as Record<'exec' | 'prepare', Method<DatabaseSync>>
  const { run } = statements
  const { exec, prepare } = databases
  const noting = (method: Method<DatabaseSync>): Method<DatabaseSync> =>
    function (this: DatabaseSync, ...parameters) {
      const life = lives.getStore()
      // Whatever a dead life still meant to do.
      if (life?.isDead === true) throw new Died('the App is dead')
      life?.files.add(this)
      return method.apply(this, parameters)
    }
  databases.exec = noting(exec)
  databases.prepare = noting(prepare)
  statements.run = function (this: StatementSync, ...parameters) {
    const life = lives.getStore()
    if (life === undefined || !/^\s*commit\b/i.test(this.sourceSQL)) return run.apply(this, parameters)
    tell(life, 'before')
    const result = run.apply(this, parameters)
    tell(life, 'after')
    return result
  }
  return () => {
    statements.run = run
    Object.assign(databases, { exec, prepare })
  }
}
