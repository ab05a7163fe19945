import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createManualClock, type ManualClock } from '../../app/sandbox/clock.ts'
import { createAppJwt } from './app-jwt.ts'
import { createClient, createSpeaker, type Who } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
let clock: ManualClock
const AT = '/repos/acme/widgets/issues'
const SECRET = '/repos/acme/secret/issues'
beforeEach(async () => {
  clock = createManualClock()
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS, clock })
  as = createClient(sandbox)
})
afterEach(() => sandbox.close())

const jwt = () => createSpeaker(sandbox.url, createAppJwt(SEED_KEYS.muster.privateKey, 201, clock.now()))
const mint = async (body: object = {}) => jwt().post('/app/installations/301/access_tokens', body)

describe('an installation token', () => {
  it('is gone after one hour', async () => {
    const { token } = (await mint()).json
    expect((await createSpeaker(sandbox.url, token).get('/repos/acme/secret')).status).toBe(200)
    clock.advance(3_600_000)
    const late = await createSpeaker(sandbox.url, token).get('/repos/acme/secret')
    expect([late.status, late.json.message]).toEqual([401, 'Bad credentials'])
  })

  it('can be narrowed to repositories and permissions', async () => {
    const narrow = (await mint({ repositories: ['widgets'], permissions: { issues: 'read' } })).json
    expect(narrow).toMatchObject({
      repository_selection: 'selected',
      permissions: { issues: 'read', metadata: 'read' },
    })
    const app = createSpeaker(sandbox.url, narrow.token)
    expect((await app.get('/repos/acme/secret')).status).toBe(404)
    expect((await app.get(AT)).status).toBe(200)
    expect((await app.post(AT, { title: 'x' })).status).toBe(403)
  })

  it.each([true, false])('has the form that the switch gives, and works in both: %s', async (statelessTokens) => {
    sandbox.switches.statelessTokens = statelessTokens
    const { token } = (await mint()).json
    expect(token).toMatch(statelessTokens ? /^ghs_201_[\w-]+\.[\w-]+\.[\w-]+$/ : /^ghs_[A-Za-z0-9]{36}$/)
    expect((await createSpeaker(sandbox.url, token).get('/installation/repositories')).status).toBe(200)
  })

  it('cannot be widened', async () => {
    expect((await mint({ permissions: { administration: 'write' } })).status).toBe(422)
    expect((await mint({ repository_ids: [999] })).status).toBe(422)
    expect((await jwt().post('/app/installations/302/access_tokens')).status).toBe(404)
  })

  it('is refused what its permissions do not hold', async () => {
    const { token } = (await mint({ permissions: { checks: 'write' } })).json
    const refused = await createSpeaker(sandbox.url, token).post(AT, { title: 'x' })
    expect(refused.status).toBe(403)
    expect(refused.json.message).toBe('Resource not accessible by integration')
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write')
  })
})

describe('an App’s JWT', () => {
  it('manages the App and nothing else', async () => {
    expect((await jwt().get('/app/installations')).json).toMatchObject([{ id: 301, account: { login: 'acme' } }])
    expect((await jwt().get('/repos/acme/widgets/installation')).json.id).toBe(301)
    expect((await jwt().get(AT)).status).toBe(401)
  })

  it('must be signed by the App’s own key', async () => {
    const forged = createSpeaker(sandbox.url, createAppJwt(SEED_KEYS.claude.privateKey, 201, clock.now()))
    expect((await forged.get('/app')).status).toBe(401)
  })
})

describe('a GITHUB_TOKEN', () => {
  it('acts as github-actions on its own repository only', async () => {
    const { token } = sandbox.world.tokens.mintWorkflow({
      appId: sandbox.seed.actions.id,
      repositoryId: sandbox.seed.repositories.widgets.id,
      runId: 1,
      permissions: { issues: 'write', metadata: 'read' },
    })
    const run = createSpeaker(sandbox.url, token)
    expect((await run.post(AT, { title: 'x' })).json.user.login).toBe('github-actions[bot]')
    expect((await run.get('/repos/acme/secret')).status).toBe(404)
    expect((await run.post('/repos/acme/.github/issues', { title: 'x' })).status).toBe(403)
    expect((await run.get('/user')).status).toBe(403)
  })
})

describe('people', () => {
  it.each<[Who, string, number]>([
    ['mallory', SECRET, 404],
    ['dave', SECRET, 201],
    ['mallory', AT, 201],
    ['anonymous', AT, 401],
  ])('%s opening an issue at %s gets %i', async (who, path, status) => {
    expect((await as(who).post(path, { title: 'x' })).status).toBe(status)
  })

  it('are counted apart from the App, its Action and agents', async () => {
    await as('alice').get(AT)
    await as('muster').get(AT)
    await as('claude').get(AT)
    await as('anonymous').get(AT)
    expect(sandbox.log.counts().by_actor).toEqual({ app: 1, action: 0, agent: 1, person: 1, anonymous: 1 })
  })
})
