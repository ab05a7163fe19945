import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../../app/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import type { Switches } from '../../app/sandbox/switches.ts'
import { createAppJwt } from './app-jwt.ts'
import { createClient, createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
}

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
let clock: ManualClock
let receiver: Server
let received: Received[]
let answerWith = 200
const AT = '/repos/acme/widgets/issues'

async function start(switches: Partial<Switches> = {}) {
  sandbox = await createSandbox({ clock, keys: SEED_KEYS, switches: { staleListShare: 0, ...switches } })
  const { port } = receiver.address() as AddressInfo
  sandbox.setWebhookUrl(`http://127.0.0.1:${port}/hook`)
  as = createClient(sandbox)
}

beforeEach(async () => {
  clock = createManualClock()
  received = []
  answerWith = 200
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, text: Buffer.concat(chunks).toString() })
      response.writeHead(answerWith).end()
    })
  })
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve)
  })
})
afterEach(async () => {
  await sandbox.close()
  receiver.close()
})

async function deliverAll() {
  clock.advance(1000)
  await sandbox.deliveries.idle()
}

const jwt = () =>
  createSpeaker(sandbox.url, createAppJwt(SEED_KEYS.muster.privateKey, sandbox.seed.muster.id, clock.now()))

describe('a delivery', () => {
  it('is signed, named and addressed as GitHub does it', async () => {
    await start()
    await as('alice').post(AT, { title: 'hello' })
    expect(received).toHaveLength(0)
    await deliverAll()
    const [first] = received
    expect(first?.headers).toMatchObject({
      'x-github-event': 'issues',
      'x-github-hook-id': '2201',
      'x-github-hook-installation-target-id': '201',
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': `sha256=${createHmac('sha256', SEED_KEYS.muster.webhookSecret)
        .update(first?.text ?? '')
        .digest('hex')}`,
    })
    expect(first?.headers['x-github-delivery']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/)
    expect(JSON.parse(first?.text ?? '')).toMatchObject({
      action: 'opened',
      issue: { number: 1, title: 'hello' },
      repository: { full_name: 'acme/widgets' },
      organization: { login: 'acme' },
      installation: { id: 301 },
      sender: { login: 'alice' },
    })
  })

  it('holds to the description of its payload, for every event of an issue', async () => {
    await start()
    await as('alice').post(AT, { title: 'one', labels: ['a'], assignees: ['bob'] })
    const two = (await as('alice').post(AT, { title: 'two' })).json
    const comment = (await as('dave').post(`${AT}/1/comments`, { body: 'one' })).json
    await as('dave').patch(`${AT}/comments/${comment.id}`, { body: 'two' })
    await as('muster').put(`${AT}/comments/${comment.id}/pin`)
    await as('muster').delete(`${AT}/comments/${comment.id}/pin`)
    await as('dave').delete(`${AT}/comments/${comment.id}`)
    await as('alice').delete(`${AT}/1/labels/a`)
    await as('alice').delete(`${AT}/1/assignees`, { assignees: ['bob'] })
    await as('alice').post('/repos/acme/widgets/milestones', { title: 'm' })
    await as('alice').patch(`${AT}/1`, { title: 'uno', body: 'text', milestone: 1, state: 'closed' })
    await as('alice').patch(`${AT}/1`, { state: 'open', milestone: null })
    await as('alice').put(`${AT}/1/lock`, { lock_reason: 'spam' })
    await as('alice').delete(`${AT}/1/lock`)
    await as('alice').post(`${AT}/1/sub_issues`, { sub_issue_id: two.id })
    await as('alice').post(`${AT}/1/dependencies/blocked_by`, { issue_id: two.id })
    await as('alice').patch('/repos/acme/widgets/labels/a', { new_name: 'b', color: '123456', description: 'd' })
    await as('alice').delete('/repos/acme/widgets/labels/b')
    await as('alice').post('/repos/acme/widgets/dispatches', { event_type: 'go', client_payload: { a: 1 } })
    await deliverAll()
    const seen = new Set(sandbox.deliveries.list().map((one) => `${one.event}.${one.action}`))
    expect([...seen].toSorted()).toMatchSnapshot()
    expect(
      sandbox.deliveries.list().flatMap((one) => one.violations.map((v) => `${one.event}.${one.action} ${v}`)),
    ).toEqual([])
  })

  it('goes only to Apps that subscribe, are installed there and may read it', async () => {
    await start()
    const { state, seed } = sandbox
    state.apps.update(seed.muster.id, { events: ['issue_comment'] })
    await as('alice').post(AT, { title: 'unheard' })
    state.apps.update(seed.muster.id, { events: ['issues'] })
    state.installations.update(301, { permissions: { metadata: 'read' } })
    await as('alice').post(AT, { title: 'not permitted' })
    await deliverAll()
    expect(received).toHaveLength(0)
  })

  it.each([
    [[20, 400] as const, true],
    [[50, 50] as const, false],
  ])('may overtake another, with deliveryDelayMs %j: %s', async (deliveryDelayMs, overtakes) => {
    await start({ deliveryDelayMs })
    for (let i = 1; i <= 12; i++) await as('alice').post(AT, { title: `t${i}` })
    await deliverAll()
    const order = sandbox.deliveries.list().toSorted((a, b) => (a.deliveredAt ?? 0) - (b.deliveredAt ?? 0))
    const ids = sandbox.deliveries.list().map((one) => one.id)
    expect(order.some((one, i) => one.id !== ids[i])).toBe(overtakes)
    expect(received).toHaveLength(12)
  })
})

describe('the delivery log', () => {
  it('keeps failures, and a redelivery keeps the GUID', async () => {
    await start()
    answerWith = 500
    await as('alice').post(AT, { title: 'lost' })
    await deliverAll()
    const failed = await jwt().get('/app/hook/deliveries?status=failure')
    expect(failed.json).toMatchObject([{ event: 'issues', action: 'opened', status_code: 500, redelivery: false }])
    answerWith = 200
    expect((await jwt().post(`/app/hook/deliveries/${failed.json[0].id}/attempts`)).status).toBe(202)
    await deliverAll()
    const all = (await jwt().get('/app/hook/deliveries')).json
    expect(all).toMatchObject([{ redelivery: true, status: 'OK' }, { redelivery: false }])
    expect(all[0].guid).toBe(all[1].guid)
    expect(received[0]?.text).toBe(received[1]?.text)
    const one = (await jwt().get(`/app/hook/deliveries/${all[0].id}`)).json
    expect(one.request.headers['x-github-delivery']).toBe(all[0].guid)
    expect(one.request.payload.issue.title).toBe('lost')
  })

  it('forgets after three days', async () => {
    await start()
    await as('alice').post(AT, { title: 'old' })
    await deliverAll()
    const [{ id }] = (await jwt().get('/app/hook/deliveries')).json
    clock.advance(3 * 24 * 3_600_000 + 1)
    expect((await jwt().get('/app/hook/deliveries')).json).toEqual([])
    expect((await jwt().post(`/app/hook/deliveries/${id}/attempts`)).status).toBe(404)
  })

  it.each([0, 1])('shows a delivery that GitHub lost as failed, share %i', async (share) => {
    await start({ lostDeliveryShare: share })
    await as('alice').post(AT, { title: 'x' })
    await deliverAll()
    expect(received).toHaveLength(1 - share)
    expect(sandbox.deliveries.list()[0]?.status).toBe(share === 1 ? 'failed to connect to host' : 'OK')
  })
})

it.each([true, false])('events of a run reach Apps when the switch says so: %s', async (reach) => {
  await start({ workflowTokenEventsReachApps: reach })
  const { token } = sandbox.world.tokens.mintWorkflow({
    appId: sandbox.seed.actions.id,
    repositoryId: sandbox.seed.repositories.widgets.id,
    runId: 1,
    permissions: { issues: 'write' },
  })
  const made = await createSpeaker(sandbox.url, token).post(AT, { title: 'by a run' })
  expect(made.json.user.login).toBe('github-actions[bot]')
  await deliverAll()
  expect(received).toHaveLength(reach ? 1 : 0)
})
