/** What a burst is made of: tasks that the App works on in a sandbox, and the real deliveries of comments that it was not told of yet. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface BurstDelivery {
  readonly event: string
  /** As GitHub would send it. */
  readonly body: string
}

interface Place {
  /** Of the sandbox. */
  readonly github: string
  readonly token: string
  /** Of the App. */
  readonly app: string
}

const REPO = '/repos/acme/widgets'
const SETTLE_MS = 180_000
/** People who write at the same time, so that preparing takes no minutes. */
const WRITERS = 8
/** Comments with a log in them make payloads of 8 to 25 KB, as GitHub's are. */
const LEAST_TEXT = 1500
const MOST_TEXT = 14_000

export const call = async (place: Place, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${place.github}${path}`, {
    method,
    headers: { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? null : await answer.json()
}

/** Whatever people write: preparing is not what the sandbox's limits are about. */
export const enforceLimits = (place: Place, on: boolean): Promise<unknown> =>
  call(place, 'PATCH', '/_sandbox/switches', { enforceLimits: on })

const sendTo = (place: Place, url: string): Promise<unknown> =>
  call(place, 'PUT', '/_sandbox/apps/muster/webhook', { url })

/** Resolves when the App has worked off every delivery; what it still writes to GitHub may take longer. */
export const workedOff = async ({ app }: Place): Promise<void> => {
  const until = Date.now() + SETTLE_MS
  for (; ; await sleep(100)) {
    const health = (await (await fetch(`${app}/healthz`)).json()) as { inbox: number; set_aside: number }
    if (health.set_aside > 0) throw new Error(`${health.set_aside} deliveries were set aside`)
    if (health.inbox === 0) return
    if (Date.now() > until) throw new Error(`${health.inbox} deliveries were never worked off`)
  }
}

/** `tasks` issues that are tasks of a running App, with GitHub's limits off. */
export const makeTasks = async (place: Place, webhook: string, tasks: number): Promise<void> => {
  await sendTo(place, webhook)
  for (let n = 1; n <= tasks; n += 1) {
    await call(place, 'POST', `${REPO}/issues`, { title: `Task ${n}`, body: 'It adds wrong.', labels: ['muster'] })
  }
  await call(place, 'POST', '/_sandbox/deliveries/idle')
  await workedOff(place)
}

/** Every second one is a command, so that the App has all to do that there is to do. It is told of none of them yet. */
export const makeDeliveries = async (
  place: Place,
  webhook: string,
  tasks: number,
  count: number,
): Promise<readonly BurstDelivery[]> => {
  const caught: BurstDelivery[] = []
  const catcher = createServer((req, res) => {
    void text(req).then((body) => {
      if (req.headers['x-github-event'] === 'issue_comment') caught.push({ event: 'issue_comment', body })
      res.end()
    })
  })
  await new Promise<void>((listening) => void catcher.listen(0, '127.0.0.1', listening))
  await sendTo(place, `http://127.0.0.1:${(catcher.address() as AddressInfo).port}/`)
  let next = 0
  const comment = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const log = 'It adds wrong here, too.\n'.repeat((LEAST_TEXT + ((n * 7919) % (MOST_TEXT - LEAST_TEXT))) / 25)
      const body = `${n % 2 === 0 ? `/note number ${n}` : `Seen for the ${n}th time.`}\n\n${log}`
      await call(place, 'POST', `${REPO}/issues/${(n % tasks) + 1}/comments`, { body })
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, comment))
  await call(place, 'POST', '/_sandbox/deliveries/idle')
  await sendTo(place, webhook)
  catcher.close()
  if (caught.length < count) throw new Error(`${count} comments made ${caught.length} deliveries`)
  return caught
}
