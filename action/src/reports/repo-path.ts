/**
 * Makes paths in test output relative to the repository: absolute ones, `file:` URLs, backslashes, paths of a container
 * that had the repository elsewhere, paths relative to a package. Paths outside the repository are dropped.
 */

export interface RepoPaths {
  /** Absolute path of the repository on this machine. */
  readonly workspace: string
  /** Whether a path relative to the repository is a file in it. */
  readonly exists: (path: string) => boolean
}

const MAX_PATH = 1_000
/** Code of others: a failure is never theirs to fix here. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor\/bundle|\.cargo\/registry|\.pnpm|\.yarn)\/|^node:|^internal\//

/**
 * The path relative to the repository with forward slashes, or null. `bases` are folders of the repository that a relative
 * path may start from. A path that is nowhere in the repository is null unless `trusted`: attributes of reports are.
 */
export const toRepoPath = (
  raw: string,
  paths: RepoPaths,
  bases: readonly string[] = [],
  trusted = false,
): string | null => {
  const clean = normalise(raw)
  if (clean === null || clean.length > MAX_PATH || FOREIGN.test(clean)) return null
  if (!isAbsolute(clean)) {
    const tries = ['', ...bases].flatMap((base) => join(base, clean) ?? [])
    return tries.find((path) => paths.exists(path)) ?? (trusted ? (tries[0] ?? null) : null)
  }
  const inside = stripRoot(clean, normalise(paths.workspace) ?? paths.workspace)
  if (inside !== null) return inside === '' ? null : inside
  // Another root, such as a container's: the longest end of it that is a file here.
  const parts = clean.split('/').filter((part) => part !== '')
  for (let from = 1; from < parts.length - 1 && from < MAX_ROOTS; from++) {
    const tail = parts.slice(from).join('/')
    if (paths.exists(tail)) return tail
  }
  return null
}

const MAX_ROOTS = 12

const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[A-Za-z]:\//.test(path)

const normalise = (raw: string): string | null => {
  let text = raw.trim()
  if (/^file:\/\//i.test(text)) {
    try {
      text = decodeURIComponent(text.replace(/^file:\/\/(?:localhost)?/i, ''))
    } catch {
      return null
    }
    text = text.replace(/^\/(?=[A-Za-z]:)/, '')
  }
  text = text.replaceAll('\\', '/')
  if (text === '' || /(?!\t)\p{Cc}/u.test(text)) return null
  const absolute = isAbsolute(text)
  const resolved = join('', absolute ? text.replace(/^\/+/, '') : text)
  if (resolved === null) return null
  return absolute && text.startsWith('/') ? `/${resolved}` : resolved
}

/** Null when `..` leads out. */
const join = (base: string, path: string): string | null => {
  const parts: string[] = []
  for (const part of `${base}/${path}`.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.length === 0 ? null : parts.join('/')
}

const stripRoot = (path: string, root: string): string | null => {
  const prefix = root.endsWith('/') ? root : `${root}/`
  // Drive letters and folders of Windows have no case.
  const same = /^[A-Za-z]:/.test(root)
    ? path.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()
    : path.startsWith(prefix)
  return same ? path.slice(prefix.length) : null
}

/** `example.com/mod/internal/cacher`: relative paths of Go start at the end of their package's path. */
export const packageFolders = (name: string | null): readonly string[] => {
  if (name === null || !/^[\w.-]+(?:\/[\w.-]+)+$/.test(name)) return []
  const parts = name.split('/').slice(-MAX_PACKAGE_FOLDERS)
  return parts.slice(1).map((_, index) => parts.slice(index + 1).join('/'))
}

const MAX_PACKAGE_FOLDERS = 6
