/** Blobs, trees and commits of one repository, read and written as git objects. Moves no ref. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { GitFault, runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'
import type { GitObject } from './object-reader.ts'
import { readTree } from './read-tree.ts'
import { writeObject } from './write-object.ts'

export type { GitObject } from './object-reader.ts'

/** Who did something and when; `date` is ISO 8601. */
export type GitPerson = { readonly name: string; readonly email: string; readonly date: string }

export type GitCommit = {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
  readonly message: string
}

/** Reads many objects at once. A name is anything git can resolve (`main:src/a.js`); missing ones are undefined. */
export const readObjects = (
  git: GitRepository,
  names: readonly string[],
): Promise<ReadonlyArray<GitObject | undefined>> => git.objects.read(names)

const parsePerson = (line: string): GitPerson => {
  const found = /^(.*?) ?<(.*?)> (-?\d+) ([+-]\d{4})$/.exec(line)
  const seconds = Number(found?.[3] ?? 0)
  return {
    name: found?.[1] ?? '',
    email: found?.[2] ?? '',
    date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  }
}

const parseCommit = (sha: string, content: Buffer): GitCommit => {
  const text = content.toString('utf8')
  const split = text.indexOf('\n\n')
  const headers = text.slice(0, split).split('\n')
  const valuesOf = (name: string): readonly string[] =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  return {
    sha,
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    author: parsePerson(valuesOf('author')[0] ?? ''),
    committer: parsePerson(valuesOf('committer')[0] ?? ''),
    message: text.slice(split + 2).replace(/\n$/, ''),
  }
}

/** Commits by SHA, in the order asked for; those that do not exist are left out. */
export const readCommits = async (git: GitRepository, shas: readonly string[]): Promise<readonly GitCommit[]> => {
  const objects = await readObjects(git, shas)
  return objects.flatMap((object) => (object?.type === 'commit' ? [parseCommit(object.sha, object.content)] : []))
}

export const readCommit = async (git: GitRepository, sha: string): Promise<GitCommit | undefined> =>
  (await readCommits(git, [sha]))[0]

/** The file or folder at a path of a commit; a path of '' is the root. */
export const readPath = async (git: GitRepository, commit: string, path: string): Promise<GitObject | undefined> =>
  (await readObjects(git, [`${commit}:${path}`]))[0]

/** A text file at a path of a commit, or undefined. */
export const readTextFile = async (git: GitRepository, commit: string, path: string): Promise<string | undefined> => {
  const object = await readPath(git, commit, path)
  return object?.type === 'blob' ? object.content.toString('utf8') : undefined
}

export const writeBlob = (git: GitRepository, content: string | Uint8Array): Promise<string> =>
  writeObject(git, 'blob', content)

/** A change of one path: null `sha` removes it. */
export type TreeChange = { readonly path: string; readonly mode: string; readonly sha: string | null }

/** A tree made of a base tree (or none) and changes. Throws a GitFault for a path or object that git refuses. */
export const writeTree = async (
  git: GitRepository,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> => {
  const index = join(git.dir, `index.${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    if (base !== undefined) {
      await runGit(git.dir, ['read-tree', base], { env })
    }
    const lines: string[] = []
    for (const { path, mode, sha } of changes) {
      if (sha === null) {
        lines.push(`0 ${'0'.repeat(40)}\t${path}\0`)
      } else if (mode === '040000') {
        const inside = (await readTree(git, sha, true)).filter(({ type }) => type !== 'tree')
        lines.push(...inside.map((entry) => `${entry.mode} ${entry.sha}\t${path}/${entry.path}\0`))
      } else {
        lines.push(`${mode} ${sha}\t${path}\0`)
      }
    }
    await runGit(git.dir, ['update-index', '-z', '--index-info'], { env, input: lines.join('') })
    return (await runGit(git.dir, ['write-tree'], { env })).text.trim()
  } finally {
    await rm(index, { force: true })
  }
}

const personLine = ({ name, email, date }: GitPerson): string => {
  const clean = (text: string): string => text.replace(/[<>\n\r\0]/g, '')
  const seconds = Math.floor(Date.parse(date) / 1000)
  if (!Number.isFinite(seconds)) throw new GitFault('git-failed', `${date} is no date`)
  return `${clean(name)} <${clean(email)}> ${seconds} +0000`
}

/** A commit as git stores it. The message gets the final newline that git expects. */
export const commitText = (commit: Omit<GitCommit, 'sha'>): string =>
  [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(commit.author)}`,
    `committer ${personLine(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ].join('\n')

/** Writes a commit object and returns its SHA; a GitFault for what git would not take for a commit. */
export const writeCommit = async (git: GitRepository, commit: Omit<GitCommit, 'sha'>): Promise<string> => {
  const text = commitText(commit)
  if (text.includes('\0')) {
    throw new GitFault('git-failed', 'a commit message cannot contain a NUL character')
  }
  if (![commit.tree, ...commit.parents].every((sha) => /^[0-9a-f]{40}$/.test(sha))) {
    throw new GitFault('git-failed', 'a commit names its tree and parents by their SHAs')
  }
  return writeObject(git, 'commit', text)
}
