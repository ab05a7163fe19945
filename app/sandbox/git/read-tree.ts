/** Folders of a commit, read from the tree objects themselves: a git process for each listing was most of what an event cost. */
import { GitFault } from './git-process.ts'
import type { GitRepository } from './git-store.ts'
import type { GitObject } from './object-reader.ts'

export type GitTreeEntry = {
  readonly path: string
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  readonly size?: number
}

const MODE_DIGITS = 6
const SHA_BYTES = 20

const typeOf = (mode: string): GitTreeEntry['type'] => {
  if (mode === '040000') return 'tree'
  return mode === '160000' ? 'commit' : 'blob'
}

/** What a tree object lists, in its order and without sizes. An entry is `mode name`, a NUL and the SHA's bytes. */
export const entriesOf = (tree: Pick<GitObject, 'content'>): readonly GitTreeEntry[] => {
  const { content } = tree
  const entries: GitTreeEntry[] = []
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at)
    const end = content.indexOf(0, space)
    const mode = content.toString('latin1', at, space).padStart(MODE_DIGITS, '0')
    const path = content.toString('utf8', space + 1, end)
    at = end + 1 + SHA_BYTES
    entries.push({ path, mode, type: typeOf(mode), sha: content.toString('hex', end + 1, at) })
  }
  return entries
}

const treeOf = async (git: GitRepository, treeish: string): Promise<GitObject> => {
  const [found] = await git.objects.read([treeish])
  const [tree] = found?.type === 'tree' ? [found] : await git.objects.read([`${found?.sha ?? treeish}^{tree}`])
  if (tree === undefined) throw new GitFault('git-failed', `${treeish} names no tree`)
  return tree
}

/** The entries of a tree (or of a commit's tree); recursive lists the folders too, as GitHub does. */
export const readTree = async (
  git: GitRepository,
  treeish: string,
  recursive = false,
): Promise<readonly GitTreeEntry[]> => {
  const entries = entriesOf(await treeOf(git, treeish))
  const blobs = entries.filter(({ type }) => type === 'blob')
  const read = await git.objects.read(blobs.map(({ sha }) => sha))
  const sizes = new Map(read.flatMap((blob) => (blob === undefined ? [] : [[blob.sha, blob.content.length] as const])))
  const listed: GitTreeEntry[] = []
  for (const entry of entries) {
    const size = sizes.get(entry.sha)
    listed.push(size === undefined ? entry : { ...entry, size })
    const inside = recursive && entry.type === 'tree' ? await readTree(git, entry.sha, true) : []
    for (const one of inside) listed.push({ ...one, path: `${entry.path}/${one.path}` })
  }
  return listed
}
