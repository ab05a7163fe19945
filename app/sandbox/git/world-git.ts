/** The git repositories of one sandbox, found by the repository rows of its state. */
import { type CommitStub, commitStub } from '../model/commit-stub.ts'
import type { Repository } from '../model/repository.ts'
import { type State, stateSlot } from '../model/state.ts'
import { readCommit } from './git-objects.ts'
import type { GitRepository, GitStore } from './git-store.ts'

const slot = stateSlot<{ store: GitStore | undefined }>('git store', () => ({ store: undefined }))

/** Called once, when the sandbox starts. */
export function setGitStore(state: State, store: GitStore): void {
  slot(state).store = store
}

export function gitStoreOf(state: State): GitStore {
  const { store } = slot(state)
  if (!store) throw new Error('the git area has not started')
  return store
}

export function gitOf(state: State, repository: Pick<Repository, 'id'>): GitRepository {
  return gitStoreOf(state).open(repository.id)
}

export async function commitStubOf(
  state: State,
  repository: Pick<Repository, 'id'>,
  sha: string,
): Promise<CommitStub | undefined> {
  const commit = await readCommit(gitOf(state, repository), sha)
  return commit && commitStub(commit)
}
