/**
 * GitHub lets nobody but people, and Apps with the permission `workflows`, bring changes of workflow files into a
 * repository: a GITHUB_TOKEN never, an agent's App seldom.
 */
import type { Caller } from '../auth/caller.ts'
import { notAccessible } from '../http/errors.ts'
import { runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'

export function mayChangeWorkflows(caller: Caller): boolean {
  if (caller.kind === 'user') return true
  return caller.kind === 'installation' && caller.permissions.workflows === 'write'
}

/** The first workflow file that commits change which no ref of the repository holds yet. */
async function changedWorkflow(git: GitRepository, commit: string): Promise<string | undefined> {
  const about = ['--format=', '--name-only', '--no-renames', commit, '--not', '--all', '--', '.github/workflows']
  const { text } = await runGit(git.dir, ['log', ...about])
  return text.split('\n').find((line) => line !== '')
}

/** Throws GitHub's 403 when moving a ref to this commit would bring a workflow change that the caller may not make. */
export async function demandWorkflowRight(caller: Caller, git: GitRepository, commit: string): Promise<void> {
  if (!mayChangeWorkflows(caller) && (await changedWorkflow(git, commit)) !== undefined)
    throw notAccessible('workflows=write')
}
