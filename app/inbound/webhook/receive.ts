/** The webhook endpoint: verify, store, answer. Nothing is parsed further or acted on here; the inbox worker does that. */
import { Webhooks } from '@octokit/webhooks'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Millis } from '../../domain/event/envelope.ts'
import type { Arrivals } from '../../engine/arrivals.ts'
import { summarise } from '../../engine/fault.ts'
import type { Log } from '../../engine/log.ts'
import type { Clock, Inbox } from '../../engine/ports.ts'
import { orderOf } from './order-of.ts'
import { createStoreTogether } from './store-together.ts'

export const WEBHOOK_PATH = '/api/github/webhooks'

/** GitHub sends no payload above this. */
const MAX_BYTES = 25 * 1024 * 1024
/** A v4 UUID as GitHub sends it; bounded, because it becomes a key. */
const DELIVERY_ID = /^[\w-]{8,64}$/
const EVENT_NAME = /^[a-z_]{2,64}$/

export const createReceiver = (deps: {
  readonly secret: string
  readonly inbox: Inbox
  readonly arrivals: Arrivals
  readonly clock: Clock
  readonly log: Log
  /** Called after deliveries were stored. */
  readonly wake: () => void
}): Hono => {
  const webhooks = new Webhooks({ secret: deps.secret })
  const together = createStoreTogether(deps.wake)
  const refuse = (status: 400 | 401 | 413, error: string, next: string): Response =>
    Response.json({ error, next }, { status })

  return new Hono().post(
    WEBHOOK_PATH,
    atMost(MAX_BYTES, () => refuse(413, 'payload too large', 'send at most 25 MB')),
    async (c) => {
      const { req } = c
      const id = req.header('x-github-delivery') ?? ''
      const name = req.header('x-github-event') ?? ''
      if (!DELIVERY_ID.test(id) || !EVENT_NAME.test(name)) {
        return refuse(400, 'missing or malformed X-GitHub-Delivery or X-GitHub-Event', 'let GitHub send this request')
      }
      const body = await req.text()
      const signature = req.header('x-hub-signature-256') ?? ''
      if (signature === '' || !(await webhooks.verify(body, signature))) {
        deps.log.warn('delivery refused: bad signature', { delivery: id, event: name })
        return refuse(
          401,
          'the signature does not match',
          'set the same webhook secret on GitHub and in WEBHOOK_SECRET',
        )
      }
      const payload = parseObject(body)
      if (payload === null) return refuse(400, 'the body is not a JSON object', 'set the content type application/json')

      const receivedAt = deps.clock.now()
      const { queue, order, holdMs } = orderOf(name, payload)
      try {
        const delivery = { id, name, queue, order, body, receivedAt, notBefore: receivedAt + holdMs }
        await deps.arrivals.during(() => together(() => deps.inbox.put([delivery])), byPeople(holdMs, payload))
      } catch (error) {
        // Not stored, so not acknowledged: GitHub keeps it as failed and it can be redelivered.
        deps.log.error('delivery not stored', { delivery: id, event: name, reason: summarise(error) })
        return Response.json({ error: 'not stored', next: 'redeliver it' }, { status: 503 })
      }
      return c.json({ stored: id }, 202)
    },
  )
}

/** Our own comments come back to us all the time and precede nothing. */
const byPeople = (holdMs: Millis, { sender }: Readonly<Record<string, unknown>>): boolean =>
  holdMs > 0 && !(typeof sender === 'object' && sender !== null && 'type' in sender && sender.type === 'Bot')

/** A stated length is believed, because the HTTP parser holds the body to it; only a body without one is counted, which costs more than all else. */
const atMost = (maxSize: number, onError: () => Response): MiddlewareHandler => {
  const counted = bodyLimit({ maxSize, onError })
  return (c, next) => {
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next)
    return Number(length) > maxSize ? Promise.resolve(onError()) : next()
  }
}

const parseObject = (body: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
