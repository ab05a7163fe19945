import { describe, expect, it } from 'vitest'
import { givenEndpoint } from './given-endpoint.ts'

describe('who is asking', () => {
  it.each([
    ['no key', {}],
    ['a key of nobody', { authorization: `Bearer muster_agent_${'x'.repeat(43)}` }],
    ['something else', { authorization: 'Basic abc' }],
    ['a very long key', { authorization: `Bearer muster_agent_${'x'.repeat(5_000)}` }],
  ])('%s opens nothing', async (_, headers) => {
    const { send } = await givenEndpoint()
    const { status, json } = await send('{"verb":"show","task":1}', headers)
    expect(status).toBe(401)
    expect(json.error).toMatchObject({ code: 'bad-key', next: expect.stringContaining('agent-key') })
  })

  it('a key of another project sees nothing of this one', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    const named = await post({ verb: 'claim', task: 1, repository: 'acme/widgets' }, 'elsewhere')
    expect(named).toMatchObject({ status: 404, json: { error: { code: 'other-project' } } })
    for (const task of [1, '#1', 'DEV-1']) {
      const guessed = await post({ verb: 'show', task }, 'elsewhere')
      expect(guessed).toMatchObject({ status: 404, json: { error: { code: 'unknown-task' } } })
    }
  })

  it('an agent cannot work in another’s name', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    const answer = await post({ verb: 'claim', task: 1, args: { agent: 'codex' } })
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'not-yours' } } })
  })
})

describe('idempotency', () => {
  it('a change needs a key, a look and a heartbeat need none', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    for (const verb of ['show', 'brief', 'help'])
      expect((await post({ verb, task: 1 }, 'claude', null)).status).toBe(200)
    for (const key of [null, '', 'two words', 'x'.repeat(201)]) {
      const answer = await post({ verb: 'claim', task: 1 }, 'claude', key)
      expect(answer).toMatchObject({ status: 400, json: { error: { code: 'no-idempotency-key' } } })
    }
  })

  it('the same key twice has one effect and one answer, accepted or refused', async () => {
    const { post, ready, versionOf } = await givenEndpoint()
    await ready(1)
    const first = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
    const version = await versionOf(1)
    expect(await post({ verb: 'claim', task: 1 }, 'claude', 'k')).toEqual(first)
    expect(await post({ verb: 'claim', task: 'DEV-1' }, 'claude', 'k')).toEqual(first)
    const refused = await post({ verb: 'claim', task: 1 }, 'codex', 'k')
    expect(refused.status).toBe(409)
    await post({ verb: 'release', task: 1, args: { fence: first.json.lease?.fence } })
    // A refusal stays one, too: who got it may have told others so.
    expect(await post({ verb: 'claim', task: 1 }, 'codex', 'k')).toEqual(refused)
    expect(await versionOf(1)).toBe(version + 2)
  })

  it('the same key on another task, for another command or of another agent is another command', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    await ready(2)
    const claimed = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
    expect((await post({ verb: 'claim', task: 2 }, 'claude', 'k')).json.task).toMatchObject({ key: 'DEV-2' })
    const started = await post({ verb: 'start', task: 1, args: { fence: claimed.json.lease?.fence } }, 'claude', 'k')
    expect(started.json.task).toMatchObject({ status: 'in_progress' })
  })

  it('a repeated claim whose lease is over does not hand out the lease of the next holder', async () => {
    const { post, ready } = await givenEndpoint()
    await ready(1)
    const first = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
    await post({ verb: 'release', task: 1, args: { fence: first.json.lease?.fence } })
    const none = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
    expect(none).toMatchObject({ status: 409, json: { error: { code: 'lease-over' } } })
    await post({ verb: 'claim', task: 1 }, 'codex')
    const others = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
    expect(others).toMatchObject({ status: 409, json: { error: { code: 'lease-over' } } })
  })
})

describe('heartbeats and races', () => {
  it('a heartbeat moves the deadline and leaves no event', async () => {
    const { post, ready, versionOf, clock } = await givenEndpoint()
    await ready(1)
    const { json } = await post({ verb: 'claim', task: 1, args: { ttl: '10m' } })
    await post({ verb: 'start', task: 1, args: { fence: json.lease?.fence } })
    const version = await versionOf(1)
    clock.pass(60_000)
    const beat = await post({ verb: 'heartbeat', task: 1, args: { fence: json.lease?.fence } }, 'claude', null)
    const moved = Date.parse(beat.json.lease?.expires_at ?? '') - Date.parse(json.lease?.expires_at ?? '')
    expect({ moved, version: await versionOf(1) }).toEqual({ moved: 60_000, version })
    const stale = await post({ verb: 'heartbeat', task: 1, args: { fence: '1.9' } }, 'claude', null)
    expect(stale).toMatchObject({ status: 409, json: { error: { code: 'stale-fence' } } })
    const other = await post({ verb: 'heartbeat', task: 1, args: { fence: json.lease?.fence } }, 'codex', null)
    expect(other).toMatchObject({ status: 403, json: { error: { code: 'not-the-holder' } } })
  })

  it('a brief after a failed attempt says what failed, where, and what was noted', async () => {
    const { post, ready, ask, github } = await givenEndpoint()
    github.title = 'Sum is wrong'
    await ready(1)
    const { json } = await post({ verb: 'claim', task: 1 })
    await ask('task/7/1', {
      type: 'report-attempt',
      attempt: 1,
      source: 'ci.yml / unit',
      passed: false,
      failure: { class: 'test_fail', message: '1 of 2 tests failed' },
      headSha: null,
      measures: {
        trust: 'ci',
        durationMs: null,
        tokens: null,
        costMicroUsd: null,
        model: null,
        tests: {
          total: 2,
          failed: 1,
          skipped: 0,
          failures: [{ name: 'adds', file: 'sum.ts', line: 3, message: 'got 5' }],
        },
        run: null,
        logTail: null,
      },
      artifacts: [],
      retryAfterMs: null,
    })
    expect(json.lease?.fence).toBe('1.1')
    await post({ verb: 'note', task: 1, args: { text: 'mind the sign' } })
    const { brief } = (await post({ verb: 'brief', task: 1 }, 'codex', null)).json
    expect(brief?.failing_tests).toEqual([{ name: 'adds', file: 'sum.ts', line: 3, message: 'got 5' }])
    expect(brief?.text).toMatch(/Attempt 1 failed: test_fail[^]*adds at sum\.ts:3\n {2}got 5/)
    expect(brief?.text).toContain('mind the sign')
    expect(brief?.branch).toBe('muster/DEV-1-task-1')
  })
})

describe('bodies that make no sense', () => {
  it.each([
    ['not JSON', '{', 400, 'bad-request'],
    ['nothing', '', 400, 'bad-request'],
    ['a list', '[]', 400, 'bad-request'],
    ['no task', '{"verb":"show"}', 400, 'bad-request'],
    ['a member too many', '{"verb":"show","task":1,"x":1}', 400, 'bad-request'],
    ['a task that is no task', '{"verb":"show","task":"1; drop"}', 400, 'bad-request'],
    ['an issue that is no task', '{"verb":"show","task":99}', 404, 'unknown-task'],
    ['arguments in a list', '{"verb":"show","task":1,"args":[1]}', 400, 'bad-request'],
    ['an unknown argument', '{"verb":"show","task":1,"args":{"x":1}}', 400, 'unknown-argument'],
    ['a prototype', '{"verb":"note","task":1,"args":{"__proto__":"x"}}', 400, 'missing-argument'],
    ['an object for a text', '{"verb":"note","task":1,"args":{"text":{"a":1}}}', 400, 'bad-value'],
    ['two for one', '{"verb":"note","task":1,"args":{"text":["a","b"]}}', 400, 'duplicate-argument'],
    ['a text that is too long', `{"verb":"note","task":1,"args":{"text":"${'x'.repeat(70_000)}"}}`, 400, 'bad-value'],
    ['a body that is too long', `{"verb":"note","task":1,"args":{"text":"${'x'.repeat(300_000)}"}}`, 413, 'too-large'],
    ['a class that is none', '{"verb":"fail","task":1,"args":{"class":"oops"}}', 400, 'bad-value'],
    ['a cycle of one', '{"verb":"depends","task":1,"args":{"on":"#1"}}', 422, 'self-dependency'],
    ['a wrong status', '{"verb":"ready","task":2}', 409, 'wrong-status'],
    ['a decision that is for people', '{"verb":"retry","task":1}', 403, 'not-here'],
    ['a hold that is for people to lift', '{"verb":"unblock","task":1}', 403, 'not-here'],
  ])('%s', async (_, body, status, code) => {
    const { send, keys, ready, claim } = await givenEndpoint()
    await ready(1)
    await ready(2)
    await claim(2)
    const answer = await send(body, { authorization: `Bearer ${keys.claude}`, 'idempotency-key': 'k' })
    expect(answer).toMatchObject({ status, json: { ok: false, error: { code, next: expect.stringMatching(/\w/) } } })
  })

  it('a verb that is nearly right is answered with the right one', async () => {
    const { post } = await givenEndpoint()
    const { status, json } = await post({ verb: 'cliam', task: 1 })
    expect({ status, code: json.error?.code }).toEqual({ status: 400, code: 'unknown-verb' })
    expect(json.error?.message).toContain('Did you mean `claim`?')
  })

  it('words of theirs come back inert', async () => {
    const { post } = await givenEndpoint()
    const { json } = await post({ verb: '@everyone', task: 1 })
    expect(json.error?.message).not.toContain('@everyone')
  })
})

it('the project’s own ledger never becomes a task', async () => {
  const { post, ask } = await givenEndpoint()
  await ask('project/7', { type: 'open-ledger', issue: 5 })
  const { status, json } = await post({ verb: 'task', task: 5 })
  expect(status).toBe(404)
  expect(json.error).toMatchObject({ code: 'no-such-issue', next: expect.stringContaining('Open an issue') })
  expect((await post({ verb: 'show', task: 5 })).status).toBe(404)
})
