/** A git store in a folder of its own that goes away with the test, and a person whose time stands still. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

import type { GitPerson } from '../../../app/sandbox/git/git-objects.ts'
import { createGitStore, type GitRepository, type GitStore } from '../../../app/sandbox/git/git-store.ts'
import { moveRefs, ZERO_SHA } from '../../../app/sandbox/git/git-refs.ts'
import { writeFiles, type FileChanges } from '../../../app/sandbox/git/write-files.ts'

export const ALICE: GitPerson = { name: 'Alice', email: 'alice@example.test', date: '2026-11-21T09:00:00Z' }

export async function createScratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-git-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function createScratchStore(): Promise<GitStore> {
  const store = await createGitStore(await createScratchFolder())
  onTestFinished(() => store.close())
  return store
}

/** Commits files on a branch (made when missing) and returns the new commit. */
export async function commitOn(
  git: GitRepository,
  branch: string,
  files: FileChanges,
  parent?: string,
): Promise<string> {
  const sha = await writeFiles(git, { files, message: `Change ${branch}`, author: ALICE, ...(parent && { parent }) })
  const before = parent && branch === 'main' ? parent : ZERO_SHA
  const stale = await moveRefs(git, [{ ref: `refs/heads/${branch}`, before, after: sha }])
  if (stale.length > 0) throw new Error(`${branch} had moved`)
  return sha
}
