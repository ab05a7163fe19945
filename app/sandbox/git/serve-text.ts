/** The plain texts behind `download_url`, `diff_url` and `patch_url`: a file at a ref, a pull request's changes. */
import type { Context as HonoContext, Hono } from 'hono'

import { authenticate } from '../auth/authenticate.ts'
import type { Repository } from '../model/repository.ts'
import { pullByNumber } from '../model/pull.ts'
import { findRepository } from '../routes/repositories.ts'
import type { World } from '../world.ts'
import { diffText, mergeBase, patchText } from './git-history.ts'
import { readPath } from './git-objects.ts'
import { resolveCommit } from './git-refs.ts'
import { gitOf } from './world-git.ts'

const notFound = () => new Response('404: Not Found', { status: 404 })

const plain = (body: string | Uint8Array<ArrayBuffer>) =>
  new Response(body, {
    // As GitHub: whatever a file is, a browser is shown text, in no page's name.
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  })

/** The repository as the request's own credential may see it; browsers without one see what is public. */
function repositoryOf(world: World, c: HonoContext): Repository | undefined {
  try {
    const caller = authenticate(world, c.req.header('authorization'))
    return findRepository(world, caller, c.req.param('owner') ?? '', c.req.param('name') ?? '')
  } catch {
    return undefined
  }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A ref may contain slashes: the shortest leading part that is one wins, as a file cannot be named like a branch. */
async function fileAt(
  world: World,
  repository: Repository,
  rest: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const git = gitOf(world.state, repository)
  const parts = decode(rest).split('/')
  for (let i = 1; i < parts.length; i++) {
    const sha = await resolveCommit(git, parts.slice(0, i).join('/'))
    const object = sha === undefined ? undefined : await readPath(git, sha, parts.slice(i).join('/'))
    if (object?.type === 'blob') return new Uint8Array(object.content)
  }
  return undefined
}

async function changesOf(world: World, repository: Repository, number: number, kind: string) {
  const pull = pullByNumber(world.state, repository.id, number)
  if (!pull) return undefined
  const git = gitOf(world.state, repository)
  const base = (await mergeBase(git, pull.baseSha, pull.headSha)) ?? pull.baseSha
  return kind === 'diff' ? diffText(git, base, pull.headSha) : patchText(git, base, pull.headSha)
}

export function mountTexts(http: Hono, world: World): void {
  http.get('/:owner/:name/raw/:rest{.+}', async (c) => {
    const repository = repositoryOf(world, c)
    const prefix = `/${c.req.param('owner')}/${c.req.param('name')}/raw/`
    const bytes = repository && (await fileAt(world, repository, new URL(c.req.url).pathname.slice(prefix.length)))
    return bytes ? plain(bytes) : notFound()
  })
  http.get('/:owner/:name/pull/:file{[0-9]+\\.(?:diff|patch)}', async (c) => {
    const repository = repositoryOf(world, c)
    const [number, kind = ''] = c.req.param('file').split('.')
    const text = repository && (await changesOf(world, repository, Number(number), kind))
    return text === undefined ? notFound() : plain(text)
  })
}
