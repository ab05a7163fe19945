/** What a burst is made of: tasks that the App works on in a sandbox, and the real deliveries of comments that it was not told of yet. */
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

const sendTo = (place: Place, url: string | null): Promise<unknown> =>
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

/** Every second one is a command, so that the App has all to do that there is to do. */
export const makeDeliveries = async (place: Place, tasks: number, count: number): Promise<readonly BurstDelivery[]> => {
  await sendTo(place, null)
  const before = (await call(place, 'GET', '/_sandbox/deliveries')) as readonly { id: number }[]
  for (let n = 0; n < count; n += 1) {
    const text = 'It adds wrong here, too.\n'.repeat((LEAST_TEXT + ((n * 7919) % (MOST_TEXT - LEAST_TEXT))) / 25)
    const body = `${n % 2 === 0 ? `/note number ${n}` : `Seen for the ${n}th time.`}\n\n${text}`
    await call(place, 'POST', `${REPO}/issues/${(n % tasks) + 1}/comments`, { body })
  }
  await call(place, 'POST', '/_sandbox/deliveries/idle')
  const known = new Set(before.map(({ id }) => id))
  const made = (await call(place, 'GET', '/_sandbox/deliveries')) as readonly { id: number; event: string }[]
  const deliveries: BurstDelivery[] = []
  for (const { id, event } of made) {
    if (known.has(id) || event !== 'issue_comment') continue
    const { body } = (await call(place, 'GET', `/_sandbox/deliveries/${id}`)) as { body: string }
    deliveries.push({ event, body })
  }
  if (deliveries.length < count) throw new Error(`${count} comments made ${deliveries.length} deliveries`)
  return deliveries
}
