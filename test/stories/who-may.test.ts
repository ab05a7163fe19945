/** Who is heard, with GitHub's own roles, a configuration file, bots, edits and a label. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const configure = async (p: Play, text: string): Promise<void> => {
  const path = `${REPO}/contents/.github/muster.yml`
  const { json } = await p.as('alice').get(path)
  const content = Buffer.from(text).toString('base64')
  const { status } = await p.as('alice').put(path, { message: 'Configure', content, sha: json.sha })
  expect(status).toBe(200)
}

it('each role does what it may, and is told the role that is missing', async () => {
  const p = (open = await play())
  const issue = await p.issue('A')
  await p.say('dave', issue, '/task')
  await p.quiet()
  expect(await p.labels(issue)).toEqual([])
  await p.say('carol', issue, '/task\n/ready\n/priority p1')
  await p.quiet()
  await p.say('carol', issue, '/claim')
  await p.say('dave', issue, '/note mine')
  await p.say('dave', issue, '/show')
  // On a public repository everybody reads.
  await p.say('mallory', issue, '/cancel')
  await p.say('bob', issue, '/claim')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['agent/bob', 'priority/p1', 'status/claimed'])
  const thread = await p.thread(issue)
  expect(thread).toContain('[carol confused]\n/claim')
  expect(thread).toContain('`claim` needs the write role here; you have triage.')
  expect(thread).toContain('[dave confused]\n/note mine')
  expect(thread).toContain('[dave rocket]\n/show')
  expect(thread).toContain('`cancel` needs the write role here; you have read.')
})

it('edits run what they added, others’ edits and deletions run nothing', async () => {
  const p = (open = await play())
  const issue = await p.issue('A')
  await p.say('alice', issue, '/task')
  const note = await p.say('alice', issue, 'Notes:\n/note one')
  await p.quiet()
  const edit = (who: 'alice' | 'bob', body: string) => p.as(who).patch(`${REPO}/issues/comments/${note}`, { body })
  await edit('alice', 'Notes, mended:\r\n/note one\r\n/note two')
  await edit('bob', 'Notes, mended:\n/note one\n/note two\n/cancel')
  await edit('alice', 'Notes, mended again:\n/note one\n/note two\n/cancel')
  const gone = await p.say('carol', issue, 'no command')
  await p.as('carol').patch(`${REPO}/issues/comments/${gone}`, { body: 'still none' })
  await p.as('carol').delete(`${REPO}/issues/comments/${gone}`)
  await p.quiet()
  const task = (await p.app.store.projections.task(`task/401/${issue}`))?.task
  expect(task?.notes.map(({ text, by }) => `${by}: ${text}`)).toEqual(['alice: one', 'alice: two'])
  expect(task?.status).toBe('backlog')
})

it('the configuration decides about bare commands and bots, and a bot names its fence', async () => {
  const p = (open = await play())
  const issue = await p.issue('A')
  await p.say('claude', issue, '/task')
  await p.quiet()
  expect(await p.labels(issue)).toEqual([])
  await configure(p, `key: DEV\ncommands:\n  bare: false\n  bots: [${p.sandbox.seed.claude.botId}]\n`)
  await p.quiet()
  await p.say('claude', issue, '/task')
  await p.say('claude', issue, '/muster task\n/muster ready\n/muster claim')
  await p.quiet()
  await p.say('claude', issue, '/muster start')
  await p.quiet()
  expect(await p.labels(issue)).toEqual(['agent/claude-bot-', 'priority/p2', 'status/claimed'])
  await p.say('claude', issue, '/muster start fence=1.1')
  await p.say('alice', issue, '/cancel\n/muster reedy')
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/in_progress')
  const thread = await p.thread(issue)
  expect(thread).toContain('Did you mean `/muster ready`?')
  expect(thread).not.toContain('[claude[bot] ')
})

it('a label by somebody who may not, or beside ours, makes no task', async () => {
  const p = (open = await play())
  const one = await p.issue('A')
  const two = await p.issue('B', '', 'dave')
  await p.as('dave').post(`${REPO}/issues/${two}/labels`, { labels: ['muster'] })
  await p.as('bob').post(`${REPO}/issues/${one}/labels`, { labels: ['muster'] })
  await p.quiet()
  expect(await p.labels(one)).toContain('status/backlog')
  expect(await p.labels(two)).not.toContain('status/backlog')
})
