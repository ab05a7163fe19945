import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BucketDemand, RateBuckets } from '../../../app/engine/ports.ts'
import { createGitHub } from '../../../app/outbound/github/client.ts'
import { GitHubFault } from '../../../app/outbound/github/client/fault.ts'
import { useNock } from './use-nock.ts'

const nock = useNock()

const ROOT = 'http://github.test'
const NOW = Date.UTC(2026, 10, 21, 12)
const TOKEN = 'ghs_7_stateless.token-of-any-form'
const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

const setUp = () => {
  let now = NOW
  const taken: BucketDemand[] = []
  const blocked: [string, number][] = []
  const warnings: string[] = []
  let wait: number | null = null
  const buckets: RateBuckets = {
    async take(demands) {
      taken.push(...demands)
      return wait === null ? { ok: true } : { ok: false, waitMs: wait }
    },
    async block(name, until) {
      blocked.push([name, until])
    },
  }
  const github = createGitHub({
    appId: 7,
    privateKey,
    apiUrl: ROOT,
    buckets,
    clock: { now: () => now },
    log: { warn: (message, fields) => void warnings.push(message + JSON.stringify(fields)) },
  })
  return {
    github,
    taken,
    blocked,
    warnings,
    advance: (ms: number) => (now += ms),
    emptyLanes: (ms: number) => (wait = ms),
  }
}

/** One token is all a test asks for; asking twice leaves the second request without an answer. */
const token = (expiresAt = NOW + 3_600_000) =>
  nock(ROOT)
    .post('/app/installations/5/access_tokens')
    .matchHeader('authorization', /^bearer ey/)
    .reply(201, { token: TOKEN, expires_at: new Date(expiresAt).toISOString() })

const repo = () => nock(ROOT).get('/repos/acme/widgets')
const wanted = { owner: 'acme', repo: 'widgets' }

const faultOf = async (work: Promise<unknown>): Promise<GitHubFault> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(GitHubFault)
  return error as GitHubFault
}

describe('signing in', () => {
  it('asks for one installation token, even for requests that start together, and sends the version it was built for', async () => {
    const { github } = setUp()
    token()
    repo()
      .times(2)
      .matchHeader('authorization', `token ${TOKEN}`)
      .matchHeader('x-github-api-version', '2022-11-28')
      .reply(200, { id: 1 })
    const client = github.installation(5, 'command')
    await Promise.all([client.rest.repos.get(wanted), github.installation(5, 'result').rest.repos.get(wanted)])
    expect(github.requests.byRoute).toEqual({
      'POST /app/installations/{installation_id}/access_tokens': 1,
      'GET /repos/{owner}/{repo}': 2,
    })
  })

  it('asks for a new token shortly before the old one ends, by its own clock', async () => {
    const { github, advance } = setUp()
    token()
    repo().times(2).reply(200, { id: 1 })
    await github.installation(5, 'command').rest.repos.get(wanted)
    advance(58 * 60_000)
    token(NOW + 7_200_000)
    await github.installation(5, 'command').rest.repos.get(wanted)
  })

  it('tries once more with a fresh token when GitHub refuses the one it holds, and no more', async () => {
    const { github } = setUp()
    token()
    repo().reply(401, { message: 'Bad credentials' })
    token()
    repo().reply(200, { id: 1 })
    await github.installation(5, 'command').rest.repos.get(wanted)
    repo().reply(401, { message: 'Bad credentials' })
    token()
    repo().reply(401, { message: 'Bad credentials' })
    expect(await faultOf(github.installation(5, 'command').rest.repos.get(wanted))).toMatchObject({
      code: 'unauthorized',
      retryable: false,
    })
  })
})

describe('limits', () => {
  it.each([403, 429])('waits as long as retry-after says (%i)', async (status) => {
    const { github, blocked, warnings } = setUp()
    token()
    repo().reply(status, { message: 'slow down' }, { 'retry-after': '37', 'x-ratelimit-remaining': '4000' })
    const fault = await faultOf(github.installation(5, 'command').rest.repos.get(wanted))
    expect(fault).toMatchObject({ code: 'rate-limited', retryable: true, retryAt: NOW + 38_000, ambiguous: false })
    expect(blocked).toEqual([
      ['github:5:rest:minute', NOW + 38_000],
      ['github:5:graphql:minute', NOW + 38_000],
    ])
    expect(warnings.join()).not.toContain(TOKEN)
  })

  it('waits until the reset when the hour is used up', async () => {
    const { github, blocked } = setUp()
    token()
    const reset = Math.floor(NOW / 1000) + 900
    repo().reply(403, { message: 'limit' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) })
    const fault = await faultOf(github.installation(5, 'command').rest.repos.get(wanted))
    expect(fault.retryAt).toBe(NOW + 901_000)
    expect(blocked).toEqual([['github:5:rest:hour', NOW + 901_000]])
  })

  it('waits a minute, then two, when a secondary limit names no time, and starts anew after a success', async () => {
    const { github } = setUp()
    token()
    const secondary = {
      message: 'x',
      documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
    }
    const get = async () => github.installation(5, 'command').rest.repos.get(wanted)
    const waits: (number | null)[] = []
    for (let i = 0; i < 2; i++) {
      repo().reply(403, secondary)
      waits.push((await faultOf(get())).retryAt)
    }
    repo().reply(200, { id: 1 })
    await get()
    repo().reply(429, {})
    waits.push((await faultOf(get())).retryAt)
    expect(waits).toEqual([NOW + 60_000, NOW + 120_000, NOW + 60_000])
  })

  it('takes a plain 403 for a missing permission, not for a limit', async () => {
    const { github, blocked } = setUp()
    token()
    repo().reply(403, { message: 'You have exceeded a secondary rate limit' }, { 'x-ratelimit-remaining': '12' })
    expect(await faultOf(github.installation(5, 'command').rest.repos.get(wanted))).toMatchObject({
      code: 'forbidden',
      retryable: false,
    })
    expect(blocked).toEqual([])
  })

  it('sends nothing while its own lanes are empty', async () => {
    const { github, emptyLanes } = setUp()
    emptyLanes(4_000)
    const fault = await faultOf(github.installation(5, 'cosmetic').rest.repos.get(wanted))
    expect(fault).toMatchObject({ code: 'rate-limited', retryAt: NOW + 4_000, ambiguous: false })
    expect(github.requests.total).toBe(0)
  })

  it('counts creates apart, and lets cosmetic work draw on the smallest share', async () => {
    const { github, taken } = setUp()
    token()
    nock(ROOT).post('/repos/acme/widgets/issues/3/comments').reply(201, { id: 1 })
    await github.installation(5, 'cosmetic').rest.issues.createComment({ ...wanted, issue_number: 3, body: 'x' })
    const brief = taken.map(({ name, cost, capacity }) => `${name} ${cost}/${capacity}`)
    expect(brief).toEqual([
      'github:5:rest:hour 1/5000',
      'github:5:rest:hour:result 1/4250',
      'github:5:rest:hour:cosmetic 1/2500',
      'github:5:rest:minute 5/900',
      'github:5:rest:minute:result 5/765',
      'github:5:rest:minute:cosmetic 5/450',
      'github:5:content:minute 1/80',
      'github:5:content:minute:result 1/68',
      'github:5:content:minute:cosmetic 1/40',
      'github:5:content:hour 1/500',
      'github:5:content:hour:result 1/425',
      'github:5:content:hour:cosmetic 1/250',
    ])
  })

  it('believes the hourly limit that GitHub names for this installation', async () => {
    const { github, taken } = setUp()
    token()
    repo().times(2).reply(200, { id: 1 }, { 'x-ratelimit-limit': '12500' })
    await github.installation(5, 'command').rest.repos.get(wanted)
    await github.installation(5, 'command').rest.repos.get(wanted)
    expect(taken.filter(({ name }) => name === 'github:5:rest:hour').map(({ capacity }) => capacity)).toEqual([
      5000, 12_500,
    ])
  })
})

describe('requests whose end is not known', () => {
  const comment = (github: ReturnType<typeof setUp>['github']) =>
    github.installation(5, 'result').rest.issues.createComment({ ...wanted, issue_number: 3, body: 'x' })
  const post = () => nock(ROOT).post('/repos/acme/widgets/issues/3/comments')

  it('sends a POST once when the answer is 502, and says that it may have happened', async () => {
    const { github } = setUp()
    token()
    post().reply(502, 'Bad gateway')
    expect(await faultOf(comment(github))).toMatchObject({ code: 'unavailable', ambiguous: true, retryable: true })
    expect(github.requests.byRoute['POST /repos/{owner}/{repo}/issues/{issue_number}/comments']).toBe(1)
  })

  it('says the same of a broken connection, and of a body that breaks off', async () => {
    const { github } = setUp()
    token()
    post().replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    expect(await faultOf(comment(github))).toMatchObject({ code: 'unreachable', ambiguous: true })
    post().reply(201, '{"id": 1', { 'content-type': 'application/json' })
    expect(await faultOf(comment(github))).toMatchObject({ code: 'unreachable', ambiguous: true })
  })

  it('has no doubt about a read', async () => {
    const { github } = setUp()
    token()
    repo().reply(503)
    expect(await faultOf(github.installation(5, 'command').rest.repos.get(wanted))).toMatchObject({
      ambiguous: false,
      retryable: true,
    })
  })

  it('keeps tokens out of what it throws', async () => {
    const { github } = setUp()
    token()
    post().reply(422, { message: `no: ${TOKEN}` })
    const fault = await faultOf(comment(github))
    expect(JSON.stringify(fault) + fault.message + String(fault.stack)).not.toContain(TOKEN)
    expect(fault.cause).toBeUndefined()
  })
})

describe('GraphQL', () => {
  const QUERY =
    'mutation Two($a: ID!) { a: addComment(input: {subjectId: $a, body: "x"}) { clientMutationId } b: addLabels { x } }'

  it('hands over what worked and says which alias did not', async () => {
    const { github, taken } = setUp()
    token()
    nock(ROOT)
      .post('/graphql', (body: { variables: unknown }) => JSON.stringify(body.variables) === '{"a":"I_1"}')
      .reply(200, {
        data: { a: { clientMutationId: null }, b: null },
        errors: [{ type: 'NOT_FOUND', path: ['b'], message: 'gone' }],
      })
    const answer = await github.installation(5, 'result').graphqlPartly(QUERY, { a: 'I_1' })
    expect(answer).toEqual({
      data: { a: { clientMutationId: null }, b: null },
      errors: [{ type: 'NOT_FOUND', path: ['b'] }],
    })
    expect(github.requests.byRoute['GraphQL Two']).toBe(1)
    expect(taken.find(({ name }) => name === 'github:5:graphql:minute')?.cost).toBe(5)
    expect(taken.find(({ name }) => name === 'github:5:content:minute')?.cost).toBe(1)
  })

  it.each(['RATE_LIMITED', 'RATE_LIMIT'])('reads the limit that comes with status 200 as %s', async (type) => {
    const { github, blocked } = setUp()
    token()
    const reset = Math.floor(NOW / 1000) + 60
    nock(ROOT)
      .post('/graphql')
      .reply(200, { data: null, errors: [{ type, message: 'x' }] }, { 'x-ratelimit-reset': String(reset) })
    const fault = await faultOf(github.installation(5, 'result').graphql(QUERY, { a: 'I_1' }))
    expect(fault).toMatchObject({ code: 'rate-limited', retryAt: NOW + 61_000, ambiguous: false })
    expect(blocked).toEqual([['github:5:graphql:hour', NOW + 61_000]])
  })

  it('knows a thing that is not there by its type', async () => {
    const { github } = setUp()
    token()
    nock(ROOT)
      .post('/graphql')
      .reply(200, { data: { node: null }, errors: [{ type: 'NOT_FOUND', path: ['node'], message: 'x' }] })
    expect(
      await faultOf(github.installation(5, 'result').graphql('query Look { node(id: 1) { id } }', {})),
    ).toMatchObject({ code: 'not-found' })
  })
})
