/** Refs of one repository: read, list, and move by compare-and-swap. Says nothing of who may move which ref. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'

export type GitRef = { readonly ref: string; readonly sha: string }

/** One ref that moved. `before` or `after` is ZERO_SHA for a ref that was created or deleted. */
export type RefMove = { readonly ref: string; readonly before: string; readonly after: string }

export const ZERO_SHA = '0'.repeat(40)

export const isSha = (text: string): boolean => /^[0-9a-f]{40}$/.test(text)

/** Whether git would accept this full ref name, such as `refs/heads/main`. */
export const isRefName = async (git: GitRepository, ref: string): Promise<boolean> =>
  ref.startsWith('refs/') && (await runGit(git.dir, ['check-ref-format', ref], { answers: [1] })).code === 0

/** All refs under a prefix (`refs/heads`, or a full ref name), in the order of their names. */
export const listRefs = async (git: GitRepository, prefix = 'refs'): Promise<readonly GitRef[]> => {
  const { text } = await runGit(git.dir, ['for-each-ref', '--format=%(objectname) %(refname)', prefix])
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha: line.slice(0, 40), ref: line.slice(41) }))
}

/** No revision syntax, no options: a name that git can only take for a ref or an object. */
const isPlain = (name: string): boolean =>
  name !== '' && !/[\s\p{Cc}~^:?*[\\]|\.\.|@\{/u.test(name) && !name.startsWith('-')

/** The object that a full ref name points at, or undefined. */
export const readRef = async (git: GitRepository, ref: string): Promise<string | undefined> => {
  if (!isPlain(ref)) return undefined
  return (await git.objects.read([ref]))[0]?.sha
}

/** The commit that a branch, tag, SHA or full ref names, or undefined. */
export const resolveCommit = async (git: GitRepository, revision: string): Promise<string | undefined> => {
  if (!isPlain(revision)) return undefined
  const whole = revision.startsWith('refs/') || revision === 'HEAD' || isSha(revision)
  const candidates = whole
    ? [revision]
    : [`refs/heads/${revision}`, `refs/tags/${revision}`, `refs/${revision}`, revision]
  const found = await git.objects.read(candidates.map((name) => `${name}^{commit}`))
  return found.find((object) => object !== undefined)?.sha
}

/**
 * Moves refs in one transaction: all of them or none. `before` is what each ref must hold now (ZERO_SHA: it must not
 * exist). Returns the refs that did not hold what was expected; an empty list means that everything moved.
 */
export const moveRefs = async (git: GitRepository, moves: readonly RefMove[]): Promise<readonly string[]> => {
  const commands = moves.map(({ ref, before, after }) =>
    after === ZERO_SHA ? `delete ${ref}\0${before}\0` : `update ${ref}\0${after}\0${before}\0`,
  )
  const { code } = await runGit(git.dir, ['update-ref', '-z', '--stdin'], {
    input: commands.join(''),
    answers: [1, 128],
  })
  if (code === 0) {
    return []
  }
  const stale: string[] = []
  for (const { ref, before } of moves) {
    if (((await readRef(git, ref)) ?? ZERO_SHA) !== before) {
      stale.push(ref)
    }
  }
  // Nothing was stale, so git refused for another reason (a bad name, `a` beside `a/b`, an object that is not there).
  return stale.length > 0 ? stale : moves.map(({ ref }) => ref)
}

/** Gives a repository that nobody has seen yet the branch it starts with. */
export const startBranch = async (git: GitRepository, branch: string, sha: string): Promise<void> => {
  const path = join(git.dir, 'refs/heads', branch)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${sha}\n`)
}

/** The branch that HEAD names, such as `main`. */
export const readDefaultBranch = async (git: GitRepository): Promise<string> =>
  (await runGit(git.dir, ['symbolic-ref', '--short', 'HEAD'])).text.trim()

export const setDefaultBranch = async (git: GitRepository, branch: string): Promise<void> => {
  await runGit(git.dir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
}
