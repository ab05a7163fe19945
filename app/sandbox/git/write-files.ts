/** Writes one commit from a map of files. Moves no branch: the caller does, with compare-and-swap. */
import { commitText, type GitPerson, readCommit, writeBlob } from './git-objects.ts'
import { GitFault } from './git-process.ts'
import type { GitRepository } from './git-store.ts'
import { entriesOf, type GitTreeEntry } from './read-tree.ts'
import { writeObject } from './write-object.ts'

/** Paths and their new content; null deletes the file. */
export type FileChanges = Readonly<Record<string, string | Uint8Array | null>>

export type FilesCommit = {
  /** The first parent, whose tree the changes apply to; undefined for a repository's first commit. */
  readonly parent?: string
  readonly files: FileChanges
  readonly message: string
  readonly author: GitPerson
  readonly committer?: GitPerson
}

/** A path below some folder, and the blob that is to be there. */
type Change = { readonly parts: readonly string[]; readonly sha: string | null }
type Entry = Pick<GitTreeEntry, 'path' | 'mode' | 'sha'>

const FILE = '100644'
const FOLDER = '040000'

/** Git sorts a folder as if its name ended in a slash. */
const sortName = ({ path, mode }: Entry): Buffer => Buffer.from(mode === FOLDER ? `${path}/` : path)

const treeContent = (entries: Iterable<Entry>): Buffer =>
  Buffer.concat(
    [...entries]
      .toSorted((a, b) => Buffer.compare(sortName(a), sortName(b)))
      .flatMap(({ path, mode, sha }) => [Buffer.from(`${mode.replace(/^0/, '')} ${path}\0`), Buffer.from(sha, 'hex')]),
  )

/** The tree with the changes made, or undefined when nothing is left in it. */
const changedTree = async (
  git: GitRepository,
  base: string | undefined,
  changes: readonly Change[],
): Promise<string | undefined> => {
  const [tree] = base === undefined ? [] : await git.objects.read([base])
  const entries = new Map<string, Entry>((tree ? entriesOf(tree) : []).map((entry) => [entry.path, entry]))
  for (const [path = '', here] of Map.groupBy(changes, ({ parts }) => parts[0])) {
    for (const { sha } of here.filter(({ parts }) => parts.length === 1)) {
      if (sha === null) entries.delete(path)
      else entries.set(path, { path, mode: FILE, sha })
    }
    const below = here.flatMap(({ parts, sha }) => (parts.length > 1 ? [{ parts: parts.slice(1), sha }] : []))
    const folder = entries.get(path)?.mode === FOLDER ? entries.get(path)?.sha : undefined
    // What is no folder has nothing in it to delete.
    if (folder === undefined && below.every(({ sha }) => sha === null)) continue
    if (below.length === 0) continue
    const sha = await changedTree(git, folder, below)
    if (sha === undefined) entries.delete(path)
    else entries.set(path, { path, mode: FOLDER, sha })
  }
  return entries.size === 0 ? undefined : writeObject(git, 'tree', treeContent(entries.values()))
}

const partsOf = (path: string): readonly string[] => {
  const parts = path.split('/')
  if (parts.some((part) => /^(|\.|\.\.|\.git)$/i.test(part) || part.includes('\0')))
    throw new GitFault('git-failed', `${path} is no path that git keeps`)
  return parts
}

/** Returns the new commit's SHA. */
export const writeFiles = async (git: GitRepository, commit: FilesCommit): Promise<string> => {
  const { parent, files, message, author, committer = author } = commit
  const before = parent === undefined ? undefined : await readCommit(git, parent)
  if (parent !== undefined && before === undefined) throw new GitFault('git-failed', `${parent} is no commit`)
  const changes = await Promise.all(
    Object.entries(files).map(async ([path, content]) => ({
      parts: partsOf(path),
      sha: content === null ? null : await writeBlob(git, content),
    })),
  )
  const tree = (await changedTree(git, before?.tree, changes)) ?? (await writeObject(git, 'tree', ''))
  const parents = before === undefined ? [] : [before.sha]
  return writeObject(git, 'commit', commitText({ tree, parents, author, committer, message }))
}
