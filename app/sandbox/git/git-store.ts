/**
 * The folder that holds the sandbox's bare repositories, one per repository id: create, fork, remove.
 * What is inside a repository is the business of the other files of this folder.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { demandGit, runGit } from './git-process.ts'
import { createObjectReader, type ObjectReader } from './object-reader.ts'

/** A bare repository on disk. */
export type GitRepository = { readonly id: number; readonly dir: string; readonly objects: ObjectReader }

export type GitStore = {
  /** The folder that is served over smart HTTP. */
  readonly root: string
  readonly open: (id: number) => GitRepository
  readonly create: (id: number, defaultBranch: string) => Promise<GitRepository>
  /** A copy with its own refs that borrows the source's objects, as forks on GitHub do. */
  readonly fork: (source: number, id: number) => Promise<GitRepository>
  readonly remove: (id: number) => Promise<void>
  /** Ends the processes that read objects. */
  readonly close: () => void
}

/**
 * post-receive gets "old new ref" for every ref that a push really moved. The sandbox reads them from the file that it
 * named for this one push: comparing refs before and after would mix up two pushes at the same time.
 */
const POST_RECEIVE = '#!/bin/sh\n[ -n "$SANDBOX_PUSH_LOG" ] && exec cat > "$SANDBOX_PUSH_LOG"\nexec cat > /dev/null\n'

/** pre-receive refuses changes of workflow files when the sandbox says that this push may not make any. */
const PRE_RECEIVE = `#!/bin/sh
[ -n "$SANDBOX_NO_WORKFLOWS" ] || exit 0
while read -r before after ref; do
  case "$after" in *[!0]*) ;; *) continue ;; esac
  path=$(git log --format= --name-only --no-renames "$after" --not --all -- .github/workflows | head -n 1)
  [ -z "$path" ] && continue
  printf 'refusing to allow a GitHub App to create or update workflow \`%s\` without \`workflows\` permission\\n' "$path" >&2
  exit 1
done
`

const writeHook = async (path: string, script: string): Promise<void> => {
  await writeFile(path, script)
  await chmod(path, 0o755)
}

const configure = async (dir: string, hooks: string): Promise<void> => {
  const settings: ReadonlyArray<readonly [string, string]> = [
    ['core.hooksPath', hooks],
    ['http.receivepack', 'true'],
    // GitHub advertises refs/pull/* to readers and refuses to let anyone push to them.
    ['receive.hideRefs', 'refs/pull'],
    // Our own short-lived refs are nobody's business.
    ['transfer.hideRefs', 'refs/sandbox'],
    ['receive.denyDeleteCurrent', 'refuse'],
    ['uploadpack.allowAnySHA1InWant', 'true'],
    ['uploadpack.allowFilter', 'true'],
    // Objects of a fork are read by its parent and the other way round; nothing may be pruned behind their backs.
    ['gc.auto', '0'],
    ['receive.autogc', 'false'],
    ['core.logAllRefUpdates', 'false'],
  ]
  const lines = settings.map(([key, value]) => {
    const dot = key.indexOf('.')
    return `[${key.slice(0, dot)}]\n\t${key.slice(dot + 1)} = ${value}\n`
  })
  await writeFile(join(dir, 'config'), `[core]\n\trepositoryformatversion = 0\n\tbare = true\n${lines.join('')}`)
}

/** Opens (and prepares) the folder; a GitFault when the `git` command is missing. */
export const createGitStore = async (folder: string): Promise<GitStore> => {
  const root = join(folder, 'repositories')
  const hooks = join(folder, 'hooks')
  const opened = new Map<number, GitRepository>()
  const open = (id: number): GitRepository => {
    const dir = join(root, `${id}.git`)
    const repository = opened.get(id) ?? { id, dir, objects: createObjectReader(dir) }
    opened.set(id, repository)
    return repository
  }

  await mkdir(root, { recursive: true })
  await mkdir(hooks, { recursive: true })
  await writeHook(join(hooks, 'pre-receive'), PRE_RECEIVE)
  await writeHook(join(hooks, 'post-receive'), POST_RECEIVE)
  await demandGit()

  return {
    root,
    open,
    create: async (id, defaultBranch) => {
      const repository = open(id)
      // What `git init --bare` makes, without a process.
      await mkdir(join(repository.dir, 'objects/info'), { recursive: true })
      await mkdir(join(repository.dir, 'objects/pack'), { recursive: true })
      await mkdir(join(repository.dir, 'refs/heads'), { recursive: true })
      await writeFile(join(repository.dir, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`)
      await configure(repository.dir, hooks)
      return repository
    },
    fork: async (source, id) => {
      const from = open(source)
      const repository = open(id)
      await runGit(repository.dir, ['clone', '--bare', '--quiet', '--shared', '--template=', from.dir, repository.dir])
      await configure(repository.dir, hooks)
      return repository
    },
    remove: async (id) => {
      const repository = open(id)
      repository.objects.close()
      opened.delete(id)
      await rm(repository.dir, { recursive: true, force: true })
    },
    close: () => {
      for (const { objects } of opened.values()) objects.close()
    },
  }
}
