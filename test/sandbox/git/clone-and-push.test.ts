import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { createSandbox, type Sandbox } from '../../../app/sandbox/sandbox.ts'
import { SEED_KEYS } from '../seed-keys.ts'
import { startSandbox, WIDGETS } from '../start-sandbox.ts'
import { gitClient } from './git-client.ts'
import { createScratchFolder } from './scratch-store.ts'

/** A repository's address with a token in it, as actions/checkout and people's helpers use it. */
const address = (sandbox: Sandbox, name: string, token: string | null) =>
  `${sandbox.url.replace('//', token === null ? '//' : `//x-access-token:${token}@`)}/${name}.git`

const commitFile = async (work: string, path: string, content: string) => {
  await writeFile(join(work, path), content)
  await gitClient(work, 'add', '.')
  await gitClient(work, 'commit', '--quiet', '-m', `Write ${path}`)
  return (await gitClient(work, 'rev-parse', 'HEAD')).trim()
}

it('does not start without git, and says which package it is in', async () => {
  vi.stubEnv('PATH', '/nonexistent')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(createSandbox({ keys: SEED_KEYS })).rejects.toMatchObject({
    code: 'git-missing',
    message: expect.stringContaining('apt-get install git'),
  })
})

describe('git over HTTP', () => {
  it('clones without a token what is public, and pushes with one that may', async () => {
    const { sandbox, as, names } = await startSandbox()
    const folder = await createScratchFolder()
    await gitClient(folder, 'clone', '--quiet', address(sandbox, 'acme/widgets', null), 'w')
    const work = join(folder, 'w')
    await gitClient(work, 'checkout', '--quiet', '-b', 'topic')
    const head = await commitFile(work, 'a.txt', 'a\n')
    await gitClient(work, 'push', '--quiet', address(sandbox, 'acme/widgets', sandbox.tokens.claude), 'topic')
    const { json } = await as('bob').get(`${WIDGETS}/branches/topic`)
    expect(json.commit).toMatchObject({ sha: head, commit: { message: 'Write a.txt', author: { name: 'Bob' } } })
    expect(names()).toEqual(['push', 'create', 'check_suite.requested'])
  })

  it('tells a push with its commits, and whether it was forced', async () => {
    const { sandbox, events } = await startSandbox()
    const folder = await createScratchFolder()
    const url = address(sandbox, 'acme/widgets', sandbox.tokens.bob)
    await gitClient(folder, 'clone', '--quiet', url, 'w')
    const work = join(folder, 'w')
    const before = (await gitClient(work, 'rev-parse', 'HEAD')).trim()
    const one = await commitFile(work, 'README.md', 'new\n')
    const two = await commitFile(work, 'b.txt', 'b\n')
    await gitClient(work, 'push', '--quiet', url, 'main')
    await gitClient(work, 'push', '--quiet', '--force', url, `${one}:main`)
    const pushes = events.filter((event) => event.event === 'push').map((event) => event.payload)
    expect(pushes).toMatchObject([
      {
        ref: 'refs/heads/main',
        before,
        after: two,
        forced: false,
        created: false,
        commits: [
          { id: one, modified: ['README.md'], added: [] },
          { id: two, added: ['b.txt'], message: 'Write b.txt' },
        ],
        head_commit: { id: two },
        pusher: { name: 'bob' },
        sender: { login: 'bob' },
      },
      { before: two, after: one, forced: true, commits: [] },
    ])
  })

  it('hides, refuses and asks for a password as GitHub does', async () => {
    const { sandbox } = await startSandbox()
    const folder = await createScratchFolder()
    const reading = (name: string, token: string | null) =>
      gitClient(folder, 'ls-remote', address(sandbox, name, token))
    await expect(reading('acme/secret', sandbox.tokens.mallory)).rejects.toThrow(/not found/)
    await expect(reading('acme/secret', null)).rejects.toThrow(/could not read Username/)
    await expect(reading('acme/none', sandbox.tokens.alice)).rejects.toThrow(/not found/)
    await expect(reading('acme/secret', 'ghp_wrong')).rejects.toThrow(/Authentication failed/)
    expect(await reading('acme/secret', sandbox.tokens.dave)).toContain('refs/heads/main')
    await gitClient(folder, 'clone', '--quiet', address(sandbox, 'acme/widgets', null), 'w')
    const work = join(folder, 'w')
    await commitFile(work, 'a.txt', 'a\n')
    const push = (token: string | null) => gitClient(work, 'push', address(sandbox, 'acme/widgets', token), 'main')
    await expect(push(sandbox.tokens.dave)).rejects.toThrow(/403/)
    await expect(push(sandbox.tokens.mallory)).rejects.toThrow(/403/)
    await expect(push(null)).rejects.toThrow(/could not read Username/)
    expect(await push(sandbox.tokens.bob)).toContain('main -> main')
  })

  it('takes workflow files from people only, and from Apps with the permission for them', async () => {
    const { sandbox, as } = await startSandbox()
    const folder = await createScratchFolder()
    await gitClient(folder, 'clone', '--quiet', address(sandbox, 'acme/widgets', null), 'w')
    const work = join(folder, 'w')
    const push = (token: string, branch: string) =>
      gitClient(work, 'push', address(sandbox, 'acme/widgets', token), `HEAD:refs/heads/${branch}`)
    await commitFile(work, 'a.txt', 'a\n')
    await push(sandbox.tokens.claude, 'plain')
    const sha = await commitFile(work, '.github/workflows/own.yml', 'on: push\njobs: { a: { runs-on: x } }\n')
    const refusing = /refusing to allow a GitHub App to create or update workflow `.github\/workflows\/own.yml`/
    await expect(push(sandbox.tokens.claude, 'mine')).rejects.toThrow(refusing)
    expect((await as('bob').get(`${WIDGETS}/branches/mine`)).status).toBe(404)
    const body = { message: 'Own', content: 'YQ==', branch: 'plain' }
    const put = await as('claude').put(`${WIDGETS}/contents/.github/workflows/own.yml`, body)
    expect(put).toMatchObject({ status: 403, json: { message: 'Resource not accessible by integration' } })
    const { json } = await as('bob').put(`${WIDGETS}/contents/.github/workflows/own.yml`, body)
    expect(json.commit.message).toBe('Own')
    await push(sandbox.tokens.bob, 'theirs')
    const ref = { ref: 'refs/heads/again', sha }
    expect((await as('claude').post(`${WIDGETS}/git/refs`, ref)).status).toBe(201)
  })

  it('obeys what the default branch and pull requests need', async () => {
    const { sandbox } = await startSandbox()
    const folder = await createScratchFolder()
    const url = address(sandbox, 'acme/widgets', sandbox.tokens.bob)
    await gitClient(folder, 'clone', '--quiet', url, 'w')
    const push = (refspec: string) => gitClient(join(folder, 'w'), 'push', url, refspec)
    await expect(push(':main')).rejects.toThrow(/current branch/)
    await expect(push('main:refs/pull/1/head')).rejects.toThrow(/hidden ref/)
  })
})
