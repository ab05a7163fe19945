import { describe, expect, it } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { createDefaultHeads } from '../../../../app/outbound/github/facts/default-heads.ts'
import { createGitHubFacts } from '../../../../app/outbound/github/facts/github-facts.ts'
import { createPullNodeIds } from '../../../../app/outbound/github/facts/pull-node-ids.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'
import { memoryDocuments } from '../replica/sandbox-harness.ts'
import { useNock } from '../use-nock.ts'

const nock = useNock()

const ROOT = 'http://github.test'
const place = { installationId: 5, repository: 'acme/widgets', repositoryId: 401, owner: 'acme' }

const setUp = () => {
  let now = Date.UTC(2026, 10, 21, 12)
  nock(ROOT)
    .post('/app/installations/5/access_tokens')
    .reply(201, { token: 'ghs_x', expires_at: new Date(now + 3_600_000).toISOString() })
  const clock = { now: () => now }
  const github = createGitHub({
    appId: 7,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: ROOT,
    buckets: { take: async () => ({ ok: true }), block: async () => {} },
    clock,
    log: { warn: () => {} },
  })
  const documents = memoryDocuments()
  const facts = createGitHubFacts({
    github,
    clock,
    pulls: createPullNodeIds(documents),
    heads: createDefaultHeads(documents),
  })
  return { facts, documents, advance: (ms: number) => (now += ms) }
}

const permission = (login: string) => nock(ROOT).get(`/repos/acme/widgets/collaborators/${login}/permission`)

describe('roleOf', () => {
  it('reads the role by its own name, because triage shows as read in permission', async () => {
    const { facts } = setUp()
    permission('carol').reply(200, { permission: 'read', role_name: 'triage', user: null })
    expect(await facts.roleOf(place, 'carol')).toBe('triage')
  })

  it('takes the permission for a role that an organisation made up', async () => {
    const { facts } = setUp()
    permission('bob').reply(200, { permission: 'write', role_name: 'release-crew', user: null })
    expect(await facts.roleOf(place, 'bob')).toBe('write')
  })

  it('takes the highest of the permissions that such a role stands for, because permission knows no maintain and no triage', async () => {
    const { facts } = setUp()
    const permissions = { pull: true, triage: true, push: true, maintain: true, admin: false }
    permission('bob').reply(200, { permission: 'write', role_name: 'release-crew', user: { permissions } })
    expect(await facts.roleOf(place, 'bob')).toBe('maintain')
    const fewer = { ...permissions, push: false, maintain: false }
    permission('eve').reply(200, { permission: 'read', role_name: 'support', user: { permissions: fewer } })
    expect(await facts.roleOf(place, 'eve')).toBe('triage')
    const none = { ...fewer, triage: false, pull: false }
    permission('mal').reply(200, { permission: 'none', role_name: '', user: { permissions: none } })
    expect(await facts.roleOf(place, 'mal')).toBe('none')
  })

  it('remembers for a minute, by login without case, unless it is asked for afresh', async () => {
    const { facts, advance } = setUp()
    permission('bob').reply(200, { permission: 'write', role_name: 'write', user: null })
    expect([await facts.roleOf(place, 'bob'), await facts.roleOf(place, 'BOB')]).toEqual(['write', 'write'])
    permission('bob').reply(200, { permission: 'read', role_name: 'read', user: null })
    expect(await facts.roleOf(place, 'bob', true)).toBe('read')
    advance(60_000)
    permission('bob').reply(200, { permission: 'admin', role_name: 'admin', user: null })
    expect(await facts.roleOf(place, 'bob')).toBe('admin')
  })

  it('gives nobody a role whom GitHub does not know, and no role when GitHub does not answer', async () => {
    const { facts } = setUp()
    permission('nobody').reply(404, { message: 'Not Found' })
    expect(await facts.roleOf(place, 'nobody')).toBe('none')
    permission('bob').reply(502)
    await expect(facts.roleOf(place, 'bob')).rejects.toBeInstanceOf(GitHubFault)
  })
})

describe('pullRequest', () => {
  const pull = (change: object = {}) => ({
    node_id: 'PR_34',
    body: null,
    head: { ref: 'muster/DEV-12-x', sha: 'a'.repeat(40), repo: null },
    base: { ref: 'main', repo: { default_branch: 'main' } },
    state: 'closed',
    merged: true,
    created_at: '2026-11-21T11:00:00Z',
    user: { login: 'bob' },
    ...change,
  })

  it('tells a merge from a closing, and a deleted fork from a repository', async () => {
    const { facts, documents } = setUp()
    nock(ROOT).get('/repos/acme/widgets/pulls/34').reply(200, pull())
    expect(await facts.pullRequest(place, 34)).toEqual({
      number: 34,
      body: '',
      branch: 'muster/DEV-12-x',
      headSha: 'a'.repeat(40),
      headRepositoryId: null,
      state: 'merged',
      author: 'bob',
      openedAt: Date.UTC(2026, 10, 21, 11),
      isFromDefault: false,
    })
    // The comment on it can be made without asking for its id.
    expect(await documents.get('pull-node-id', '401/34')).toBe('PR_34')
  })

  it('counts a merge only into the default branch', async () => {
    const { facts } = setUp()
    const base = { ref: 'scratch', repo: { default_branch: 'main' } }
    nock(ROOT).get('/repos/acme/widgets/pulls/34').reply(200, pull({ base }))
    expect(await facts.pullRequest(place, 34)).toMatchObject({ state: 'closed' })
  })

  it('is null when it is gone', async () => {
    const { facts } = setUp()
    nock(ROOT).get('/repos/acme/widgets/pulls/34').reply(404, {})
    expect(await facts.pullRequest(place, 34)).toBeNull()
  })
})

describe('configurationFiles', () => {
  const answer = (body: object) => nock(ROOT).post('/graphql').reply(200, body)

  it('reads both in one request, and does without the account’s', async () => {
    const { facts } = setUp()
    answer({
      data: { repository: { object: { text: 'key: DEV' } }, account: null },
      errors: [{ type: 'NOT_FOUND', path: ['account'], message: 'x' }],
    })
    expect(await facts.configurationFiles(place)).toEqual({ repository: 'key: DEV', account: null })
    answer({ data: { repository: { object: null }, account: { object: { text: 'key: ORG' } } } })
    expect(await facts.configurationFiles(place)).toEqual({ repository: null, account: 'key: ORG' })
  })

  it('does not take a failure for "there is none"', async () => {
    const { facts } = setUp()
    answer({
      data: { repository: null, account: null },
      errors: [{ type: 'INTERNAL', path: ['repository'], message: 'x' }],
    })
    await expect(facts.configurationFiles(place)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  })
})

describe('publicRepositories', () => {
  const answer = (data: object, errors?: object[]) =>
    nock(ROOT)
      .post('/graphql')
      .reply(200, { data, ...(errors === undefined ? {} : { errors }) })
  const seen = (nameWithOwner: string, databaseId: number, isPrivate = false) => ({
    nameWithOwner,
    databaseId,
    isPrivate,
  })

  it('are those that GitHub says are not private, asked together and remembered for some minutes', async () => {
    const { facts, advance } = setUp()
    const names = ['acme/Widgets', 'acme/secret', 'acme/gone', 'acme/moved']
    const missing = { type: 'NOT_FOUND', path: ['r2'], message: 'x' }
    const all = {
      r0: seen('acme/widgets', 401),
      r1: seen('acme/secret', 402, true),
      r2: null,
      r3: seen('acme/elsewhere', 404),
    }
    answer(all, [missing])
    expect([...(await facts.publicRepositories(place, names))]).toEqual([['acme/widgets', 401]])
    expect([...(await facts.publicRepositories(place, ['ACME/WIDGETS', 'acme/gone']))]).toEqual([['acme/widgets', 401]])
    advance(5 * 60_000)
    answer({ r0: seen('acme/widgets', 401, true) })
    expect((await facts.publicRepositories(place, ['acme/widgets'])).size).toBe(0)
  })

  it('are none while GitHub does not say, and are asked for again', async () => {
    const { facts } = setUp()
    nock(ROOT).post('/graphql').reply(502)
    expect((await facts.publicRepositories(place, ['acme/widgets'])).size).toBe(0)
    answer({ r0: null }, [{ type: 'INTERNAL', path: ['r0'], message: 'x' }])
    expect((await facts.publicRepositories(place, ['acme/widgets'])).size).toBe(0)
    answer({ r0: seen('acme/widgets', 401) })
    expect((await facts.publicRepositories(place, ['acme/widgets'])).size).toBe(1)
  })

  it('are asked for a hundred at a time', async () => {
    const { facts } = setUp()
    const names = Array.from({ length: 150 }, (_, n) => `acme/r${n}`)
    const page = (from: number, size: number) =>
      nock(ROOT)
        .post('/graphql', ({ variables }: { variables: object }) => Object.keys(variables).length === 2 * size)
        .reply(200, {
          data: Object.fromEntries(names.slice(from, from + size).map((name, n) => [`r${n}`, seen(name, from + n)])),
        })
    page(0, 100)
    page(100, 50)
    const open = await facts.publicRepositories(place, names)
    expect([open.size, open.get('acme/r0'), open.get('acme/r149')]).toEqual([150, 0, 149])
  })
})

describe('defaultHead', () => {
  const BASE = 'b'.repeat(40)
  const ref = { defaultBranchRef: { target: { oid: BASE } } }
  const answer = (body: object) => nock(ROOT).post('/graphql').reply(200, body)

  it('comes with the configuration, and follows what is heard of, without a request of its own', async () => {
    const { facts } = setUp()
    answer({ data: { repository: { object: null, ...ref }, account: null } })
    await facts.configurationFiles(place)
    expect(await facts.defaultHead(place)).toBe(BASE)
    await facts.noteDefaultHead(place, 'c'.repeat(40))
    expect(await facts.defaultHead(place)).toBe('c'.repeat(40))
  })

  it('is asked for once when nothing is known, also when the repository is empty', async () => {
    const { facts } = setUp()
    answer({ data: { repository: { defaultBranchRef: null } } })
    expect([await facts.defaultHead(place), await facts.defaultHead(place)]).toEqual([null, null])
  })

  it('stops nobody while GitHub is away, and is asked for again', async () => {
    const { facts } = setUp()
    nock(ROOT).post('/graphql').reply(502)
    expect(await facts.defaultHead(place)).toBeNull()
    answer({ data: { repository: ref } })
    expect(await facts.defaultHead(place)).toBe(BASE)
  })

  it('keeps what is known, and the configuration, when only the branch could not be read', async () => {
    const { facts } = setUp()
    await facts.noteDefaultHead(place, BASE)
    answer({
      data: { repository: { object: { text: 'key: DEV' }, defaultBranchRef: null }, account: null },
      errors: [{ type: 'INTERNAL', path: ['repository', 'defaultBranchRef'], message: 'x' }],
    })
    expect(await facts.configurationFiles(place)).toEqual({ repository: 'key: DEV', account: null })
    expect(await facts.defaultHead(place)).toBe(BASE)
  })
})

describe('branches and issues', () => {
  it('are read as they are, and null when they are gone', async () => {
    const { facts } = setUp()
    nock(ROOT)
      .get('/repos/acme/widgets/git/ref/heads%2Fmain')
      .reply(200, { object: { sha: 'b'.repeat(40) } })
    nock(ROOT).get('/repos/acme/widgets/git/ref/heads%2Fgone').reply(404, {})
    nock(ROOT).get('/repos/acme/widgets/issues/12').reply(200, { title: 'T', body: null })
    nock(ROOT).get('/repos/acme/widgets/issues/13').reply(410, {})
    expect(await facts.branchHead(place, 'main')).toBe('b'.repeat(40))
    expect(await facts.branchHead(place, 'gone')).toBeNull()
    expect(await facts.issue(place, 12)).toEqual({ title: 'T', body: '' })
    expect(await facts.issue(place, 13)).toBeNull()
  })
})
