/** A claim that names no task, as an agent's author sees it. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { createClaimNext } from '../../../app/engine/claim-next.ts'
import { createCommandsEndpoint, COMMANDS_PATH } from '../../../app/inbound/http/commands.ts'
import { givenEndpoint } from './given-endpoint.ts'

describe('claim without a task', () => {
  it('takes the next one and answers with its lease', async () => {
    const { post, ready, github, taskOf } = await givenEndpoint()
    github.defaultHead = 'a'.repeat(40)
    await ready(1)
    await ready(2)
    const first = await post({ verb: 'claim', args: { ttl: '90m', model: 'opus' } })
    expect(first).toMatchObject({
      status: 200,
      json: { task: { key: 'DEV-1', status: 'claimed' }, lease: { fence: '1.1', owner: 'claude', ttl_seconds: 5400 } },
    })
    expect((await taskOf(1)).attempts).toMatchObject([{ baseSha: 'a'.repeat(40), model: 'opus' }])
    expect((await post({ verb: 'claim' }, 'codex')).json.task).toMatchObject({ key: 'DEV-2' })
  })

  it('needs a key, and the same key gets the same lease again', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    await ready(2)
    expect(await post({ verb: 'claim' }, 'claude', null)).toMatchObject({
      json: { error: { code: 'no-idempotency-key' } },
    })
    const first = await post({ verb: 'claim' }, 'claude', 'k')
    expect(await post({ verb: 'claim' }, 'claude', 'k')).toEqual(first)
    expect((await post({ verb: 'claim', args: { ttl: '2h' } }, 'claude', 'k')).status).toBe(422)
    expect((await post({ verb: 'claim' }, 'codex', 'k')).json.task).toMatchObject({ key: 'DEV-2' })
    await post({ verb: 'release', task: 1, args: { fence: first.json.lease?.fence } })
    expect(await post({ verb: 'claim' }, 'claude', 'k')).toMatchObject({ json: { error: { code: 'lease-over' } } })
  })

  it('says why and when to ask again where nothing is ready, and the same key may ask', async () => {
    const { deps, keys, ready, ask } = await givenEndpoint()
    await ready(1)
    await ask('task/7/1', { type: 'block-task', reason: 'no key' })
    const endpoint = createCommandsEndpoint(deps)
    const headers = { authorization: `Bearer ${keys.claude}`, 'idempotency-key': 'k' }
    const send = () => endpoint.request(COMMANDS_PATH, { method: 'POST', headers, body: '{"verb":"claim"}' })
    const none = await send()
    expect([none.status, none.headers.get('retry-after')]).toEqual([404, '15'])
    expect(await none.json()).toMatchObject({
      error: {
        code: 'nothing-ready',
        message: expect.stringContaining('1 are blocked'),
        data: { blocked: 1, waiting: 0 },
      },
    })
    await ask('task/7/1', { type: 'unblock-task', id: null })
    expect((await send()).status).toBe(200)
  })

  it('says when to ask again where the limit on work in progress is reached', async () => {
    const { deps, keys, ready, claim } = await givenEndpoint()
    await ready(1)
    await ready(2)
    await claim(1)
    const engine = { ...deps.engine, settingsOf: () => Promise.resolve({ ...DEFAULT_SETTINGS, wip: { project: 1 } }) }
    const endpoint = createCommandsEndpoint({ ...deps, engine, claimNext: createClaimNext(engine) })
    const headers = { authorization: `Bearer ${keys.claude}`, 'idempotency-key': 'k' }
    for (const body of ['{"verb":"claim"}', '{"verb":"claim","task":2}']) {
      const full = await endpoint.request(COMMANDS_PATH, { method: 'POST', headers, body })
      expect([full.status, full.headers.get('retry-after')]).toEqual([429, '15'])
      expect(await full.json()).toMatchObject({ error: { code: 'wip-limit', data: { of: 'project', most: 1 } } })
    }
  })

  it('is the only command that may name none', async () => {
    const { post } = await givenEndpoint()
    for (const verb of ['show', 'heartbeat', 'ready', 'help', 'nonsense']) {
      const answer = await post({ verb })
      expect(answer).toMatchObject({
        status: 400,
        json: { error: { code: 'bad-request', message: 'It names no task.' } },
      })
    }
  })
})
