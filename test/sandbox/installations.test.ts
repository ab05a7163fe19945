import { describe, expect, it } from 'vitest'
import { createAppJwt } from './app-jwt.ts'
import { createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'
import { startSandbox, type Started, WIDGETS } from './start-sandbox.ts'

const change = ({ sandbox }: Started, body: object) =>
  createSpeaker(sandbox.url, null).patch('/_sandbox/installations/301', body)
const mint = ({ sandbox }: Started) =>
  createSpeaker(sandbox.url, createAppJwt(SEED_KEYS.muster.privateKey, 201, Date.now())).post(
    '/app/installations/301/access_tokens',
  )
const told = ({ sandbox }: Started) => sandbox.deliveries.list().map((one) => `${one.event}.${one.action}`)

describe('an installation', () => {
  it('that is suspended gets no token and may use none', async () => {
    const started = await startSandbox()
    await change(started, { suspended: true })
    const refused = { status: 403, json: { message: 'This installation has been suspended' } }
    expect(await started.as('muster').get(WIDGETS)).toMatchObject(refused)
    expect(await mint(started)).toMatchObject(refused)
    await change(started, { suspended: false })
    expect((await mint(started)).status).toBe(201)
    expect(told(started)).toEqual(['installation.suspend', 'installation.unsuspend'])
  })

  it('reaches the repositories that were chosen, and says so', async () => {
    const started = await startSandbox()
    const list = async () => (await started.as('muster').get('/installation/repositories')).json
    expect(await list()).toMatchObject({ total_count: 3, repository_selection: 'all' })
    await change(started, { repositories: ['widgets'] })
    expect(await list()).toMatchObject({ total_count: 1, repository_selection: 'selected' })
    expect((await started.as('muster').get('/repos/acme/secret')).status).toBe(404)
    await started.as('bob').post('/repos/acme/secret/issues', { title: 'unheard' })
    await change(started, { repositories: 'all' })
    expect(told(started)).toEqual(['installation_repositories.removed', 'installation_repositories.added'])
  })

  it('has new permissions once its owner accepts them, in new tokens', async () => {
    const started = await startSandbox()
    expect((await change(started, { permissions: { tea: 'write' } })).status).toBe(422)
    await change(started, { permissions: { issues: 'write', members: 'read' } })
    const { token } = (await mint(started)).json
    const app = createSpeaker(started.sandbox.url, token)
    expect((await app.get('/orgs/acme/teams')).status).toBe(200)
    expect((await app.post(`${WIDGETS}/check-runs`, { name: 'x', head_sha: 'x' })).status).toBe(403)
    expect((await started.as('muster').get('/orgs/acme/teams')).status).toBe(403)
    expect(told(started)).toEqual(['installation.new_permissions_accepted'])
  })

  it('that was taken off is no more: its tokens are bad, and it hears one last thing', async () => {
    const started = await startSandbox()
    await change(started, { deleted: true })
    expect((await started.as('muster').get(WIDGETS)).status).toBe(401)
    expect((await mint(started)).status).toBe(404)
    await started.as('bob').post(`${WIDGETS}/issues`, { title: 'unheard' })
    expect(told(started)).toEqual(['installation.deleted'])
  })
})

it('a request without a User-Agent is refused', async () => {
  const { sandbox } = await startSandbox()
  const answer = await fetch(`${sandbox.url}${WIDGETS}`, { headers: { 'user-agent': '' } })
  expect(answer.status).toBe(403)
})
