/** Many agents at the cheap way in: one wins, the others learn who did, and staying alive costs GitHub nothing. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const AGENTS = 30

it('thirty agents claim one task at once: one holds it, and each other is told who does', async () => {
  const p = (open = await play())
  const issue = await p.issue('Popular')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const agents = await Promise.all(Array.from({ length: AGENTS }, (_, n) => p.agent(`agent-${n}`)))
  const answers = await Promise.all(agents.map((ask) => ask({ task: issue, verb: 'claim' })))

  const winners = answers.filter(({ status }) => status === 200)
  expect(winners).toHaveLength(1)
  const [winner] = winners.map(({ json }) => json as { lease: { owner: string; fence: string } })
  const losers = answers.filter(({ status }) => status === 409)
  expect(losers).toHaveLength(AGENTS - 1)
  for (const { json } of losers) {
    const { error } = json as { error: { code: string; message: string; data: { holder: string } } }
    expect(error).toMatchObject({ code: 'already-claimed', data: { holder: winner?.lease.owner } })
    expect(error.message).toContain(`claimed by ${winner?.lease.owner}`)
  }
  const task = (await p.app.store.projections.task(`task/401/${issue}`))?.task
  expect(task?.attempts).toHaveLength(1)
  await p.quiet()

  // Heartbeats: the deadline moves, and after the first one neither the log nor GitHub hears of it.
  const owner = agents[Number(winner?.lease.owner.replace('agent-', ''))]
  await owner?.({ task: issue, verb: 'heartbeat', args: { fence: winner?.lease.fence } })
  await p.quiet()
  const before = await p.app.store.log.load(`task/401/${issue}`)
  const requests = p.sandbox.log.counts().total
  for (let beat = 0; beat < 5; beat += 1) {
    const answer = await owner?.({ task: issue, verb: 'heartbeat', args: { fence: winner?.lease.fence } })
    expect(answer?.status).toBe(200)
  }
  const after = await p.app.store.log.load(`task/401/${issue}`)
  expect(after.version).toBe(before.version)
  expect(after.leaseUntil).toBeGreaterThan(before.leaseUntil ?? 0)
  expect(p.sandbox.log.counts().total).toBe(requests)
})
