/** Hashes of agents' keys. The keys themselves are never seen here. */
import type { StreamId } from '../domain/event/envelope.ts'
import type { AgentKeys } from '../engine/ports.ts'
import type { Database } from './database.ts'

export const createAgentKeys = (database: Database): AgentKeys => ({
  add: async ({ hash, agent, project }) => {
    await database.write((db) =>
      db
        .insertInto('agent_keys')
        .values({ hash, agent, project })
        // The same key again is the same key.
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute(),
    )
  },
  revoke: async (agent, project) => {
    const { numDeletedRows } = await database.write((db) =>
      db.deleteFrom('agent_keys').where('agent', '=', agent).where('project', '=', project).executeTakeFirst(),
    )
    return Number(numDeletedRows)
  },
  find: async (hash) => {
    const row = await database.read((db) =>
      db.selectFrom('agent_keys').select(['agent', 'project']).where('hash', '=', hash).executeTakeFirst(),
    )
    return row === undefined ? null : { agent: row.agent, project: row.project as StreamId }
  },
  opens: async (agent, project) => {
    const row = await database.read((db) =>
      db
        .selectFrom('agent_keys')
        .select('hash')
        .where('agent', '=', agent)
        .where('project', '=', project)
        .limit(1)
        .executeTakeFirst(),
    )
    return row !== undefined
  },
})
