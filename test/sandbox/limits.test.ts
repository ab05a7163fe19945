import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock, type ManualClock } from '../../app/sandbox/clock.ts'
import type { Caller } from '../../app/sandbox/auth/caller.ts'
import { GitHubError } from '../../app/sandbox/http/errors.ts'
import type { GuardedRequest } from '../../app/sandbox/http/guard.ts'
import { createLimitBook, LIMITS, type LimitBook } from '../../app/sandbox/limits/limit-book.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { type Switches, UNKIND } from '../../app/sandbox/switches.ts'
import { createClient, createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

const INSTALLATION: Caller = { kind: 'installation', appId: 1, installationId: 7, permissions: {}, repositories: 'all' }
const BOB: Caller = { kind: 'user', userId: 102, agent: false }
const read: GuardedRequest = { caller: INSTALLATION, resource: 'core', points: 1, cost: 1, creations: 0 }
const write: GuardedRequest = { ...read, points: 5 }
const comment: GuardedRequest = { ...write, creations: 1 }

let clock: ManualClock
let switches: Switches
let book: LimitBook
beforeEach(() => {
  clock = createManualClock()
  switches = { ...UNKIND }
  book = createLimitBook(clock, switches)
})

/** Sends until refused, at most `most` times; how many passed, and the refusal. */
function send(request: GuardedRequest, most = 10_000): { passed: number; refusal: GitHubError | null } {
  for (let passed = 0; passed < most; passed++) {
    try {
      book.before(request)
      book.after(request, 200)
    } catch (error) {
      if (error instanceof GitHubError) return { passed, refusal: error }
      throw error
    }
  }
  return { passed: most, refusal: null }
}

describe('secondary limits', () => {
  it('allow 900 points a minute: 900 reads or 180 writes', () => {
    expect(send(read).passed).toBe(900)
    clock.advance(60_000)
    expect(send(write).passed).toBe(180)
  })

  it('allow 2,000 GraphQL points a minute, mutations at five', () => {
    expect(send({ ...read, resource: 'graphql', points: 5 }).passed).toBe(400)
  })

  it('allow 80 creations a minute and 500 an hour', () => {
    expect(send(comment).passed).toBe(80)
    let total = 80
    for (let minute = 0; minute < 10; minute++) {
      clock.advance(60_000)
      total += send(comment).passed
    }
    expect(total).toBe(LIMITS.creationsPerHour)
    clock.advance(3_600_000)
    expect(send(comment, 1).passed).toBe(1)
  })

  it('allow a hundred requests at once', () => {
    for (let i = 0; i < 100; i++) book.before(read)
    expect(send(read, 1).refusal?.message).toContain('secondary rate limit')
    book.after(read, 200)
    expect(send(read, 1).refusal).toBeNull()
  })

  it('are told by GraphQL in a 200 without data, the primary one always', () => {
    const query: GuardedRequest = { ...read, resource: 'graphql', cost: 5001 }
    switches.graphqlLimitType = 'RATE_LIMIT'
    const primary = send(query).refusal
    expect(primary?.status).toBe(200)
    expect(primary?.headers['x-ratelimit-remaining']).toBe('0')
    expect(primary?.body()).toMatchObject({ errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit' }] })
    switches.graphqlSecondaryStatus = 200
    switches.graphqlLimitType = 'RATE_LIMITED'
    const secondary = send({ ...query, cost: 1, points: 2001 }).refusal
    expect(secondary?.body()).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] })
    expect(secondary?.headers['x-ratelimit-remaining']).not.toBe('0')
  })

  it('name the page that explains them', () => {
    expect(send(comment).refusal?.body()['documentation_url']).toMatch(/#about-secondary-rate-limits$/)
  })

  it.each([403, 429] as const)('answer %i, as the switch says', (status) => {
    switches.secondaryLimitStatus = status
    expect(send(comment).refusal?.status).toBe(status)
  })

  it.each([true, false])('carry retry-after when the switch says so: %s', (given) => {
    switches.secondaryLimitRetryAfter = given
    const { refusal } = send(comment)
    expect(refusal?.headers['retry-after']).toBe(given ? '60' : undefined)
  })
})

describe('the primary limit', () => {
  it('is 5,000 an hour for an installation, and a run has 1,000 for its repository', () => {
    const run: Caller = { kind: 'workflow', appId: 1, repositoryId: 9, runId: 1, permissions: {} }
    for (const [caller, limit] of [
      [INSTALLATION, 5000],
      [run, 1000],
    ] as const) {
      let passed = 0
      for (let minute = 0; minute < 12; minute++) {
        passed += send({ ...read, caller }, 800).passed
        clock.advance(60_000)
      }
      expect(passed).toBe(limit)
    }
  })

  it('says when it ends, and ends then', () => {
    for (let minute = 0; minute < 12; minute++) {
      send(read, 800)
      clock.advance(60_000)
    }
    const { refusal } = send(read, 1)
    expect(refusal?.status).toBe(403)
    expect(refusal?.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'core' })
    clock.advance(Number(refusal?.headers['x-ratelimit-reset']) * 1000 - clock.now())
    expect(send(read, 1).passed).toBe(1)
  })

  it('is not touched by a 304', () => {
    book.before(read)
    book.after(read, 304)
    expect(book.budget(INSTALLATION, 'core').used).toBe(0)
  })
})

describe('over HTTP', () => {
  let sandbox: Sandbox
  let as: ReturnType<typeof createClient>
  afterEach(() => sandbox.close())

  it('every answer shows the budget, a 304 leaves it alone, and /rate_limit is free', async () => {
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 0 } })
    as = createClient(sandbox)
    const first = await as('muster').get('/repos/acme/widgets')
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('x-ratelimit-used')).toBe('1')
    const again = await as('muster').get('/repos/acme/widgets', { 'if-none-match': etag })
    expect([again.status, again.headers.get('x-ratelimit-used')]).toEqual([304, '1'])
    const rates = (await as('muster').get('/rate_limit')).json
    expect(rates.resources.core).toMatchObject({ limit: 5000, used: 1, remaining: 4999 })
  })

  it('an ETag is of no use with another token', async () => {
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 0 } })
    const installation = sandbox.state.installations.find(({ appId }) => appId === sandbox.seed.muster.id)
    const speaker = () => {
      const grant = { appId: 201, installationId: installation?.id ?? 0, permissions: installation?.permissions ?? {} }
      return createSpeaker(sandbox.url, sandbox.world.tokens.mintInstallation({ ...grant, repositories: 'all' }).token)
    }
    const [one, next] = [speaker(), speaker()]
    const etag = (await one.get('/repos/acme/widgets/issues')).headers.get('etag') ?? ''
    const status = async (by: typeof one) =>
      (await by.get('/repos/acme/widgets/issues', { 'if-none-match': etag })).status
    expect([await status(one), await status(next)]).toEqual([304, 200])
  })

  it('refuses the request that would be the 101st at once, for as long as the hundredth lasts', async () => {
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 0 } })
    as = createClient(sandbox)
    const { port } = new URL(sandbox.url)
    await as('bob').post('/repos/acme/widgets/issues', { title: 'x' })
    for (let n = 0; n < LIMITS.atOnce - 1; n++) sandbox.world.limits.before({ ...read, caller: BOB })
    // A request whose body never ends holds the last place.
    const held = connect(Number(port), '127.0.0.1')
    onTestFinished(() => void held.destroy())
    const head = ['PATCH /repos/acme/widgets/issues/1 HTTP/1.1', 'host: x', 'user-agent: x', 'content-length: 99']
    held.write([...head, `authorization: Bearer ${sandbox.tokens.bob}`, '', '{'].join('\r\n'))
    const places = () => sandbox.world.limits.atOnce(BOB)
    const look = () => as('bob').get('/repos/acme/widgets')
    await expect.poll(places, { timeout: 10_000 }).toBe(LIMITS.atOnce)
    const refused = await look()
    expect([refused.status, refused.json.message]).toEqual([403, expect.stringContaining('secondary rate limit')])
    expect((await as('alice').get('/repos/acme/widgets')).status).toBe(200)
    held.destroy()
    await expect.poll(places, { timeout: 10_000 }).toBe(LIMITS.atOnce - 1)
    expect((await look()).status).toBe(200)
  })

  it.each([
    [true, 80],
    [false, 85],
  ])('refuses the 81st comment of a minute while limits are enforced: %s', async (enforceLimits, most) => {
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { enforceLimits, staleListShare: 0 } })
    as = createClient(sandbox)
    await as('bob').post('/repos/acme/widgets/issues', { title: 'x' })
    const statuses = []
    for (let i = 0; i < 85; i++)
      statuses.push((await as('muster').post('/repos/acme/widgets/issues/1/comments', { body: `${i}` })).status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(most)
  })
})
