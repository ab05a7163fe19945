/** Many commands in one request: each as if it had been sent alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { BATCH_PATH, createBatchEndpoint } from '../../../app/inbound/http/batch.ts'
import { tasksNamedIn } from '../../../app/inbound/http/batch-tasks.ts'
import { runInOrder } from '../../../app/inbound/http/batch-order.ts'
import { httpBatchSchema, MOST_COMMANDS } from '../../../schemas/http-batch.ts'
import { givenEndpoint } from './given-endpoint.ts'

interface Result {
  readonly status: number
  readonly ok: boolean
  readonly error?: { readonly code: string; readonly message: string }
  readonly task?: { readonly key: string; readonly status: string }
  readonly retry_after?: number
}

const givenBatch = async () => {
  const given = await givenEndpoint()
  const endpoint = createBatchEndpoint({ ...given.deps, clock: given.clock })
  const send = async (body: unknown, key: string | null = 'b', as: keyof typeof given.keys = 'claude') => {
    const answer = await endpoint.request(BATCH_PATH, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${given.keys[as]}`,
        ...(key === null ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })
    return {
      status: answer.status,
      json: (await answer.json()) as { ok: boolean; results: readonly Result[]; error?: object },
    }
  }
  const batch = (commands: readonly unknown[], key?: string | null) => send({ commands }, key)
  return { ...given, endpoint, sendBatch: send, batch }
}

const statuses = ({ json }: { readonly json: { readonly results: readonly Result[] } }) =>
  json.results.map(({ status }) => status)

describe('a batch', () => {
  it('creates, updates and links many tasks, in an order that works', async () => {
    const { batch, taskOf } = await givenBatch()
    const made = await batch([
      { verb: 'task', task: 1, args: { priority: 'p1' } },
      { verb: 'task', task: 2 },
      { verb: 'depends', task: '#2', args: { on: 'DEV-1' } },
      { verb: 'ready', task: 1 },
      { verb: 'ready', task: 'DEV-2' },
      { verb: 'note', task: 2, args: { text: 'mind the sign' } },
    ])
    expect(made).toMatchObject({ status: 207, json: { ok: true } })
    expect(statuses(made)).toEqual([200, 200, 200, 200, 200, 200])
    expect(await taskOf(1)).toMatchObject({ priority: 'p1', status: 'ready' })
    expect(await taskOf(2)).toMatchObject({ status: 'waiting', waitsFor: ['task/7/1'] })
  })

  it('gives each its own result: a bad one hurts no other', async () => {
    const { batch, ready, taskOf } = await givenBatch()
    await ready(1)
    const mixed = await batch([
      { verb: 'note', task: 1, args: { text: 'one' } },
      { verb: 'note', task: 99, args: { text: 'nowhere' } },
      { verb: 'retry', task: 1 },
      'nonsense',
      { verb: 'note', task: 1, args: { text: 'x' }, extra: true },
      { verb: 'note', task: 1, args: { text: 'x' }, key: 'not a key' },
      { verb: 'note', task: 1, args: { text: 'two' } },
    ])
    expect(mixed.json.ok).toBe(false)
    expect(statuses(mixed)).toEqual([200, 404, 403, 400, 400, 400, 200])
    expect(mixed.json.results.map(({ error }) => error?.code)).toEqual([
      undefined,
      'unknown-task',
      'not-here',
      'bad-request',
      'bad-request',
      'bad-request',
      undefined,
    ])
    expect((await taskOf(1)).notes.map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('cancels many that the agent made itself, and none that a person made or somebody else works on', async () => {
    const { batch, ready, post, taskOf } = await givenBatch()
    await ready(1)
    const made = [2, 3, 4].flatMap((task) => [
      { verb: 'task', task },
      { verb: 'ready', task },
    ])
    expect((await batch(made)).json.ok).toBe(true)
    await post({ verb: 'claim', task: 4 }, 'codex')
    const canceled = await batch([1, 2, 3, 4].map((task) => ({ verb: 'cancel', task, args: { reason: 'replanned' } })))
    expect(statuses(canceled)).toEqual([403, 200, 200, 403])
    expect(canceled.json.results.map(({ error }) => error?.message)).toEqual([
      expect.stringContaining('DEV-1 was not made by claude'),
      undefined,
      undefined,
      expect.stringContaining('DEV-4 is worked on by codex'),
    ])
    const statusOf = async (n: number) => (await taskOf(n)).status
    expect(await Promise.all([1, 2, 3, 4].map(statusOf))).toEqual(['ready', 'canceled', 'canceled', 'claimed'])
  })

  it('survives a fault of one of them, and says to send that one again', async () => {
    const given = await givenBatch()
    await given.ready(1)
    const broken = Object.assign(new Error('away'), { retryable: true })
    const facts = { ...given.deps.facts, issue: () => Promise.reject(broken) }
    const endpoint = createBatchEndpoint({ ...given.deps, facts, clock: given.clock })
    const answer = await endpoint.request(BATCH_PATH, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${given.keys.claude}`,
        'idempotency-key': 'k',
      },
      body: JSON.stringify({
        commands: [
          { verb: 'task', task: 5 },
          { verb: 'note', task: 1, args: { text: 'on' } },
        ],
      }),
    })
    const json = (await answer.json()) as { results: readonly Result[] }
    expect(json.results).toMatchObject([{ status: 503, retry_after: 5 }, { status: 200 }])
  })

  it('sent again does nothing twice, as a whole or with keys of its commands', async () => {
    const { batch, ready, versionOf, post } = await givenBatch()
    await ready(1)
    const note = (text: string, key?: string) => ({
      verb: 'note',
      task: 1,
      args: { text },
      ...(key === undefined ? {} : { key }),
    })
    const first = await batch([note('a'), note('b')], 'one')
    const version = await versionOf(1)
    expect(await batch([note('a'), note('b')], 'one')).toEqual(first)
    expect(await versionOf(1)).toBe(version)
    // The same place with other arguments is somebody's mistake.
    expect(statuses(await batch([note('a'), note('c')], 'one'))).toEqual([200, 422])

    await batch([note('d', 'mine')], null)
    expect(await versionOf(1)).toBe(version + 1)
    // A key is a key, whichever way the command comes.
    await post({ verb: 'note', task: 1, args: { text: 'd' } }, 'claude', 'mine')
    expect(await versionOf(1)).toBe(version + 1)
    expect(statuses(await batch([note('e')], null))).toEqual([400])
  })

  it('has bounds, and wants a key like any command', async () => {
    const { sendBatch, endpoint, keys } = await givenBatch()
    const show = { verb: 'help', task: 1 }
    for (const body of [
      [],
      {},
      { commands: [] },
      { commands: Array.from({ length: MOST_COMMANDS + 1 }, () => show) },
      { commands: [show], x: 1 },
    ]) {
      expect(await sendBatch(body)).toMatchObject({ status: 400, json: { ok: false, error: { code: 'bad-request' } } })
    }
    const long = { commands: [{ verb: 'note', task: 1, args: { text: 'x'.repeat(1_100_000) } }] }
    expect((await sendBatch(long)).status).toBe(413)
    expect((await endpoint.request(BATCH_PATH, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await endpoint.request(BATCH_PATH, { headers: { authorization: `Bearer ${keys.claude}` } })).status).toBe(
      405,
    )
  })

  it('is described by the schema that is published', () => {
    const path = join(import.meta.dirname, '../../../schemas/http-batch.schema.json')
    const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(path, 'utf8')) as object)
    for (const [body, ok] of [
      [{ commands: [{ verb: 'note', task: 1, args: { text: 'a' }, key: 'k' }] }, true],
      [{ commands: [] }, false],
      [{ commands: [{ task: 1 }] }, false],
      [{ commands: [{ verb: 'note', task: 1, key: 'a b' }] }, false],
      [{ commands: [{ verb: 'note', task: 1 }], more: 1 }, false],
    ] as const) {
      expect([httpBatchSchema.safeParse(body).success, isValid(body)]).toEqual([ok, ok])
    }
  })
})

const task = fc.constantFrom<string | number>(1, 2, '#2', 'DEV-3', 9)
const item = fc.oneof(
  fc.record({ verb: fc.constantFrom('task', 'ready', 'claim', 'show', 'history'), task }),
  fc.record({ verb: fc.constant('note'), task, args: fc.record({ text: fc.constantFrom('a', 'b') }) }),
  fc.record({
    verb: fc.constantFrom('depends', 'undepends'),
    task,
    args: fc.record({ on: fc.constantFrom('#1', 'DEV-2', 3) }),
  }),
  fc.record({ verb: fc.constantFrom('start', 'succeed', 'release'), task, args: fc.constant({ fence: '1.1' }) }),
  fc.record({
    verb: fc.constant('fail'),
    task,
    args: fc.constantFrom({ class: 'test_fail', fence: '1.1' }, { class: 'x' }),
  }),
)

it('answers and does what its commands would have, one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 25 }), async (items) => {
      const [together, alone] = [await givenBatch(), await givenBatch()]
      for (const given of [together, alone]) for (const n of [1, 3]) await given.ready(n)
      const { json } = await together.batch(
        items.map((one, at) => ({ ...one, key: `k${at}` })),
        null,
      )
      for (const [at, one] of items.entries()) {
        const single = await alone.post(one, 'claude', `k${at}`)
        expect(json.results[at]).toEqual({ status: single.status, ...single.json })
      }
      for (const n of [1, 2, 3]) {
        const [a, b] = [together, alone].map(({ store }) => store.projections.task(`task/7/${n}`))
        expect(canonicalJson(await a)).toBe(canonicalJson(await b))
      }
    }),
    { numRuns: 15 },
  )
})

describe('the order of a batch', () => {
  it('keeps those with a shared name in line, and so many of the others at work at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (items, most) => {
          const running = new Set<number>()
          const ended: number[] = []
          const results = await runInOrder(
            items,
            (names) => names,
            most,
            async (names, at) => {
              running.add(at)
              expect(running.size).toBeLessThanOrEqual(most)
              for (const other of running) {
                if (other !== at) expect(items[other]?.some((name) => names.includes(name))).toBe(false)
              }
              for (let turn = 0; turn < (at * 7) % 5; turn += 1) await Promise.resolve()
              running.delete(at)
              ended.push(at)
              return at
            },
          )
          expect(results).toEqual(items.map((_, at) => at))
          for (const [place, at] of ended.entries()) {
            const late = ended.slice(place + 1).filter((other) => other < at)
            for (const other of late) expect(items[other]?.some((name) => items[at]?.includes(name))).toBe(false)
          }
        },
      ),
    )
  })

  it.each([
    [{ verb: 'depends', task: 'DEV-012', args: { on: ['#3', 'acme/widgets#4', 5] } }, [12, 3, 4, 5]],
    [{ verb: 'depends', task: '#1', args: { on: 'https://github.com/acme/widgets/issues/7#top' } }, [1, 7]],
    [{ verb: 'note', task: 1, args: { text: 'nothing 1 here' }, key: 'plan-9' }, [1]],
    ['nonsense', []],
    [null, []],
  ])('%j is about %j', (one, tasks) => expect(tasksNamedIn(one)).toEqual(tasks))
})
