/** Holds back what GitHub sends, to hand it to the App in another order, more than once, or late; signed as GitHub signs it. */
import { createHmac, randomUUID } from 'node:crypto'
import type { Delivery } from '../../app/sandbox/webhooks/delivery-queue.ts'
import { WEBHOOK_PATH } from '../../app/inbound/webhook/receive.ts'
import type { Play } from './play.ts'

/** Runs `acts` while nothing reaches the App; what it missed, in GitHub's own order. */
export const heldBack = async (play: Play, acts: () => Promise<void>): Promise<readonly Delivery[]> => {
  const { sandbox, appUrl } = play
  await sandbox.deliveries.idle()
  const before = new Set(sandbox.deliveries.list().map(({ id }) => id))
  sandbox.setWebhookUrl(null)
  await acts()
  await sandbox.deliveries.idle()
  sandbox.setWebhookUrl(`${appUrl}${WEBHOOK_PATH}`)
  return sandbox.deliveries
    .list()
    .filter(({ id, appId }) => !before.has(id) && appId === sandbox.seed.muster.id)
    .toSorted((a, b) => a.id - b.id)
}

/** Posts it to the App; under a GUID of its own when `anew`. Throws unless it is taken. */
export const deliver = async (
  { sandbox, appUrl }: Play,
  { guid, event, body }: Pick<Delivery, 'guid' | 'event' | 'body'>,
  anew = false,
): Promise<void> => {
  const secret = sandbox.keys.muster.webhookSecret
  const answer = await fetch(`${appUrl}${WEBHOOK_PATH}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': anew ? randomUUID() : guid,
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
  if (answer.status !== 202) throw new Error(`the App answered ${answer.status} to ${event}`)
}

/** A shuffle that the seed decides (mulberry32). */
export const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
