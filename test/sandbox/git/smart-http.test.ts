import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'

import { readRef, ZERO_SHA, type RefMove } from '../../../app/sandbox/git/git-refs.ts'
import { createGitStore, type GitRepository, type GitStore } from '../../../app/sandbox/git/git-store.ts'
import { serveSmartHttp, serviceOf } from '../../../app/sandbox/git/smart-http.ts'
import { gitClient as git } from './git-client.ts'
import { commitOn, createScratchFolder } from './scratch-store.ts'

const listen = async (store: GitStore, repository: GitRepository, moved: RefMove[]): Promise<string> => {
  const http = new Hono()
  http.all('/acme/widgets.git/*', async (c) => {
    const answer = await serveSmartHttp(store, {
      repository,
      rest: c.req.path.slice('/acme/widgets.git/'.length),
      request: c.req.raw,
      login: 'bob',
      workflows: true,
    })
    moved.push(...answer.moved)
    return answer.response
  })
  const { port } = await new Promise<{ port: number }>((resolve) => {
    const server = serve({ fetch: http.fetch, port: 0, hostname: '127.0.0.1' }, resolve)
    onTestFinished(() => void server.close())
  })
  return `http://127.0.0.1:${port}/acme/widgets.git`
}

const prepare = async () => {
  const folder = await createScratchFolder()
  const store = await createGitStore(join(folder, 'server'))
  onTestFinished(() => store.close())
  const repository = await store.create(1, 'main')
  const base = await commitOn(repository, 'main', { 'README.md': '# Widgets\n' })
  const moved: RefMove[] = []
  const url = await listen(store, repository, moved)
  await mkdir(join(folder, 'client'))
  await git(folder, 'clone', '--quiet', url, 'client/widgets')
  return { repository, base, moved, url, work: join(folder, 'client/widgets') }
}

describe('smart HTTP', () => {
  it('lets a real git clone and push, and names the refs that moved', async () => {
    const { repository, base, moved, work } = await prepare()
    expect(await readFile(join(work, 'README.md'), 'utf8')).toBe('# Widgets\n')
    expect(moved).toEqual([])

    await git(work, 'checkout', '--quiet', '-b', 'topic')
    // Incompressible and above git's http.postBuffer of 1 MiB: this push arrives chunked.
    await writeFile(join(work, 'big.bin'), Buffer.from(Array.from({ length: 2_000_000 }, (_, i) => (i * i * 31) >> 7)))
    await git(work, 'add', '.')
    await git(work, 'commit', '--quiet', '-m', 'Add a file')
    await git(work, 'push', '--quiet', 'origin', 'topic', 'topic:second')
    const head = (await git(work, 'rev-parse', 'HEAD')).trim()
    expect(await readRef(repository, 'refs/heads/topic')).toBe(head)
    expect(moved.toSorted((a, b) => (a.ref < b.ref ? -1 : 1))).toEqual([
      { ref: 'refs/heads/second', before: ZERO_SHA, after: head },
      { ref: 'refs/heads/topic', before: ZERO_SHA, after: head },
    ])

    moved.length = 0
    await git(work, 'push', '--quiet', '--force', 'origin', `${base}:topic`, ':second')
    expect(moved.toSorted((a, b) => (a.ref < b.ref ? -1 : 1))).toEqual([
      { ref: 'refs/heads/second', before: head, after: ZERO_SHA },
      { ref: 'refs/heads/topic', before: head, after: base },
    ])
  })

  it('refuses what GitHub refuses: a push that is behind, to refs/pull, of the default branch away', async () => {
    const { repository, base, moved, work } = await prepare()
    const ahead = await commitOn(repository, 'main', { other: '1' }, base)
    await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'Mine')
    await expect(git(work, 'push', 'origin', 'main')).rejects.toThrow(/rejected/)
    await expect(git(work, 'push', 'origin', 'main:refs/pull/1/head')).rejects.toThrow(/hidden ref/)
    await expect(git(work, 'push', 'origin', ':main')).rejects.toThrow(/current branch/)
    expect(moved).toEqual([])
    expect(await readRef(repository, 'refs/heads/main')).toBe(ahead)
  })

  it('knows the smart services only', () => {
    const services = (text: string) => serviceOf('info/refs', new URLSearchParams(text))
    expect(services('service=git-upload-pack')).toBe('git-upload-pack')
    expect(services('')).toBeUndefined()
    expect(services('service=git-annex')).toBeUndefined()
    expect(serviceOf('git-receive-pack', new URLSearchParams())).toBe('git-receive-pack')
    expect(serviceOf('objects/info/packs', new URLSearchParams())).toBeUndefined()
  })
})
