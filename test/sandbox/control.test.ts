import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient, createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
let control: ReturnType<typeof createSpeaker>
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  as = createClient(sandbox)
  control = createSpeaker(`${sandbox.url}/_sandbox`, null)
})
afterEach(() => sandbox.close())

describe('the control surface', () => {
  it('counts requests by actor and route, and lists what is unsupported', async () => {
    await as('alice').get('/repos/acme/widgets')
    await as('muster').post('/repos/acme/widgets/issues', { title: 'x' })
    await as('muster').get('/repos/acme/widgets/teapots')
    const { json } = await control.get('/requests')
    expect(json).toMatchObject({
      total: 3,
      by_actor: { app: 2, person: 1, action: 0, agent: 0 },
      by_route: { app: { 'POST /repos/{owner}/{repo}/issues': 1 } },
      points_by_actor: { app: 6, person: 1 },
      unsupported: ['GET /repos/acme/widgets/teapots'],
      violations: [],
    })
    expect((await control.delete('/requests')).status).toBe(204)
    expect((await control.get('/unsupported')).json).toEqual([])
  })

  it('sets where webhooks go, waits for deliveries and shows them', async () => {
    await control.put('/apps/muster/webhook', { url: 'http://127.0.0.1:9/hook' })
    await as('alice').post('/repos/acme/widgets/issues', { title: 'x' })
    expect((await control.post('/deliveries/idle')).json).toEqual({ pending: 0 })
    const { json } = await control.get('/deliveries')
    expect(json).toMatchObject([{ event: 'issues', action: 'opened', status: 'failed to connect to host' }])
    expect(json[0].body).toBeUndefined()
    expect((await control.get(`/deliveries/${json[0].id}`)).json.body).toContain('"title":"x"')
    expect((await control.put('/apps/teapot/webhook', { url: null })).status).toBe(404)
    expect((await control.put('/apps/muster/webhook', { url: 5 })).status).toBe(422)
  })

  it('sets switches by name and shape, all or none', async () => {
    expect((await control.patch('/switches', { staleListShare: 1, deliveryDelayMs: [5, 6] })).status).toBe(200)
    expect(sandbox.switches).toMatchObject({ staleListShare: 1, deliveryDelayMs: [5, 6] })
    for (const bad of [{ teapot: 1 }, { staleListShare: 'much' }, { enforceLimits: true, deliveryDelayMs: [1] }])
      expect((await control.patch('/switches', bad)).status).toBe(422)
    expect(sandbox.switches.enforceLimits).toBe(false)
  })

  it('suspends an installation and chooses its repositories, and the App is told', async () => {
    const told = () => sandbox.deliveries.list().map((one) => `${one.event}.${one.action}`)
    expect((await control.patch('/installations/301', { repositories: ['widgets'] })).status).toBe(204)
    expect((await as('muster').get('/repos/acme/secret')).status).toBe(404)
    expect((await control.patch('/installations/301', { repositories: 'all', suspended: true })).status).toBe(204)
    expect((await as('muster').get('/repos/acme/widgets')).status).toBe(403)
    await as('alice').post('/repos/acme/widgets/issues', { title: 'unheard' })
    expect((await control.patch('/installations/301', { suspended: false })).status).toBe(204)
    expect((await as('muster').get('/repos/acme/widgets')).status).toBe(200)
    expect(told()).toEqual([
      'installation_repositories.removed',
      'installation_repositories.added',
      'installation.suspend',
      'installation.unsuspend',
    ])
    expect((await control.patch('/installations/301', { repositories: ['teapots'] })).status).toBe(422)
  })

  it('refuses a body that is no object', async () => {
    for (const path of ['/tokens', '/jobs/1/start'])
      for (const body of [undefined, null, 'x']) expect((await control.post(path, body)).status).toBe(400)
  })

  it('makes a fresh token for an agent whose hour is over', async () => {
    const { token } = (await control.post('/tokens', { app: 'claude' })).json
    expect((await createSpeaker(sandbox.url, token).get('/installation/repositories')).json.total_count).toBe(3)
  })

  it.each([
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a name that only resolves here', { host: 'evil.example' }],
  ])('refuses %s', async (_who, headers: Record<string, string>) => {
    const status = await new Promise((resolve) => {
      request(`${sandbox.url}/_sandbox/switches`, { headers }, (answer) => resolve(answer.statusCode)).end()
    })
    expect(status).toBe(403)
  })
})
