/** A task that is done takes its issue with it, once; whoever opens the issue again has the last word. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const WIDGETS = '/repos/acme/widgets'
/** Longer than GitHub's reads may lag behind what we wrote. */
const SETTLED_MS = 20_000

/** Opens a pull request with a commit and returns its number. */
const pullFor = async (p: Play, issue: number, branch: string, body: string): Promise<number> => {
  const { json } = await p.as('bob').get(`${WIDGETS}/git/ref/heads/main`)
  await p.as('bob').post(`${WIDGETS}/git/refs`, { ref: `refs/heads/${branch}`, sha: json.object.sha })
  const content = Buffer.from(`${branch}\n`).toString('base64')
  await p.as('bob').put(`${WIDGETS}/contents/work-${issue}.txt`, { message: 'Work', content, branch })
  const pull = await p.as('bob').post(`${WIDGETS}/pulls`, { title: 'Work', head: branch, base: 'main', body })
  return pull.json.number as number
}

/** `closed by muster[bot]` for each time the issue was closed or opened again, oldest first. */
const history = (p: Play, number: number): readonly string[] => {
  const { state, seed } = p.sandbox
  const issue = state.issues
    .all()
    .find((one) => one.number === number && one.repositoryId === seed.repositories.widgets.id)
  return state.issueEvents
    .all()
    .filter(({ issueId, event }) => issueId === issue?.id && (event === 'closed' || event === 'reopened'))
    .map(({ event, actorId }) => `${event} by ${state.accounts.get(actorId)?.login ?? '?'}`)
}

it('follows whoever opens the issue of a canceled task again, also when nobody heard that it had been closed by hand', async () => {
  const p = (open = await play())
  const issue = await p.issue('Perhaps')
  await p.say('alice', issue, '/task')
  await p.say('alice', issue, '/cancel')
  await p.quiet()
  p.sandbox.setWebhookUrl(null)
  await p.as('bob').patch(`${WIDGETS}/issues/${issue}`, { state: 'closed', state_reason: 'not_planned' })
  await p.sandbox.deliveries.idle()
  p.sandbox.setWebhookUrl(`${p.appUrl}/api/github/webhooks`)
  p.pass(SETTLED_MS)
  await reopen(p, 'bob', issue)
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/backlog')
})

const reopen = (p: Play, who: 'bob' | 'carol', issue: number) =>
  p.as(who).patch(`${WIDGETS}/issues/${issue}`, { state: 'open' })

it('closes the issue where GitHub does not, as completed, and leaves it open when a person opens it again', async () => {
  const p = (open = await play())
  const [tied, named, kept] = [await p.issue('Tied'), await p.issue('Named'), await p.issue('Kept')]
  for (const issue of [tied, named, kept]) await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const pulls = [
    await pullFor(p, tied, `muster/DEV-${tied}-tied`, 'No words.'),
    await pullFor(p, named, 'named', `Task: DEV-${named}`),
    await pullFor(p, kept, 'kept', `Closes #${kept}`),
  ]
  await p.quiet()
  for (const pull of pulls) expect((await p.as('bob').put(`${WIDGETS}/pulls/${pull}/merge`, {})).status).toBe(200)
  await p.quiet()
  for (const issue of [tied, named]) {
    expect((await p.as('alice').get(`${WIDGETS}/issues/${issue}`)).json).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
    })
    expect(history(p, issue)).toEqual(['closed by muster[bot]'])
    expect(await p.labels(issue)).toContain('status/done')
  }
  // GitHub had closed that one already.
  expect(history(p, kept)).toEqual(['closed by bob'])

  p.pass(SETTLED_MS)
  for (const issue of [tied, kept]) expect((await reopen(p, 'bob', issue)).status).toBe(200)
  // May open it again, and may not take up the task: it stays as people left it.
  expect((await reopen(p, 'carol', named)).status).toBe(200)
  await p.quiet()
  p.pass(SETTLED_MS)
  await p.say('alice', named, '/note still done')
  await p.quiet()
  for (const issue of [tied, kept]) expect(await p.labels(issue)).not.toContain('status/done')
  expect(await p.labels(named)).toContain('status/done')
  expect(history(p, tied)).toEqual(['closed by muster[bot]', 'reopened by bob'])
  expect(history(p, named)).toEqual(['closed by muster[bot]', 'reopened by carol'])
  expect(history(p, kept)).toEqual(['closed by bob', 'reopened by bob'])
}, 60_000)
