import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

it('an issue becomes a task, is claimed, fails, is retried and succeeds, and the thread stays quiet', async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['priority/p2', 'status/ready'])

  const agent = await p.agent('claude')
  const claimed = await agent({ task: issue, verb: 'claim' })
  expect(claimed.json).toMatchObject({ ok: true, lease: { attempt: 1, fence: '1.1', owner: 'claude' } })
  const fence = { fence: '1.1' }
  expect((await agent({ task: 'DEV-1', verb: 'start', args: fence })).status).toBe(200)
  expect((await agent({ task: 'DEV-1', verb: 'heartbeat', args: fence })).status).toBe(200)
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['agent/claude', 'priority/p2', 'status/in_progress'])

  const failed = { ...fence, class: 'test_fail', message: '1 of 9 tests failed' }
  expect((await agent({ task: 'DEV-1', verb: 'fail', args: failed })).status).toBe(200)
  await p.quiet()
  expect(await p.labels(issue)).toContain('failure/test_fail')

  await p.say('alice', issue, '/retry')
  await p.quiet()
  await agent({ task: 'DEV-1', verb: 'claim' })
  const late = await agent({ task: 'DEV-1', verb: 'succeed', args: fence })
  expect(late).toMatchObject({ status: 409, json: { error: { code: 'stale-fence' } } })
  await agent({ task: 'DEV-1', verb: 'succeed', args: { fence: '1.2', cost: '$0.42', tokens: '12k' } })
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/review')
  expect(await p.thread(issue)).toMatchSnapshot()
  expect(p.sandbox.log.unsupported).toEqual([])
})

it('answers one command with the next step when it cannot be done, and nothing else', async () => {
  const p = (open = await play())
  const issue = await p.issue('A')
  await p.say('alice', issue, '/task')
  await p.quiet()
  await p.say('alice', issue, '/claim')
  await p.say('dave', issue, '/ready')
  await p.say('alice', issue, 'Quoted:\n> /ready\n\n```\n/cancel\n```\n')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['priority/p2', 'status/backlog'])
  expect(await p.thread(issue)).toMatchSnapshot()
})

it('leaves issues alone that are no tasks, but for a word to whoever asked for one', async () => {
  const p = (open = await play())
  const issue = await p.issue('Just talking')
  await p.say('alice', issue, '/claim')
  await p.say('dave', issue, '/task')
  await p.quiet()
  const refusal = '`task` needs the triage role here; you have read. Ask someone with the triage role to do it.'
  expect(await p.thread(issue)).toBe(`[alice]\n/claim\n\n[dave confused]\n/task\n\n[muster[bot]]\n${refusal}`)
  expect(await p.labels(issue)).toEqual([])
})
