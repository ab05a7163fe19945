/** What lies between commits: logs, comparisons with their files and patches, diff text. Reads only. */
import { readCommits, type GitCommit } from './git-objects.ts'
import { runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'

export type ChangedFile = {
  readonly path: string
  readonly previousPath?: string
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed'
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  /** Hunks only, as GitHub's `patch`; absent for binary files and pure renames. */
  readonly patch?: string
}

export type Comparison = {
  readonly mergeBase: string | undefined
  readonly aheadBy: number
  readonly behindBy: number
  /** Commits of head that base lacks, oldest first. */
  readonly commits: readonly GitCommit[]
  readonly files: readonly ChangedFile[]
}

export type LogOptions = {
  readonly path?: string
  readonly skip?: number
  readonly limit?: number
  readonly since?: string
  readonly until?: string
  readonly author?: string
  /** Commits reachable from this one are left out. */
  readonly not?: string
  readonly oldestFirst?: boolean
}

/** Commits reachable from one, newest first unless asked otherwise. */
export const listCommits = async (
  git: GitRepository,
  from: string,
  options: LogOptions = {},
): Promise<readonly GitCommit[]> => {
  const args = ['rev-list', '--topo-order']
  if (options.oldestFirst === true) args.push('--reverse')
  if (options.skip !== undefined) args.push(`--skip=${options.skip}`)
  if (options.limit !== undefined) args.push(`--max-count=${options.limit}`)
  if (options.since !== undefined) args.push(`--since=${options.since}`)
  if (options.until !== undefined) args.push(`--until=${options.until}`)
  if (options.author !== undefined) args.push('--fixed-strings', `--author=${options.author}`)
  args.push('--end-of-options', from)
  if (options.not !== undefined) args.push(`^${options.not}`)
  args.push('--')
  if (options.path !== undefined && options.path !== '') args.push(`:(literal)${options.path}`)
  const { text } = await runGit(git.dir, args)
  return readCommits(
    git,
    text.split('\n').filter((line) => line !== ''),
  )
}

export const mergeBase = async (git: GitRepository, a: string, b: string): Promise<string | undefined> => {
  const { code, text } = await runGit(git.dir, ['merge-base', a, b], { answers: [1] })
  return code === 0 ? text.trim() : undefined
}

/** Whether `ancestor` is reachable from `descendant` (a commit is its own ancestor). */
export const isAncestor = async (git: GitRepository, ancestor: string, descendant: string): Promise<boolean> =>
  (await runGit(git.dir, ['merge-base', '--is-ancestor', ancestor, descendant], { answers: [1] })).code === 0

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const STATUSES: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  C: 'copied',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
}

/** One unified diff, as `git diff` prints it; undefined `from` is the empty tree. */
export const diffText = async (git: GitRepository, from: string | undefined, to: string): Promise<string> =>
  (await runGit(git.dir, ['diff', '--no-color', '--no-ext-diff', '-M', '--full-index', from ?? EMPTY_TREE, to])).text

/** A mailbox of patches, as `git format-patch` prints it. */
export const patchText = async (git: GitRepository, from: string, to: string): Promise<string> =>
  (await runGit(git.dir, ['format-patch', '--stdout', '--no-signature', `${from}..${to}`])).text

/** Patches by position: git prints them in the order of the raw listing, and no line inside one starts with `diff --git`. */
const hunksOf = (diff: string): ReadonlyArray<string | undefined> =>
  diff
    .split(/^(?=diff --git )/m)
    .filter((part) => part !== '')
    .map((part) => {
      const start = part.search(/^@@ /m)
      return start === -1 ? undefined : part.slice(start).replace(/\n$/, '')
    })

type RawEntry = Pick<ChangedFile, 'path' | 'previousPath' | 'status' | 'sha'>

const parseRaw = (fields: string[]): readonly RawEntry[] => {
  const entries: RawEntry[] = []
  while (fields[0]?.startsWith(':') === true) {
    const [, , before = '', after = '', letters = ''] = (fields.shift() ?? '').split(' ')
    const status = STATUSES[letters.charAt(0)] ?? 'modified'
    const first = fields.shift() ?? ''
    const renamed = status === 'renamed' || status === 'copied'
    const path = renamed ? (fields.shift() ?? '') : first
    entries.push({ path, ...(renamed && { previousPath: first }), status, sha: status === 'removed' ? before : after })
  }
  return entries
}

const parseNumbers = (fields: string[]): ReadonlyArray<readonly [number, number]> => {
  const numbers: Array<readonly [number, number]> = []
  while (fields.length > 0 && fields[0] !== '') {
    const [additions = '-', deletions = '-', path = ''] = (fields.shift() ?? '').split('\t')
    if (path === '') {
      fields.splice(0, 2)
    }
    numbers.push([additions === '-' ? 0 : Number(additions), deletions === '-' ? 0 : Number(deletions)])
  }
  return numbers
}

const changedFile = (
  entry: RawEntry,
  [additions, deletions]: readonly [number, number],
  patch: string | undefined,
): ChangedFile => ({ ...entry, additions, deletions, ...(patch !== undefined && { patch }) })

/** What a comparison is asked for: patches cost a second run of git. */
export type FilesOptions = { readonly patches: boolean }

/** The files that differ between two commits; undefined `from` is the empty tree. */
export const changedFiles = async (
  git: GitRepository,
  from: string | undefined,
  to: string,
  { patches }: FilesOptions = { patches: true },
): Promise<readonly ChangedFile[]> => {
  const base = from ?? EMPTY_TREE
  const { text } = await runGit(git.dir, ['diff', '--raw', '--numstat', '-z', '--no-abbrev', '-M', base, to])
  const fields = text.split('\0')
  const raw = parseRaw(fields)
  const numbers = parseNumbers(fields)
  const hunks = patches ? hunksOf(await diffText(git, base, to)) : []
  return raw.map((entry, i) => changedFile(entry, numbers[i] ?? [0, 0], hunks[i]))
}

/** What head has over base, from their merge base, as GitHub's three-dot comparison. */
export const compareCommits = async (
  git: GitRepository,
  base: string,
  head: string,
  options: FilesOptions = { patches: true },
): Promise<Comparison> => {
  const common = await mergeBase(git, base, head)
  const sides = ['--topo-order', '--reverse', '--left-right', `${base}...${head}`]
  const lines = (await runGit(git.dir, ['rev-list', ...sides])).text.split('\n')
  const ahead = lines.filter((line) => line.startsWith('>')).map((line) => line.slice(1))
  return {
    mergeBase: common,
    aheadBy: ahead.length,
    behindBy: lines.filter((line) => line.startsWith('<')).length,
    commits: await readCommits(git, ahead),
    files: common === head ? [] : await changedFiles(git, common, head, options),
  }
}
