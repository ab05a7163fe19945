/** Whatever goes wrong at the HTTP door is told in JSON, with a next step. */
import { describe, expect, it } from 'vitest'
import { createCommandsEndpoint } from '../../../app/inbound/http/commands.ts'
import { createDoor } from '../../../app/inbound/http/door.ts'
import { createHealthEndpoint } from '../../../app/inbound/http/health.ts'
import { StoreFault } from '../../../app/store/store-fault.ts'
import { givenEndpoint } from './given-endpoint.ts'

/** `broken`: what the store does from the nth call on, for every port of it. */
const given = async (broken?: () => never, healthyCalls = 0) => {
  const test = await givenEndpoint()
  await test.ready(1)
  let calls = 0
  const breaking = <T extends object>(inner: T): T =>
    new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'object' && value !== null) return breaking(value)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          calls += 1
          if (broken !== undefined && calls > healthyCalls) return Promise.reject(brokenError(broken))
          return Reflect.apply(value, target, args) as unknown
        }
      },
    })
  const { deps, clock } = test
  const store = breaking(test.store)
  const lines: string[] = []
  const note = (line: string): void => {
    lines.push(line)
  }
  const door = createDoor({ clock, log: { debug: note, info: note, warn: note, error: note } })
    .route('/', createCommandsEndpoint({ ...deps, engine: { ...deps.engine, store } }))
    .route('/', createHealthEndpoint({ store, clock }))
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await door.request(path, init)
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, json: JSON.parse(text) as Json }
  }
  const headers = { authorization: `Bearer ${test.keys.claude}`, 'idempotency-key': 'k' }
  return { ...test, ask, headers, lines, callsMade: () => calls }
}

interface Json {
  readonly ok: boolean
  readonly error?: { readonly code: string; readonly message: string; readonly next: string }
}

const brokenError = (broken: () => never): unknown => {
  try {
    return broken()
  } catch (error) {
    return error
  }
}

const unreachable = (): never => {
  throw new StoreFault('unreachable', 'postgres://muster:hunter2@db is down', { retryable: true })
}
const CLAIM = JSON.stringify({ task: 1, verb: 'claim' })
const JSON_BODY = { 'content-type': 'application/json' }

describe('a store that is down', () => {
  it('puts every request off, at whatever moment it goes', async () => {
    const whole = await given()
    const asked = { method: 'POST', body: CLAIM }
    expect((await whole.ask('/v1/commands', { ...asked, headers: { ...JSON_BODY, ...whole.headers } })).status).toBe(
      200,
    )
    const calls = whole.callsMade()
    expect(calls).toBeGreaterThan(4)
    for (let healthy = 0; healthy < calls; healthy += 1) {
      const { ask, headers } = await given(unreachable, healthy)
      const answer = await ask('/v1/commands', { ...asked, headers: { ...JSON_BODY, ...headers } })
      expect([healthy, answer]).toMatchObject([healthy, { status: 503, json: { ok: false } }])
      expect(answer.json.error).toMatchObject({ code: 'unavailable', next: expect.stringContaining('Idempotency-Key') })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(JSON.stringify(answer.json)).not.toContain('hunter2')
    }
  })

  it('is what /healthz says too', async () => {
    const { ask, lines } = await given(unreachable)
    expect(await ask('/healthz')).toMatchObject({ status: 503, json: { ok: false, error: { code: 'unavailable' } } })
    expect(lines).toEqual(['request put off'])
  })

  it('is told from a fault of ours', async () => {
    const { ask, lines } = await given(() => {
      throw new TypeError('cannot read x')
    })
    const answer = await ask('/healthz')
    expect(answer).toMatchObject({
      status: 500,
      json: { error: { code: 'fault', next: expect.stringMatching(/log/) } },
    })
    expect(JSON.stringify(answer.json)).not.toContain('cannot read x')
    expect(lines).toEqual(['request failed'])
  })
})

describe('requests that no route takes', () => {
  it.each([
    ['an unknown route', '/v2/@everyone', {}, 404, 'unknown-route'],
    ['another method', '/v1/commands', { method: 'GET' }, 405, 'wrong-method'],
  ])('%s', async (_, path, init, status, code) => {
    const { ask } = await given()
    const answer = await ask(path, init)
    expect(answer).toMatchObject({ status, json: { ok: false, error: { code, next: expect.stringMatching(/POST/) } } })
    expect(JSON.stringify(answer.json)).not.toContain('@everyone')
  })

  it.each([
    ['application/json', CLAIM, 200],
    ['application/json; charset=utf-8', CLAIM, 200],
    ['application/vnd.api+json', CLAIM, 200],
    // What curl and fetch say by themselves.
    ['application/x-www-form-urlencoded', CLAIM, 200],
    ['text/plain;charset=UTF-8', CLAIM, 200],
    ['application/x-www-form-urlencoded', 'verb=claim&task=1', 415],
    ['text/plain', '/claim', 415],
    ['application/xml', CLAIM, 415],
    ['multipart/form-data; boundary=x', CLAIM, 415],
    ['application/jsonx', CLAIM, 415],
    ['application/json', '/claim', 400],
  ])('%s with %s', async (type, body, status) => {
    const { ask, headers } = await given()
    const answer = await ask('/v1/commands', { method: 'POST', body, headers: { 'content-type': type, ...headers } })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.json.error?.next).toContain('"verb": "claim"')
  })

  it('a body that is too large', async () => {
    const { ask, headers } = await given()
    const body = 'x'.repeat(300_000)
    const answer = await ask('/v1/commands', { method: 'POST', body, headers: { ...JSON_BODY, ...headers } })
    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'too-large', next: 'Send less.' } } })
  })
})
