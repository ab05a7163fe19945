import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createReceiver, WEBHOOK_PATH } from '../../../app/inbound/webhook/receive.ts'
import { createArrivals } from '../../../app/engine/arrivals.ts'
import type { Inbox } from '../../../app/engine/ports.ts'
import { createSqliteStore } from '../../../app/store/sqlite/create-sqlite-store.ts'
import { createClock } from '../../engine/create-engine.ts'

const SECRET = 'a-secret-of-the-right-length'
const sign = (body: string, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

const comment = (id: number, issue = 3, action = 'created') =>
  JSON.stringify({ action, repository: { id: 7 }, issue: { number: issue }, comment: { id } })

const open = async (broken?: Partial<Inbox>) => {
  const clock = createClock()
  const { inbox } = await createSqliteStore({ path: ':memory:', clock })
  const logged: string[] = []
  const say = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  let woken = 0
  const app = createReceiver({
    secret: SECRET,
    inbox: { ...inbox, ...broken },
    arrivals: createArrivals(),
    clock,
    log: { debug: say, info: say, warn: say, error: say },
    wake: () => (woken += 1),
  })
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(WEBHOOK_PATH, {
      method: 'POST',
      body,
      headers: {
        'x-github-delivery': randomUUID(),
        'x-github-event': 'issue_comment',
        'x-hub-signature-256': sign(body),
        ...headers,
      },
    })
    return { status: answer.status, body: (await answer.json()) as { error?: string; next?: string } }
  }
  return { post, inbox, clock, logged, woken: () => woken }
}

describe('a delivery', () => {
  it('is stored before it is acknowledged', async () => {
    const { post, inbox, woken } = await open()
    expect((await post(comment(1))).status).toBe(202)
    expect(await inbox.pending()).toBe(1)
    expect(woken()).toBe(1)
  })

  it('is stored once, however often it comes', async () => {
    const { post, inbox } = await open()
    const id = { 'x-github-delivery': randomUUID() }
    await Promise.all([post(comment(1), id), post(comment(1), id), post(comment(1), id)])
    expect(await inbox.pending()).toBe(1)
  })

  it('is not acknowledged when it could not be stored', async () => {
    const { post } = await open({ put: () => Promise.reject(new Error('disk full')) })
    expect(await post(comment(1))).toMatchObject({ status: 503, body: { next: 'redeliver it' } })
  })

  it('is refused without the right signature, and its content is not logged', async () => {
    const { post, inbox, logged } = await open()
    const body = JSON.stringify({ secret: 'do not log me' })
    expect((await post(body, { 'x-hub-signature-256': sign(body, 'another-secret') })).status).toBe(401)
    expect((await post(body, { 'x-hub-signature-256': '' })).status).toBe(401)
    expect((await post(body, { 'x-hub-signature-256': 'sha1=abc' })).status).toBe(401)
    expect(await inbox.pending()).toBe(0)
    expect(logged.join('\n')).not.toContain('do not log me')
  })

  it('is refused when headers or body make no sense, with the next step', async () => {
    const { post } = await open()
    expect((await post(comment(1), { 'x-github-delivery': 'no spaces please' })).status).toBe(400)
    expect((await post(comment(1), { 'x-github-event': '../etc' })).status).toBe(400)
    const answer = await post('[1]')
    expect(answer).toMatchObject({ status: 400, body: { next: 'set the content type application/json' } })
    expect((await post('not json')).status).toBe(400)
  })
})

describe('order', () => {
  it('of one issue’s comments is that of their ids, edits last, also when they arrive shuffled within the hold', async () => {
    const { post, inbox, clock } = await open()
    for (const [id, action] of [[5], [3, 'edited'], [3], [4]] as const) await post(comment(id, 3, action))
    const seen: string[] = []
    clock.pass(1000)
    for (;;) {
      const [item] = await inbox.take(10, 60_000)
      if (item === undefined) break
      const { action, comment: of } = JSON.parse(item.body) as { action: string; comment: { id: number } }
      seen.push(`${of.id} ${action}`)
      await inbox.done(item.id)
    }
    expect(seen).toEqual(['3 created', '3 edited', '4 created', '5 created'])
  })

  it('lets different issues run side by side', async () => {
    const { post, inbox, clock } = await open()
    for (const issue of [1, 2, 3]) await post(comment(issue, issue))
    clock.pass(1000)
    expect(await inbox.take(10, 60_000)).toHaveLength(3)
  })
})
