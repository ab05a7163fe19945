/** Repositories, accounts and labels are given other names: everything goes on, and nothing is written to whoever has the old name now. */
import { afterEach, expect, it } from 'vitest'
import { renameAccount } from '../../app/sandbox/changes/rename-account.ts'
import { play, type Play } from './play.ts'
import { eventsOf, labelsOn, recordsOn, taskOf } from './travel.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const ready = async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  return { p, issue, stream: `task/401/${issue}` as const }
}

const project = async (p: Play) => {
  const found = await p.app.store.projections.project('project/401')
  if (found === null) throw new Error('no project')
  return found
}

const tampering = async (p: Play): Promise<readonly string[]> =>
  (await p.app.store.log.read('project/401'))
    .filter(({ type }) => type === 'project-tampering-found')
    .map(({ data }) => (data as { detail: string }).detail)

it('a repository: links, keys and configuration go on under its new name', async () => {
  const { p, issue, stream } = await ready()
  const agent = await p.agent('claude')
  await p.as('alice').patch('/repos/acme/widgets', { name: 'gadgets' })
  await p.quiet()
  expect(await project(p)).toMatchObject({ repository: 'acme/gadgets', prefix: 'DEV' })
  expect(await eventsOf(p, 'project/401')).toContain('repository-renamed')
  expect((await agent({ task: `DEV-${issue}`, verb: 'claim' })).status).toBe(200)
  await p.as('alice').post(`/repos/acme/gadgets/issues/${issue}/comments`, { body: '/note still here' })
  await p.quiet()
  expect((await taskOf(p, stream)).notes).toHaveLength(1)
  expect(await labelsOn(p, 'acme/gadgets', issue)).toContain('status/claimed')
  expect(recordsOn(p, 401, issue)).toHaveLength(1)
})

it('a repository, and another one takes its name before Muster hears of it: nothing is written there', async () => {
  const { p, issue, stream } = await ready()
  const agent = await p.agent('claude')
  p.sandbox.setWebhookUrl(null)
  await p.as('alice').patch('/repos/acme/widgets', { name: 'gadgets' })
  await p.as('alice').patch('/repos/acme/.github', { name: 'widgets' })
  const stranger = (await p.as('alice').post('/repos/acme/widgets/issues', { title: 'Not ours' })).json as {
    number: number
  }
  await p.quiet()
  p.sandbox.setWebhookUrl(`${p.appUrl}/api/github/webhooks`)
  const state = p.sandbox.state
  const record = state.comments.all().find(({ body }) => body.includes('<!-- muster:record '))
  if (record === undefined) throw new Error('no record')
  // Somebody deleted the record meanwhile, so that Muster looks.
  state.comments.delete(record.id)
  expect((await agent({ task: issue, verb: 'claim' })).status).toBe(200)
  await p.quiet()
  expect(await project(p)).toMatchObject({ repository: 'acme/gadgets' })
  expect(recordsOn(p, 401, issue)).toHaveLength(1)
  expect(recordsOn(p, 403, stranger.number)).toEqual([])
  expect(await labelsOn(p, 'acme/widgets', stranger.number)).toEqual([])
  expect((await taskOf(p, stream)).status).toBe('claimed')
})

it('an account: all of its projects are called by it', async () => {
  const { p, issue } = await ready()
  const { world, seed } = p.sandbox
  renameAccount(world, seed.org, 'acme-inc', seed.people.alice)
  await p.quiet()
  expect(await project(p)).toMatchObject({ repository: 'acme-inc/widgets', prefix: 'DEV' })
  await p.as('alice').post(`/repos/acme-inc/widgets/issues/${issue}/comments`, { body: '/priority p0' })
  await p.quiet()
  expect(await labelsOn(p, 'acme-inc/widgets', issue)).toContain('priority/p0')
})

it('a label: called so again at once, three times an hour, and then left so', async () => {
  const { p, issue } = await ready()
  const rename = (from: string, to: string) =>
    p.as('bob').patch(`/repos/acme/widgets/labels/${encodeURIComponent(from)}`, { new_name: to })
  for (let n = 1; n <= 3; n += 1) {
    await rename('status/ready', `free ${n}`)
    await p.quiet()
    expect(await p.labels(issue)).toEqual(['priority/p2', 'status/ready'])
  }
  await rename('status/ready', 'free')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['free', 'priority/p2'])
  const said = await tampering(p)
  expect(said).toHaveLength(4)
  expect(said[0]).toBe('the label status/ready was renamed; it is called so again')
  expect(said[3]).toContain('it is left so for an hour')
})

it('a label that was deleted is made and worn anew; labels of people’s own are nobody’s business', async () => {
  const { p, issue } = await ready()
  await p.as('alice').post('/repos/acme/widgets/labels', { name: 'priority/soon', color: 'ededed' })
  await p.as('bob').delete('/repos/acme/widgets/labels/priority%2Fsoon')
  p.pass(60_000)
  await p.as('bob').delete('/repos/acme/widgets/labels/status%2Fready')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['priority/p2', 'status/ready'])
  expect(await tampering(p)).toEqual([
    'the label status/ready was deleted; the tasks that wore it (1) are looked at and get it anew',
  ])
})
