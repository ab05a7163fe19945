import { expect, it } from 'vitest'
import { createSqliteStore } from '../../app/store/sqlite/create-sqlite-store.ts'
import { createClock } from '../engine/create-engine.ts'

it('forgets every key of one agent in one project, and no other', async () => {
  const { agentKeys } = await createSqliteStore({ path: ':memory:', clock: createClock() })
  await agentKeys.add({ hash: 'a', agent: 'claude', project: 'project/7' })
  await agentKeys.add({ hash: 'b', agent: 'claude', project: 'project/7' })
  await agentKeys.add({ hash: 'c', agent: 'claude', project: 'project/8' })
  await agentKeys.add({ hash: 'd', agent: 'codex', project: 'project/7' })
  expect(await agentKeys.revoke('claude', 'project/7')).toBe(2)
  expect(await agentKeys.find('a')).toBeNull()
  expect([await agentKeys.find('c'), await agentKeys.find('d')]).not.toContain(null)
})
