/** One Idempotency-Key is one request: repeated it gets the first answer, with other arguments it is refused. */
import { expect, it } from 'vitest'
import { givenEndpoint } from './given-endpoint.ts'

const REUSED = {
  status: 422,
  json: { ok: false, error: { code: 'idempotency-key-reused', next: expect.stringContaining('new Idempotency-Key') } },
}

it('other arguments under the same key are refused, and the first ones still get their answer', async () => {
  const { post, ready, taskOf } = await givenEndpoint()
  await ready(1)
  const note = (text: string) => post({ verb: 'note', task: 1, args: { text } }, 'claude', 'k')
  const first = await note('one')
  expect(first.status).toBe(200)
  expect(await note('two')).toMatchObject(REUSED)
  expect(await note('one')).toEqual(first)
  expect((await taskOf(1)).notes.map(({ text }) => text)).toEqual(['one'])
})

it('the same arguments are the same however they are written', async () => {
  const { post, ready } = await givenEndpoint()
  await ready(1)
  const claim = (task: number | string, args?: object, verb = 'claim') => post({ verb, task, args }, 'claude', 'k')
  const first = await claim(1, { ttl: '90m' })
  expect(first.status).toBe(200)
  expect(await claim('DEV-1', { ttl: '1h30m', model: null })).toEqual(first)
  expect(await claim('#1', { ttl: '90m' }, 'CLAIM')).toEqual(first)
  expect(await claim(1, { ttl: '91m' })).toMatchObject(REUSED)
  expect(await claim(1)).toMatchObject(REUSED)
})

it('a key in quotes, as the standard has it, is the same key', async () => {
  const { post, ready } = await givenEndpoint()
  await ready(1)
  const first = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
  expect(await post({ verb: 'claim', task: 1 }, 'claude', '"k"')).toEqual(first)
  expect(await post({ verb: 'claim', task: 1, args: { ttl: '1h' } }, 'claude', '"k"')).toMatchObject(REUSED)
  expect(await post({ verb: 'claim', task: 1 }, 'claude', '"k')).toMatchObject({ status: 400 })
})

it('a refusal holds its key as well', async () => {
  const { post, ready, claim } = await givenEndpoint()
  await ready(1)
  await claim(1)
  const ask = (ttl: string) => post({ verb: 'claim', task: 1, args: { ttl } }, 'claude', 'k')
  const refused = await ask('1h')
  expect(refused).toMatchObject({ status: 409, json: { error: { code: 'already-claimed' } } })
  expect(await ask('2h')).toMatchObject(REUSED)
  expect(await ask('1h')).toEqual(refused)
})

it('of two at once with different arguments one is carried out', async () => {
  const { post, ready, taskOf } = await givenEndpoint()
  await ready(1)
  const texts = ['a', 'b', 'c', 'd']
  const answers = await Promise.all(texts.map((text) => post({ verb: 'note', task: 1, args: { text } }, 'claude', 'k')))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(3)
  const won = texts.filter((_, n) => answers[n]?.status === 200)
  expect((await taskOf(1)).notes.map(({ text }) => text)).toEqual(won)
})

it('a new task and a list of references keep their arguments too', async () => {
  const { post, ready, taskOf } = await givenEndpoint()
  for (const n of [1, 2, 3]) await ready(n)
  const depends = (...on: readonly string[]) => post({ verb: 'depends', task: 1, args: { on } }, 'claude', 'k')
  const first = await depends('#2')
  expect(first.status).toBe(200)
  expect(await depends('#3')).toMatchObject(REUSED)
  expect(await depends('#2', '#3')).toMatchObject(REUSED)
  expect(await depends('#2')).toEqual(first)
  expect((await taskOf(1)).dependsOn).toHaveLength(1)
  const make = (priority: string) => post({ verb: 'task', task: 9, args: { priority } }, 'claude', 'k')
  expect((await make('p1')).status).toBe(200)
  expect(await make('p0')).toMatchObject(REUSED)
})

it('a reference that was unknown stays so under its key; a request that made no sense holds none', async () => {
  const { post, ready } = await givenEndpoint()
  await ready(1)
  const depends = (key: string) => post({ verb: 'depends', task: 1, args: { on: '#2' } }, 'claude', key)
  const refused = await depends('k')
  expect(refused).toMatchObject({ status: 404, json: { error: { code: 'unknown-reference' } } })
  await ready(2)
  expect(await depends('k')).toEqual(refused)
  expect((await depends('k2')).status).toBe(200)

  const { lease } = (await post({ verb: 'claim', task: 2 })).json
  const fail = (code: string) =>
    post({ verb: 'fail', task: 2, args: { class: 'rate_limit', code, fence: lease?.fence } }, 'claude', 'k')
  expect(await fail('build')).toMatchObject({ status: 422, json: { error: { code: 'invalid-argument' } } })
  expect((await fail('overloaded')).status).toBe(200)
})
