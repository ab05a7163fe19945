/** Files of a branch over REST: read, write, delete; each write is one commit on the branch. */
import { type GitObject, readPath } from '../git/git-objects.ts'
import { readRef } from '../git/git-refs.ts'
import { type GitTreeEntry, readTree } from '../git/read-tree.ts'
import { writeFiles } from '../git/write-files.ts'
import type { Context } from '../http/context.ts'
import { conflict, notFound, unprocessable } from '../http/errors.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import { renderGitCommit } from '../render/commit.ts'
import { encodePath } from '../render/encode-path.ts'
import { repositoryHtml, repositoryUrl } from '../render/repository.ts'
import { commitAt, type GivenPerson, gitIn, type In, isCleanPath, movePublicly, personOf } from './git-place.ts'

type Place = Pick<Context, 'world' | 'repo'>

/** GitHub sends at most this much of a file in JSON; above, `content` is empty and `encoding` is none. */
const MAX_INLINE_BYTES = 1024 * 1024

function addresses(c: Place, path: string, sha: string, kind: 'blob' | 'tree', ref: string) {
  const encoded = encodePath(path)
  const [url, html] = [repositoryUrl(c.world, c.repo), repositoryHtml(c.world, c.repo)]
  const self = `${url}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
  const git = `${url}/git/${kind}s/${sha}`
  const page = `${html}/${kind}/${encodePath(ref)}/${encoded}`
  const download = kind === 'blob' ? `${html}/raw/${encodePath(ref)}/${encoded}` : null
  return { url: self, git_url: git, html_url: page, download_url: download, _links: { self, git, html: page } }
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? ''

function renderFile(c: Place, path: string, object: GitObject, ref: string) {
  const place = addresses(c, path, object.sha, 'blob', ref)
  const inline = object.content.length <= MAX_INLINE_BYTES
  const base64 = object.content.toString('base64')
  return {
    type: 'file' as const,
    encoding: inline ? 'base64' : 'none',
    size: object.content.length,
    name: nameOf(path),
    path,
    // GitHub breaks the text every 60 characters.
    content: inline ? base64.replaceAll(/.{1,60}/g, '$&\n') : '',
    sha: object.sha,
    ...place,
    download_url: place.download_url ?? place.html_url,
  }
}

async function renderFolder(c: Place, path: string, object: GitObject, ref: string) {
  const entries = await readTree(gitIn(c), object.sha)
  const render = (entry: GitTreeEntry) => {
    const at = path === '' ? entry.path : `${path}/${entry.path}`
    const folder = entry.type === 'tree'
    const type: 'dir' | 'file' = folder ? 'dir' : 'file'
    const place = addresses(c, at, entry.sha, folder ? 'tree' : 'blob', ref)
    return { type, size: entry.size ?? 0, name: entry.path, path: at, sha: entry.sha, ...place }
  }
  return entries.map(render)
}

interface FileChange {
  readonly path: string
  readonly message: string
  readonly content: Uint8Array | null
  /** The blob that the caller believes to replace; undefined for a new file. */
  readonly sha: string | undefined
  readonly branch: string | undefined
  readonly author: GivenPerson | undefined
  readonly committer: GivenPerson | undefined
}

/** Commits one file and moves the branch; returns the commit and whether the file was new. */
async function commitFile(c: In, change: FileChange) {
  const git = gitIn(c)
  const branch = (change.branch ?? c.repo.defaultBranch).replace(/^refs\/heads\//, '')
  const ref = `refs/heads/${branch}`
  const before = await readRef(git, ref)
  if (before === undefined) throw notFound()
  const current = await readPath(git, before, change.path)
  if (current?.type === 'tree') throw unprocessable(`${change.path} is a directory`)
  if (change.content === null && !current) throw notFound()
  if (current && change.sha === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
  if (current && change.sha !== current.sha) throw conflict(`${change.path} does not match ${change.sha}`)
  const author = personOf(c, change.author ?? change.committer)
  const committer = personOf(c, change.committer ?? change.author)
  const { message, content, path } = change
  const sha = await writeFiles(git, { parent: before, files: { [path]: content }, message, author, committer })
  await movePublicly(c, { ref, before, after: sha })
  const commit = renderGitCommit(c.world, c.repo, await commitAt(c, sha))
  return { commit, branch, created: !current, object: await readPath(git, sha, path) }
}

function cleanPath(path: string): string {
  const clean = path.replaceAll(/^\/+|\/+$/g, '')
  if (clean !== '' && !isCleanPath(clean)) throw unprocessable('path contains a malformed path component')
  return clean
}

export const contentRoutes = [
  defineRoute('repos/get-content', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path}',
    who: ANYONE,
    permission: { contents: 'read' },
    otherForms: true,
    async handle(c) {
      const ref = c.query.get('ref') ?? c.repo.defaultBranch
      const path = cleanPath(c.params.path)
      const commit = await commitAt(c, ref.replace(/^refs\/(heads|tags)\//, ''))
      const object = await readPath(gitIn(c), commit.sha, path)
      if (!object) throw notFound()
      if (/application\/vnd\.github(\.v3)?\.raw/.test(c.headers.get('accept') ?? '') && object.type === 'blob')
        return new Response(new Uint8Array(object.content), {
          headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' },
        })
      const body = object.type === 'tree' ? await renderFolder(c, path, object, ref) : renderFile(c, path, object, ref)
      return { status: 200, body }
    },
  }),
  defineRoute('repos/create-or-update-file-contents', {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/contents/{path}',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const { message, content, sha, branch, author, committer } = c.body
      const path = cleanPath(c.params.path)
      const change = { path, message, content: Buffer.from(content, 'base64'), sha, branch, author, committer }
      const done = await commitFile(c, change)
      if (!done.object) throw new Error(`${path} is not in the commit that wrote it`)
      const { content: _content, encoding: _encoding, ...shown } = renderFile(c, path, done.object, done.branch)
      const body = { content: shown, commit: done.commit }
      return done.created ? { status: 201, body } : { status: 200, body }
    },
  }),
  defineRoute('repos/delete-file', {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/contents/{path}',
    who: SIGNED_IN,
    permission: { contents: 'write' },
    role: 'write',
    async handle(c) {
      const { message, sha, branch, author, committer } = c.body
      const path = cleanPath(c.params.path)
      const done = await commitFile(c, { path, message, content: null, sha, branch, author, committer })
      return { status: 200, body: { content: null, commit: done.commit } }
    },
  }),
]
