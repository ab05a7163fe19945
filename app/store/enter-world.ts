/** Sees to it, before a database is opened, that it belongs to the GitHub the process works with: a new sandbox gets a new one. */
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { type StorePlace, SQLITE_FILE } from './open-store.ts'
import { earlierOf, markWorld, readWorld, setAside, type World } from './sqlite/world-mark.ts'
import { StoreFault } from './store-fault.ts'

/**
 * `ofAnotherSandbox`: what becomes of such a database. Returns a line for people when something was set aside. Throws a
 * StoreFault when the data cannot be used; that of GitHub itself is never moved. Postgres is not looked at: whoever names it
 * answers for it.
 */
export const enterWorld = async (
  { databaseUrl, dataDir }: Pick<StorePlace, 'databaseUrl' | 'dataDir'>,
  world: World,
  ofAnotherSandbox: 'set-aside' | 'refuse',
): Promise<string | null> => {
  if (databaseUrl !== null) return null
  const path = join(dataDir, SQLITE_FILE)
  const found = await readWorld(path).catch(() => world)
  // What cannot be read now gets its words when it is opened.
  if (found === world) return null
  if (found === null) {
    if (world !== 0) enter(dataDir, path, world)
    return null
  }
  if (found === 0)
    throw unusable(`The data in ${dataDir} is no sandbox's: choose another folder with --data, or move it away.`)
  if (world === 0) {
    throw unusable(`The data in ${dataDir} is a sandbox's, not GitHub's: choose another folder with --data.`)
  }
  if (ofAnotherSandbox === 'refuse') {
    throw unusable(
      `The data in ${dataDir} is that of an earlier sandbox: start the App there, which sets it aside, or choose another --data.`,
    )
  }
  if (!setAside(path)) throw unusable(`Another App works on ${dataDir}: stop it, or choose another --data.`)
  enter(dataDir, path, world)
  return `the data in ${dataDir} was that of an earlier sandbox; it now lies in ${earlierOf(path)}, and this one starts empty`
}

const enter = (dataDir: string, path: string, world: World): void => {
  try {
    makeFolder(dataDir)
    markWorld(path, world)
  } catch (error) {
    throw new StoreFault('bad-place', `${path} cannot be made: choose another folder with --data.`, { cause: error })
  }
}

const unusable = (message: string): StoreFault => new StoreFault('bad-place', message)
