/** The git database over REST: blobs, trees, commits. They move nothing; refs do. */
import { readObjects, writeBlob, writeCommit, writeTree, type TreeChange } from '../git/git-objects.ts'
import { GitFault } from '../git/git-process.ts'
import { isSha, resolveCommit } from '../git/git-refs.ts'
import { type GitTreeEntry, readTree } from '../git/read-tree.ts'
import type { Context } from '../http/context.ts'
import { notFound, unprocessable } from '../http/errors.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { nodeId } from '../model/ids.ts'
import { renderGitCommit } from '../render/commit.ts'
import { repositoryUrl } from '../render/repository.ts'
import { commitAt, gitIn, isCleanPath, personOf } from './git-place.ts'

type Place = Pick<Context, 'world' | 'repo'>

function renderEntry(c: Place, entry: GitTreeEntry) {
  const url = `${repositoryUrl(c.world, c.repo)}/git/${entry.type}s/${entry.sha}`
  const { path, mode, type, sha, size } = entry
  return { path, mode, type, sha, ...(size !== undefined && { size }), url }
}

async function renderTree(c: Place, sha: string, recursive: boolean) {
  const tree = (await readTree(gitIn(c), sha, recursive)).map((entry) => renderEntry(c, entry))
  return { sha, url: `${repositoryUrl(c.world, c.repo)}/git/trees/${sha}`, tree, truncated: false }
}

interface GivenEntry {
  readonly path?: string
  readonly mode?: string
  readonly sha?: string | null
  readonly content?: string
}

async function treeChange(c: Place, entry: GivenEntry): Promise<TreeChange> {
  const { path, mode = '100644', sha, content } = entry
  if (path === undefined || !isCleanPath(path)) throw unprocessable('tree.path contains a malformed path component')
  if (sha === undefined && content === undefined) throw unprocessable('Must supply tree.sha or tree.content')
  if (content !== undefined) return { path, mode, sha: await writeBlob(gitIn(c), content) }
  const [object] = sha === null || sha === undefined ? [] : await readObjects(gitIn(c), [sha])
  if (sha !== null && !object)
    throw unprocessable(`tree.sha ${sha} is not a valid ${mode === '040000' ? 'tree' : 'blob'}`)
  return { path, mode, sha: sha ?? null }
}

export const gitDataRoutes = [
  defineRoute('git/get-blob', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      const [object] = await readObjects(gitIn(c), [c.params.file_sha])
      if (!isSha(c.params.file_sha) || object?.type !== 'blob') throw notFound()
      return {
        status: 200,
        body: {
          sha: object.sha,
          node_id: nodeId('Commit', `${c.repo.id}.${object.sha}`),
          size: object.content.length,
          url: `${repositoryUrl(c.world, c.repo)}/git/blobs/${object.sha}`,
          content: object.content.toString('base64'),
          encoding: 'base64',
        },
      }
    },
  }),
  defineRoute('git/create-blob', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/blobs',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const { content, encoding } = c.body
      const sha = await writeBlob(gitIn(c), encoding === 'base64' ? Buffer.from(content, 'base64') : content)
      return { status: 201, body: { sha, url: `${repositoryUrl(c.world, c.repo)}/git/blobs/${sha}` } }
    },
  }),
  defineRoute('git/get-tree', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      const git = gitIn(c)
      const commit = await resolveCommit(git, c.params.tree_sha)
      const [object] = await readObjects(git, [commit === undefined ? c.params.tree_sha : `${commit}^{tree}`])
      if (object?.type !== 'tree') throw notFound()
      return { status: 200, body: await renderTree(c, object.sha, c.query.has('recursive')) }
    },
  }),
  defineRoute('git/create-tree', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/trees',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const changes = []
      for (const entry of c.body.tree) changes.push(await treeChange(c, entry))
      try {
        const sha = await writeTree(gitIn(c), c.body.base_tree, changes)
        return { status: 201, body: await renderTree(c, sha, false) }
      } catch (error) {
        if (error instanceof GitFault) throw unprocessable('Invalid tree info')
        throw error
      }
    },
  }),
  defineRoute('git/get-commit', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    who: ANYONE,
    permission: { contents: 'read' },
    async handle(c) {
      if (!isSha(c.params.commit_sha)) throw notFound()
      return { status: 200, body: renderGitCommit(c.world, c.repo, await commitAt(c, c.params.commit_sha)) }
    },
  }),
  defineRoute('git/create-commit', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/commits',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    takes: ['message', 'tree', 'parents', 'author', 'committer'],
    async handle(c) {
      const { message, tree, parents = [], author, committer } = c.body
      const git = gitIn(c)
      const [object, ...commits] = await readObjects(git, [tree, ...parents])
      if (object?.type !== 'tree') throw unprocessable('Tree SHA does not exist')
      if (commits.some((one) => one?.type !== 'commit'))
        throw unprocessable('Parent SHA does not exist or is not a commit object')
      const by = personOf(c, author)
      const person = committer === undefined ? by : personOf(c, committer)
      const sha = await writeCommit(git, { tree, parents, author: by, committer: person, message })
      return { status: 201, body: renderGitCommit(c.world, c.repo, await commitAt(c, sha)) }
    },
  }),
]
