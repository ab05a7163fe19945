/** Writes one commit from a map of files, with a single git process. Moves no branch: the caller does, with compare-and-swap. */
import { randomUUID } from 'node:crypto'

import type { GitPerson } from './git-objects.ts'
import { GitFault, runGit } from './git-process.ts'
import type { GitRepository } from './git-store.ts'

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

const data = (content: string | Uint8Array): Buffer => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

const quoted = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

const person = (role: string, { name, email, date }: GitPerson): string =>
  `${role} ${name.replace(/[<>\n]/g, '')} <${email.replace(/[<>\n]/g, '')}> ${Math.floor(Date.parse(date) / 1000)} +0000\n`

/** Returns the new commit's SHA. */
export const writeFiles = async (git: GitRepository, commit: FilesCommit): Promise<string> => {
  const scratch = `refs/sandbox/${randomUUID()}`
  const { message, author } = commit
  const parts: Buffer[] = [
    Buffer.from(
      `commit ${scratch}\nmark :1\n${person('author', author)}${person('committer', commit.committer ?? author)}`,
    ),
    data(message.endsWith('\n') ? message : `${message}\n`),
  ]
  if (commit.parent !== undefined) {
    parts.push(Buffer.from(`from ${commit.parent}\n`))
  }
  for (const [path, content] of Object.entries(commit.files)) {
    if (content === null) {
      parts.push(Buffer.from(`D ${quoted(path)}\n`))
    } else {
      parts.push(Buffer.from(`M 100644 inline ${quoted(path)}\n`), data(content))
    }
  }
  // The scratch ref is dropped again in the same stream; the commit stays reachable by its SHA.
  parts.push(Buffer.from(`\nget-mark :1\nreset ${scratch}\nfrom ${'0'.repeat(40)}\n\n`))
  const { text } = await runGit(git.dir, ['fast-import', '--quiet', '--date-format=raw', '--done'], {
    input: Buffer.concat([...parts, Buffer.from('done\n')]),
  })
  const sha = text.trim()
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    throw new GitFault('git-failed', 'git fast-import named no commit')
  }
  return sha
}
