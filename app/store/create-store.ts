/** A migrated database as the engine's Store. */
import type { Store } from '../engine/ports.ts'
import { createAgentKeys } from './agent-keys.ts'
import { createBuckets } from './buckets.ts'
import type { Database } from './database.ts'
import { createDocuments } from './documents.ts'
import { createEventLog } from './event-log.ts'
import { createGraph } from './graph.ts'
import { createInbox } from './inbox.ts'
import { createLeases } from './leases.ts'
import { migrate } from './migrations/migrate.ts'
import { createOutbox, RELEASED } from './outbox.ts'
import { createProjections } from './projections.ts'

/** Closes the database again when it cannot be migrated. */
export const createStore = async (database: Database): Promise<Store> => {
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    log: createEventLog(database),
    projections: createProjections(database),
    graph: createGraph(database),
    leases: createLeases(database),
    inbox: createInbox(database),
    outbox: createOutbox(database),
    documents: createDocuments(database),
    buckets: createBuckets(database),
    agentKeys: createAgentKeys(database),
    startWorking: async () => {
      const role = database.startWorking()
      if (role === 'sole') await releaseClaims(database)
      return role !== 'taken'
    },
    backup: (path) => database.backup(path),
    close: () => database.close(),
  }
}

/** Whoever had claimed these is gone. */
const releaseClaims = (database: Database): Promise<void> =>
  database.write(async (db) => {
    await db.updateTable('inbox').set({ claimed_until: 0 }).where('claimed_until', '>', 0).execute()
    await db.updateTable('outbox').set(RELEASED).where('claimed_until', '>', 0).execute()
  })
