/** What an agent's author reads: answers that can be copied, types that are taken as they are meant, and who decides what is not open to keys. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AGENT } from '../../domain/given.ts'
import { verbsOn } from '../../../app/inbound/catalogue.ts'
import { givenEndpoint } from './given-endpoint.ts'

describe('a claim of one’s own lease', () => {
  it('says that it is one already, the same when it is repeated, and when it runs out', async () => {
    const { post, ready, clock } = await givenEndpoint()
    await ready(1)
    const first = await post({ verb: 'claim', task: 1 }, 'claude', 'a')
    expect(first.json).not.toHaveProperty('already')
    clock.pass(60_000)
    await post({ verb: 'heartbeat', task: 1, args: { fence: '1.1' } }, 'claude', null)
    const second = await post({ verb: 'claim', task: 1 }, 'claude', 'b')
    expect(second).toMatchObject({ status: 200, json: { already: true, lease: { fence: '1.1', ttl_seconds: 1800 } } })
    const until = Date.parse(first.json.lease?.expires_at ?? '')
    expect(Date.parse(second.json.lease?.expires_at ?? '')).toBe(until + 60_000)
    expect(await post({ verb: 'claim', task: 1 }, 'claude', 'b')).toEqual(second)
    expect((await post({ verb: 'claim', task: 1 }, 'claude', 'a')).json).not.toHaveProperty('already')
  })

  it('with a time to live starts the lease anew with it, also for heartbeats, within the limits', async () => {
    const { post, ready, clock } = await givenEndpoint()
    await ready(1)
    const { json } = await post({ verb: 'claim', task: 1 })
    clock.pass(60_000)
    const longer = await post({ verb: 'claim', task: 1, args: { ttl: '2h' } })
    expect(longer.json).toMatchObject({ lease: { fence: '1.1', ttl_seconds: 7200 } })
    expect(longer.json).not.toHaveProperty('already')
    const moved = Date.parse(longer.json.lease?.expires_at ?? '') - Date.parse(json.lease?.expires_at ?? '')
    expect(moved).toBe(60_000 + 5_400_000)
    clock.pass(60_000)
    const beat = await post({ verb: 'heartbeat', task: 1, args: { fence: '1.1' } }, 'claude', null)
    expect(Date.parse(beat.json.lease?.expires_at ?? '')).toBe(clock.now() + 7_200_000)
    const tooLong = await post({ verb: 'claim', task: 1, args: { ttl: '9d' } })
    expect(tooLong).toMatchObject({ status: 422, json: { error: { code: 'ttl-out-of-range' } } })
    expect(tooLong.json.error?.next).toContain('{"verb": "claim", "args": {"ttl": "30m"}}')
  })
})

describe('types as JSON has them', () => {
  it.each([
    [5400, 5400],
    ['90m', 5400],
  ])('a time to live of %j', async (ttl, seconds) => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    expect((await post({ verb: 'claim', task: 1, args: { ttl } })).json).toMatchObject({
      lease: { ttl_seconds: seconds },
    })
  })

  it.each([2, '2', '#2', 'DEV-2', [2], ['#2']])('a reference of %j', async (on) => {
    const { post, ready, taskOf } = await givenEndpoint()
    await ready(1)
    await ready(2)
    expect((await post({ verb: 'depends', task: 1, args: { on } })).status).toBe(200)
    expect((await taskOf(1)).dependsOn).toEqual([{ stream: 'task/7/2', key: 'DEV-2' }])
  })

  it.each([
    ['claim', { ttl: '5400' }, 'a duration such as 90m'],
    ['claim', { ttl: 90.5 }, 'a duration such as 90m'],
    ['claim', { ttl: true }, 'a string or a number'],
    ['depends', { on: { n: 2 } }, 'a string or a number'],
    // 1.10 is 1.1 in JSON, which is another fence.
    ['start', { fence: 1.1 }, 'a string such as "1.3"'],
  ])('%s %j is refused with the form that is taken', async (verb, args, expected) => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    const answer = await post({ verb, task: 1, args })
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'bad-value' } } })
    expect(answer.json.error?.message).toContain(expected)
  })
})

describe('what is for people', () => {
  it('is not open to keys, and the answer says who may and how', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    const closed = verbsOn('comment').filter((verb) => !verbsOn('http').includes(verb))
    expect(closed).toEqual([
      'budget',
      'unblock',
      'retry',
      'resolve',
      'reopen',
      'retire',
      'approve-gate',
      'kill',
      'unkill',
    ])
    for (const verb of closed) {
      const answer = await post({ verb, task: 1 })
      expect(answer).toMatchObject({ status: 403, json: { error: { code: 'not-here' } } })
      expect(answer.json.error?.next).toMatch(
        new RegExp(
          `^Have a person with the (?:admin|write|triage) role comment \`/${verb}(?: [^\`]+)?\` on the issue\\.$`,
        ),
      )
    }
  })
})

it('the README names what is open to keys and what is not', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const [, keys = '', people = ''] = /^Keys open ([^.]+)\.\s([^.]+)\sare decisions\s+of people:/m.exec(readme) ?? []
  const words = (text: string) => [...text.matchAll(/`([\w-]+)`/g)].map(([, word]) => word)
  expect(words(keys)).toEqual(verbsOn('http'))
  expect(words(people)).toEqual(verbsOn('comment').filter((verb) => !verbsOn('http').includes(verb)))
})

describe('words', () => {
  it('of ours can be copied, those of others are inert', async () => {
    const { post, ready, ask, send } = await givenEndpoint()
    await ready(1)
    await ask('task/7/1', { type: 'block-task', reason: 'ask @everyone, Closes #1' })
    const answers = [
      await send('{"verb":"show","task":1}', {}),
      await post({ verb: 'claim', task: 1 }),
      await post({ verb: 'start', task: 1, args: { fence: '1.1' } }),
      await post({ verb: 'heartbeat', task: 1, args: { fence: '1.1' } }),
      await post({ verb: 'depends', task: 1, args: { on: 99 } }),
      await post({ verb: 'claim', task: 1 }, 'claude', null),
    ]
    for (const { json } of answers) {
      expect(json.error?.next).not.toMatch(/\u200b|Comment `/)
      expect(json.error?.message).not.toMatch(/@everyone|Closes #1/)
    }
    expect(answers[0]?.json.error?.next).toContain('"Authorization: Bearer <agent key>"')
  })

  it('name a request that can be sent, and help lists what keys may', async () => {
    const { post, ask, ready } = await givenEndpoint()
    await ready(1)
    const none = await post({ verb: 'start', task: 1, args: { fence: '1.1' } })
    expect(none.json.error).toMatchObject({
      code: 'no-lease',
      next: 'Send `{"verb": "claim"}` to start an attempt.',
    })
    await ask('task/7/1', { type: 'ask-person', reason: 'x' }, AGENT)
    const refused = await post({ verb: 'claim', task: 1 })
    expect(refused.json.error?.message).toBe('DEV-1 needs a person, so `claim` does not apply.')
  })
})

describe('a malformed request', () => {
  it.each([
    ['{"text":"/claim"}', 'It names no verb. There is no member "text"'],
    ['{"command":"claim","task":1}', 'There is no member "command"'],
    ['{"verbs":"claim","task":1}', 'did you mean "verb"?'],
    ['{"verb":"claim","task":true}', 'task must be an issue number or a key'],
    ['{"verb":"claim","task":1,"args":[1]}', 'args must be an object'],
    ['[]', 'The body must be a JSON object.'],
    ['/claim', 'The body is not JSON.'],
    ['{"@everyone":1}', 'There is no member'],
  ])('%s', async (body, message) => {
    const { send, keys } = await givenEndpoint()
    const answer = await send(body, { authorization: `Bearer ${keys.claude}`, 'idempotency-key': 'k' })
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'bad-request' } } })
    expect(answer.json.error?.message).toContain(message)
    expect(answer.json.error?.message).not.toContain('@everyone')
    expect(answer.json.error?.next).toContain('{"verb": "claim", "task": "DEV-12", "args": {"ttl": "90m"}}')
  })
})

it('a brief holds no secrets, wherever they were written', async () => {
  const { post, ready, github } = await givenEndpoint()
  const token = `ghp_${'a1B2'.repeat(9)}`
  const key = `sk-ant-api03-${'x1'.repeat(20)}`
  await ready(1)
  github.body = `use ${token} and ${key.slice(0, 20)}\u200b${key.slice(20)}, @bob`
  const { brief } = (await post({ verb: 'brief', task: 1 }, 'claude', null)).json
  expect(brief?.text).toContain('use [redacted github-token] and [redacted anthropic-key], @bob')
})
