/** The files of the machine that a report may speak of: found by globs, read within bounds, never outside the given roots. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { glob, open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'

/** More than this is a glob that went astray. */
const MAX_MATCHES = 500

export interface Place {
  /** Where relative paths start. */
  readonly workspace: string
  /** Folders whose files may be uploaded; links that lead elsewhere are not followed. */
  readonly roots: readonly string[]
}

export interface FoundFiles {
  /** Absolute, sorted. */
  readonly files: readonly string[]
  /** Matches that lie outside the roots, or are too many. */
  readonly refused: number
}

/** Every regular file that a glob matches. `node_modules` is left out unless the glob names it. */
export const findFiles = async (pattern: string, place: Place): Promise<FoundFiles> => {
  const roots = await Promise.all(place.roots.map((root) => realpath(root).catch(() => root)))
  const files: string[] = []
  let refused = 0
  const exclude = pattern.includes('node_modules') ? [] : ['**/node_modules/**']
  for await (const match of glob(toGlob(pattern), { cwd: place.workspace, exclude })) {
    const path = resolve(place.workspace, match)
    const real = await realpath(path).catch(() => null)
    if (real === null || !(await stat(real)).isFile()) continue
    if (!roots.some((root) => isInside(real, root)) || files.length >= MAX_MATCHES) refused++
    else files.push(path)
  }
  return { files: files.toSorted(), refused }
}

const toGlob = (pattern: string): string => (sep === '\\' ? pattern.replaceAll('\\', '/') : pattern)

const isInside = (path: string, root: string): boolean => {
  const way = relative(root, path)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}

/** Relative to the workspace with forward slashes; null when the file lies outside. */
export const relativePath = (path: string, workspace: string): string | null =>
  isInside(path, workspace) ? relative(workspace, path).split(sep).join('/') : null

/** SHA-256 and size of the bytes that are there now. */
export const digestFile = async (path: string): Promise<{ readonly sha256: string; readonly size: number }> => {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: hash.digest('hex'), size }
}

/** The last `max` bytes as text. */
export const readTail = async (path: string, max: number): Promise<string> => {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, max)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Whether files exist below the workspace; asked often for the same paths, and answered `false` after too many questions. */
export const createExists = (workspace: string): ((path: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (path) => {
    const answer = known.get(path) ?? (known.size < MAX_QUESTIONS && existsSync(resolve(workspace, path)))
    known.set(path, answer)
    return answer
  }
}

const MAX_QUESTIONS = 20_000
