/** Two comments that do not commute and arrive the wrong way round: within the hold they are put in order, beyond it they are decided on arrival. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { Delivery } from '../../app/sandbox/webhooks/delivery-queue.ts'
import { HOLD_MS } from '../../app/inbound/webhook/order-of.ts'
import { deliver, heldBack } from './deliver.ts'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const readyThenClaim = async (): Promise<{ p: Play; issue: number; ready: Delivery; claim: Delivery }> => {
  const p = (open = await play())
  const issue = await p.issue('A')
  await p.say('alice', issue, '/task')
  await p.quiet()
  const [ready, claim] = await heldBack(p, async () => {
    await p.say('alice', issue, '/ready')
    await p.say('alice', issue, '/claim')
  })
  if (ready === undefined || claim === undefined) throw new Error('nothing was delivered')
  return { p, issue, ready, claim }
}

it('within the hold the earlier comment goes first', async () => {
  const { p, issue, ready, claim } = await readyThenClaim()
  await Promise.all([deliver(p, claim), deliver(p, ready)])
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/claimed')
  expect(await p.thread(issue)).toContain('[alice rocket]\n/ready\n\n[alice rocket]\n/claim')
})

it('beyond the hold a comment is decided when it arrives, and its author is told', async () => {
  const { p, issue, ready, claim } = await readyThenClaim()
  await deliver(p, claim)
  await sleep(3 * HOLD_MS)
  await p.quiet()
  await deliver(p, ready)
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/ready')
  const thread = await p.thread(issue)
  expect(thread).toContain('[alice rocket]\n/ready\n\n[alice confused]\n/claim')
  expect(thread).toContain('DEV-1 is in the backlog, so `claim` does not apply. Comment `/ready` first.')
})
