/**
 * Deliveries on their way to Apps: signed, each after a seeded delay of its own (so they overtake one another), one try
 * of at most 10 seconds, never repeated by itself. The log keeps every attempt; a redelivery keeps its GUID.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { App } from '../model/account.ts'
import type { Ids } from '../model/ids.ts'
import type { Random } from '../model/random.ts'
import type { Table } from '../model/table.ts'
import type { Switches } from '../switches.ts'

const TIMEOUT_MS = 10_000
/** GitHub keeps deliveries for three days; the sandbox the newest this many, and no more than this of their text. */
const KEPT = 5000
const KEPT_CHARACTERS = 64 * 1024 * 1024

export interface NewDelivery {
  readonly appId: number
  readonly installationId: number | null
  readonly repositoryId: number | null
  readonly event: string
  readonly action: string | null
  /** The JSON text exactly as it is signed and sent. */
  readonly body: string
  /** Where the payload departs from GitHub's description; empty when it holds. */
  readonly violations: readonly string[]
}

export interface Delivery extends NewDelivery {
  readonly id: number
  readonly guid: string
  readonly redelivery: boolean
  /** Milliseconds; null while the delivery waits. */
  readonly deliveredAt: number | null
  readonly durationMs: number
  /** 0 while waiting or when nobody answered. */
  readonly statusCode: number
  /** GitHub's words: `OK`, `Invalid HTTP Response: 500`, `failed to connect to host`, `timed out`, `pending`. */
  readonly status: string
  readonly url: string | null
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: string
}

export interface DeliveryQueue {
  enqueue(delivery: NewDelivery): void
  /** Sends the same body under the same GUID again; false when there is no such delivery of that App. */
  redeliver(appId: number, deliveryId: number): boolean
  list(): readonly Delivery[]
  /** Deliveries that wait or are under way. */
  readonly pending: number
  /** Resolves when nothing is pending. */
  idle(): Promise<void>
  close(): void
}

export interface DeliveryQueueInput {
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly switches: Switches
  readonly apps: Table<App>
  readonly fetch?: typeof globalThis.fetch
}

export function createDeliveryQueue(input: DeliveryQueueInput): DeliveryQueue {
  const { clock, ids, random, switches, apps, fetch = globalThis.fetch } = input
  const start = `${random.next('start')} ${clock.now()}`
  /** By id, oldest first. */
  const log = new Map<number, Delivery>()
  let characters = 0
  let pending = 0
  let waiters: (() => void)[] = []
  const cancels = new Set<() => void>()
  let closed = false

  function replace(next: Delivery) {
    if (log.has(next.id)) log.set(next.id, next)
  }

  /** The oldest go, once the log is full. One that still waits is sent all the same. */
  function keep(delivery: Delivery) {
    log.set(delivery.id, delivery)
    characters += delivery.body.length
    for (const old of log.values()) {
      if (log.size <= KEPT && characters <= KEPT_CHARACTERS) break
      log.delete(old.id)
      characters -= old.body.length
    }
  }

  function settle() {
    pending -= 1
    if (pending > 0) return
    for (const wake of waiters) wake()
    waiters = []
  }

  function schedule(delivery: Delivery) {
    keep(delivery)
    pending += 1
    const [least, most] = switches.deliveryDelayMs
    const delay = least + random.next('delivery delay') * (most - least)
    const lost = random.next('lost delivery') < switches.lostDeliveryShare
    const cancel = clock.after(delay, () => {
      cancels.delete(cancel)
      void send(delivery, lost).then(replace).finally(settle)
    })
    cancels.add(cancel)
  }

  async function send(delivery: Delivery, lost: boolean): Promise<Delivery> {
    const app = apps.get(delivery.appId)
    const url = app?.hook.url ?? null
    const startedAt = clock.now()
    const finished = { ...delivery, deliveredAt: startedAt, url }
    if (!app || !url) return { ...finished, status: 'failed to connect to host' }
    const requestHeaders = headersOf(delivery, app)
    if (lost) return { ...finished, requestHeaders, status: 'failed to connect to host' }
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: requestHeaders,
        body: delivery.body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'manual',
      })
      const responseBody = (await answer.text()).slice(0, 10_000)
      return {
        ...finished,
        requestHeaders,
        durationMs: clock.now() - startedAt,
        statusCode: answer.status,
        status: answer.ok ? 'OK' : `Invalid HTTP Response: ${answer.status}`,
        responseHeaders: Object.fromEntries(answer.headers),
        responseBody,
      }
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
      const status = timedOut ? 'timed out' : 'failed to connect to host'
      return { ...finished, requestHeaders, durationMs: clock.now() - startedAt, status }
    }
  }

  return {
    enqueue(delivery) {
      if (closed) return
      const id = ids.next()
      schedule({
        ...delivery,
        id,
        guid: guidOf(start, id),
        redelivery: false,
        deliveredAt: null,
        durationMs: 0,
        statusCode: 0,
        status: 'pending',
        url: null,
        requestHeaders: {},
        responseHeaders: {},
        responseBody: '',
      })
    },
    redeliver(appId, deliveryId) {
      const old = log.get(deliveryId)
      if (!old || old.appId !== appId || closed) return false
      const fresh = { deliveredAt: null, durationMs: 0, statusCode: 0, status: 'pending', responseBody: '' }
      schedule({ ...old, ...fresh, id: ids.next(), redelivery: true, responseHeaders: {} })
      return true
    },
    list: () => [...log.values()],
    get pending() {
      return pending
    },
    idle: () =>
      new Promise<void>((resolve) => {
        if (pending === 0) resolve()
        else waiters.push(resolve)
      }),
    close() {
      closed = true
      for (const cancel of cancels) {
        cancel()
        settle()
      }
      cancels.clear()
    },
  }
}

function headersOf(delivery: Delivery, app: App): Record<string, string> {
  const sign = (algorithm: string) => createHmac(algorithm, app.hook.secret).update(delivery.body).digest('hex')
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(app.hook.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${sign('sha1')}`,
    'x-hub-signature-256': `sha256=${sign('sha256')}`,
  }
}

/**
 * Unlike the ids, GUIDs differ from one start of the sandbox to the next: an App remembers those it has seen, and a new
 * GitHub must not look to it like the old one repeating itself.
 */
function guidOf(start: string, id: number): string {
  const hex = createHash('sha256').update(`${start} ${id}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
