/** What an agent is told of a task's past. */
import { expect, it } from 'vitest'
import { canonicalJson } from '../../../app/domain/event/canonical-json.ts'
import { fold } from '../../../app/engine/fold.ts'
import { givenEndpoint } from './given-endpoint.ts'

interface Told {
  readonly ok: boolean
  readonly version?: number
  readonly state?: unknown
  readonly task?: { readonly status: string }
  readonly lease?: { readonly owner: string; readonly expires_at: string } | null
  readonly error?: { readonly code: string; readonly message: string }
  readonly text?: string
  readonly history?: {
    readonly oldest: number
    readonly newest: number
    readonly older: number
    readonly events: readonly {
      readonly version: number
      readonly event: string
      readonly actor: { readonly id: string }
    }[]
  }
  readonly difference?: { readonly changes: readonly { readonly path: string; readonly by: object }[] }
}

const givenPast = async () => {
  const given = await givenEndpoint()
  await given.ready(1)
  given.clock.pass(60_000)
  const claimed = await given.post({ verb: 'claim', task: 1 })
  given.clock.pass(60_000)
  await given.post({
    verb: 'fail',
    task: 1,
    args: { class: 'test_fail', message: 'no', fence: claimed.json.lease?.fence },
  })
  const look = async (verb: string, args: object = {}) => {
    const { status, json } = await given.post({ verb, task: 1, args }, 'codex', null)
    return { status, json: json as unknown as Told }
  }
  return { ...given, look }
}

it('shows the task as it was at a version, and at a time', async () => {
  const { look, clock, taskOf } = await givenPast()
  const then = await look('show', { version: 3 })
  expect(then).toMatchObject({
    status: 200,
    json: { version: 3, task: { status: 'claimed' }, lease: { owner: 'claude' } },
  })
  const before = await look('show', { at: new Date(clock.now() - 90_000).toISOString() })
  expect(before).toMatchObject({ json: { version: 2, task: { status: 'ready' }, lease: null } })
  const now = await look('show', { version: 5 })
  expect(canonicalJson(now.json.state)).toBe(canonicalJson(await taskOf(1)))
  for (const args of [{ version: 6 }, { version: 0 }, { at: '2001-01-01T00:00:00Z' }]) {
    const none = await look('show', args)
    expect(none).toMatchObject({ status: 404, json: { error: { code: 'no-such-version' } } })
    expect(none.json.error?.message).toContain('from version 1 to version 5')
  }
  expect((await look('show', { version: 1, at: '2001-01-01T00:00:00Z' })).status).toBe(422)
})

it('tells all that happened, page by page', async () => {
  const { look } = await givenPast()
  const { json } = await look('history')
  expect(json.history).toMatchObject({ oldest: 1, newest: 5, older: 0 })
  expect(json.history?.events.map(({ event }) => event)).toEqual([
    'task-created',
    'task-readied',
    'lease-granted',
    'attempt-failed',
    'task-held',
  ])
  expect(json.history?.events[2]).toMatchObject({ version: 3, actor: { kind: 'agent', id: 'claude' }, v: 1 })
  expect(json.text).toContain('attempt 1 claimed by claude, fence 1.1')
  const earlier = (await look('history', { before: 3 })).json.history
  expect(earlier?.events.map(({ version }) => version)).toEqual([1, 2])
})

it('tells what differs between two versions, with who and why', async () => {
  const { look } = await givenPast()
  const { json } = await look('history', { range: '3..5' })
  const of = (path: string) => json.difference?.changes.find((change) => change.path === path)
  expect(of('attempts[0].status')).toMatchObject({
    before: 'leased',
    after: 'failed',
    by: { version: 4, event: 'attempt-failed', actor: { id: 'claude' }, reason: 'test_fail: no' },
  })
  expect(of('lease')).toMatchObject({ after: null, by: { event: 'attempt-failed' } })
  expect((await look('history', { range: '3..6' })).status).toBe(404)
  expect((await look('history', { range: '5..3' })).status).toBe(400)
})

it('says plainly where the history of a restored task begins', async () => {
  const { look, store } = await givenPast()
  const events = await store.log.read('task/7/1')
  const base = fold('task/7/1', null, events.slice(0, 3))
  const stream = 'task/7/1'
  const other = await givenEndpoint()
  const whole = fold(stream, null, events)
  const head = events[2]?.hash ?? ''
  const based = { version: 3, head, state: base.state }
  await other.store.log.importStream({ stream, base: based, events: events.slice(3), ...whole, leases: [] })
  const { json } = await other.post({ verb: 'history', task: 1 }, 'claude', null)
  expect(json).toMatchObject({ history: { oldest: 3, newest: 5, older: 0 } })
  expect(json.text).toContain('hat came before version 3 was in a database that is gone')
  expect((await other.post({ verb: 'show', task: 1, args: { version: 2 } }, 'claude', null)).status).toBe(404)
  const then = await other.post({ verb: 'show', task: 1, args: { version: 3 } }, 'claude', null)
  expect(then.json.task).toEqual((await look('show', { version: 3 })).json.task)
})
