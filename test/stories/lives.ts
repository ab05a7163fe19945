/** One busy minute, lived in different ways: delivered in order, shuffled and doubled, or as GitHub does it. Each life is a sandbox and an App of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Json } from '../../app/domain/event/canonical-json.ts'
import { SETTLE_MS } from '../../app/outbound/github/replica/compare.ts'
import type { Delivery } from '../../app/sandbox/webhooks/delivery-queue.ts'
import { BRANCH, busyMinute, sixTasks, type Burst } from './burst.ts'
import { deliver, heldBack, shuffled } from './deliver.ts'
import { equivalence } from './equivalence.ts'
import { play, type Play } from './play.ts'

const BURST_PATIENCE_MS = 60_000
/** Comments this close in GitHub's order are shuffled among each other: the hold of 400 ms puts them in order again. */
const WINDOW = 10

const isComment = ({ event }: Delivery): boolean => event === 'issue_comment'

/** Comments in windows, everything else anywhere. */
const unkindly = (deliveries: readonly Delivery[], seed: number): readonly Delivery[] => {
  const comments = deliveries.filter(isComment)
  const windows = Array.from({ length: Math.ceil(comments.length / WINDOW) }, (_, n) =>
    shuffled(comments.slice(n * WINDOW, (n + 1) * WINDOW), seed + n),
  )
  const others = shuffled(
    deliveries.filter((one) => !isComment(one)),
    seed,
  )
  const share = Math.ceil(others.length / windows.length)
  return windows.flatMap((window, n) => shuffled(others.slice(n * share, (n + 1) * share), seed + n).concat(window))
}

export type How = (p: Play, act: () => Promise<void>) => Promise<void>

/** Plays the burst, has it reach the App by `how`, and tells the end. */
export const life = async (how: How): Promise<Json> => {
  const p = await play()
  try {
    await sixTasks(p)
    let burst: Burst | null = null
    await how(p, async () => {
      burst = await busyMinute(p)
    })
    await p.quiet(BURST_PATIENCE_MS)
    // What GitHub's replicas did not show yet is looked for once more.
    if ((await p.app.store.documents.list('replica-touched')).length > 0) {
      await sleep(SETTLE_MS)
      await p.quiet(BURST_PATIENCE_MS)
    }
    const task = await p.app.store.projections.task('task/401/1')
    expect(task?.task.attempts[0]).toMatchObject({ headSha: (burst as Burst | null)?.head, branch: BRANCH })
    expect(p.sandbox.log.unsupported).toEqual([])
    return await equivalence(p)
  } finally {
    await p.stop()
  }
}

export const inOrder: How = async (p, act) => {
  const deliveries = await heldBack(p, act)
  expect(deliveries.length).toBeGreaterThanOrEqual(200)
  for (const one of deliveries) await deliver(p, one)
}

/** The same GUID, as GitHub repeats a delivery, and another one, as if it were news. */
export const shuffledTwice =
  (seed: number): How =>
  async (p, act) => {
    const order = unkindly(await heldBack(p, act), seed)
    for (let n = 0; n < order.length; n += WINDOW) {
      const window = order.slice(n, n + WINDOW)
      const again = window.map((one, k) => deliver(p, one, k % 2 === 0))
      await Promise.all([...window.map((one) => deliver(p, one)), ...again])
    }
  }

/** Answered later, a delivery would stand for an App that is not up to a busy minute. */
const SLOWEST_ANSWER_MS = 1000

/** GitHub repeats deliveries one call at a time. */
const REPEATED_AT_ONCE = 10

/** As the sandbox sends by default, jittered and overtaking each other, and then all of it once more. */
export const asItComes: How = async (p, act) => {
  const { deliveries } = p.sandbox
  const before = new Set(deliveries.list().map(({ id }) => id))
  const ours = () => deliveries.list().filter(({ id, appId }) => !before.has(id) && appId === p.sandbox.seed.muster.id)
  await act()
  await deliveries.idle()
  const sent = ours()
  for (let n = 0; n < sent.length; n += REPEATED_AT_ONCE) {
    for (const { appId, id } of sent.slice(n, n + REPEATED_AT_ONCE)) deliveries.redeliver(appId, id)
    await deliveries.idle()
  }
  const answered = ours()
  expect(answered.length).toBeGreaterThanOrEqual(400)
  expect(answered.filter(({ statusCode }) => statusCode !== 202).map(({ event, status }) => [event, status])).toEqual(
    [],
  )
  expect(Math.max(...answered.map(({ durationMs }) => durationMs))).toBeLessThanOrEqual(SLOWEST_ANSWER_MS)
}
