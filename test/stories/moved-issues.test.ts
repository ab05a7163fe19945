/** The issue of a task is transferred: the work goes on where it is now, under its new key, with all that belongs to it. */
import { afterEach, expect, it } from 'vitest'
import { reconcileTask } from '../../app/engine/effects.ts'
import { createTouches } from '../../app/outbound/github/replica/touches.ts'
import { issueAgentKey } from '../../app/inbound/http/agent-key.ts'
import { play, type Play } from './play.ts'
import { eventsOf, installOn, labelsOn, recordsOn, send, taskOf } from './travel.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const TASK = 'task/401/1'
const at = (repository: string, number: number): string => `/repos/${repository}/issues/${number}`

const claimed = async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const agent = await p.agent('claude')
  const { json } = await agent({ task: issue, verb: 'claim' })
  await p.quiet()
  return { p, issue, agent, fence: (json as { lease: { fence: string } }).lease.fence }
}

it('to a repository of the account: the same task goes on there, and its holder with it', async () => {
  const { p, issue, agent, fence } = await claimed()
  const number = await send(p, at('acme/widgets', issue), 'acme/secret')
  await p.quiet()

  const task = await taskOf(p, TASK)
  expect(task).toMatchObject({
    project: 'project/402',
    key: `SECRET-${number}`,
    number,
    status: 'claimed',
    formerly: [{ project: 'project/401', number: issue, key: `DEV-${issue}` }],
  })
  // Signed anew for its place, once.
  expect(recordsOn(p, 402, number)).toEqual([{ stream: TASK, at: `402#${number}`, isIssue: true }])
  expect(await labelsOn(p, 'acme/secret', number)).toEqual(expect.arrayContaining(['status/claimed', 'agent/claude']))
  expect(await eventsOf(p, 'project/401')).toContain('task-left')
  expect(await eventsOf(p, 'project/402')).toContain('task-arrived')
  expect((await eventsOf(p, TASK)).filter((type) => type === 'task-moved')).toHaveLength(1)
  const counts = await Promise.all(
    (['project/401', 'project/402'] as const).map((one) => p.app.store.projections.standing(one)),
  )
  expect(counts).toEqual([{}, { claimed: 1 }])

  // The holder's key is one of the old project, and the lease is still theirs.
  for (const named of [issue, `DEV-${issue}`, `#${issue}`]) {
    expect((await agent({ task: named, verb: 'heartbeat', args: { fence } })).status).toBe(200)
  }
  expect((await agent({ task: issue, verb: 'show' })).json).toMatchObject({ task: { key: `SECRET-${number}` } })
  // Nobody else's key of that project opens it any more.
  const other = await p.agent('codex')
  expect((await other({ task: issue, verb: 'show' })).status).toBe(404)
  const there = await issueAgentKey(p.app.store.agentKeys, 'codex', 'project/402')
  expect(there).toEqual(expect.any(String))
  expect((await other({ task: `DEV-${issue}`, verb: 'show' })).json).toMatchObject({ task: { number } })

  // People steer it where it is.
  await p.as('alice').post(`${at('acme/secret', number)}/comments`, { body: '/note it lives here now' })
  await p.quiet()
  expect((await taskOf(p, TASK)).notes.map(({ text }) => text)).toEqual(['it lives here now'])
  expect((await agent({ task: issue, verb: 'succeed', args: { fence } })).status).toBe(200)
  await p.quiet()
  expect((await taskOf(p, TASK)).status).toBe('review')
  expect(recordsOn(p, 402, number)).toHaveLength(1)
  expect(p.sandbox.log.unsupported).toEqual([])
})

it('to a repository without the App: the task is closed, its holder told, and taken up again when it comes back', async () => {
  const { p, issue, agent, fence } = await claimed()
  installOn(p, ['widgets'])
  const number = await send(p, at('acme/widgets', issue), 'acme/.github')
  await p.quiet()
  expect(await taskOf(p, TASK)).toMatchObject({
    project: 'project/401',
    status: 'canceled',
    lease: null,
    away: { repositoryId: 403, number, was: 'claimed' },
  })
  expect(await eventsOf(p, 'project/401')).toContain('task-left')
  const { status, json } = await agent({ task: issue, verb: 'heartbeat', args: { fence } })
  expect([status, json]).toMatchObject([
    409,
    { error: { code: 'no-lease', message: expect.stringContaining('transferred') } },
  ])

  installOn(p, 'all')
  await p.quiet()
  const back = await send(p, at('acme/.github', number), 'acme/widgets')
  await p.quiet()
  expect(await taskOf(p, TASK)).toMatchObject({ key: `DEV-${back}`, number: back, status: 'ready' })
  expect((await taskOf(p, TASK)).away).toBeUndefined()
  expect(recordsOn(p, 401, back)).toEqual([{ stream: TASK, at: `401#${back}`, isIssue: true }])
  expect(await labelsOn(p, 'acme/widgets', back)).toContain('status/ready')
})

it('is found where it went although GitHub lost both webhooks', async () => {
  const { p, issue } = await claimed()
  p.sandbox.setWebhookUrl(null)
  const number = await send(p, at('acme/widgets', issue), 'acme/.github')
  await p.quiet()
  p.sandbox.setWebhookUrl(`${p.appUrl}/api/github/webhooks`)
  // The next look at the issue finds out, as the one that every issue gets every six hours.
  const clock = { now: () => Date.now() }
  await createTouches(p.app.store.documents, clock).mark(TASK, null)
  await p.app.store.outbox.put([reconcileTask(TASK, clock.now())])
  await p.quiet()
  expect(await taskOf(p, TASK)).toMatchObject({ project: 'project/403', number })
  expect(recordsOn(p, 403, number)).toEqual([{ stream: TASK, at: `403#${number}`, isIssue: true }])
})

it('is named by its old key and number, and who waits for it hears what becomes of it', async () => {
  const p = (open = await play())
  const [issue, other] = [await p.issue('Sum is wrong'), await p.issue('Show the sum')]
  await p.say('alice', issue, '/task\n/ready')
  await p.say('alice', other, '/task\n/ready')
  await p.quiet()
  const number = await send(p, at('acme/widgets', issue), 'acme/.github')
  await p.quiet()
  const dependsOn = async () => (await taskOf(p, `task/401/${other}`)).dependsOn
  await p.say('alice', other, `/depends DEV-${issue}\n/undepends DEV-${issue}\n/depends #${issue}`)
  await p.quiet()
  expect(await dependsOn()).toMatchObject([{ stream: TASK }])
  await p.as('alice').post(`${at('acme/.github', number)}/comments`, { body: '/cancel' })
  await p.quiet()
  expect(await dependsOn()).toMatchObject([{ stream: TASK, ended: 'canceled' }])
})

it('the record of its old place, put back by a person, is not believed: ours is written anew and it is on record', async () => {
  const p = (open = await play({ friendly: true }))
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const { state } = p.sandbox
  const record = () => state.comments.all().find(({ body }) => body.includes('<!-- muster:record '))
  const [id, old] = [record()?.id ?? 0, record()?.body ?? '']
  const number = await send(p, at('acme/widgets', issue), 'acme/.github')
  await p.quiet()
  expect(record()?.id).toBe(id)
  p.pass(20_000)
  await p.as('alice').patch(`/repos/acme/.github/issues/comments/${id}`, { body: old })
  await p.quiet()
  expect(recordsOn(p, 403, number)).toEqual([{ stream: TASK, at: `403#${number}`, isIssue: true }])
  expect((await eventsOf(p, TASK)).filter((type) => type === 'tampering-found')).toHaveLength(1)
})
