/** Makes a person's fork of a repository, in git and in the state; asking twice gives the same one. */
import { gitStoreOf } from '../git/world-git.ts'
import type { Account } from '../model/account.ts'
import { forksOf } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'

export async function makeFork(world: World, source: Repository, owner: Account, name: string): Promise<Repository> {
  const { state, clock } = world
  const existing = state.repositories.find(
    (one) => one.ownerId === owner.id && forksOf(state).get(one.id) === source.id,
  )
  if (existing) return existing
  const now = clock.now()
  const id = state.ids.next()
  await gitStoreOf(state).fork(source.id, id)
  forksOf(state).set(id, source.id)
  return state.repositories.put({
    ...source,
    id,
    ownerId: owner.id,
    name,
    collaborators: { [owner.id]: 'admin' },
    customRoles: {},
    archived: false,
    lastNumber: 0,
    createdAt: now,
    updatedAt: now,
  })
}
