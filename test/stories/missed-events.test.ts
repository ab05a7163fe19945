/** Whatever people did while nobody heard of it is found by the scan, once, and the end is as if it had been heard. */
import { afterEach, expect, it, vi } from 'vitest'
import type { Json } from '../../app/domain/event/canonical-json.ts'
import { deliver } from './deliver.ts'
import { equivalence } from './equivalence.ts'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'
const BRANCH = 'muster/DEV-1-sum-is-wrong'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
  vi.restoreAllMocks()
})

/** For everybody, the App's sign-in at GitHub included. */
const pass = (ms: number): void => {
  const at = Date.now()
  const since = performance.now()
  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(at + ms + performance.now() - since))
}

/** Every event of every stream. */
const events = async ({ app: { store } }: Play): Promise<readonly string[]> => {
  const streams = await store.log.streams()
  const all = await Promise.all(streams.map((stream) => store.log.read(stream)))
  return all.flatMap((of) => of.map(({ stream, version, type, cause }) => `${stream} ${version} ${type} ${cause}`))
}

/** Who pushed is known of pushes that were heard of, and of nothing else. */
const endOf = async (p: Play): Promise<Json> =>
  JSON.parse(
    JSON.stringify(await equivalence(p), (key, value: Json) => (key === 'pushedBy' ? undefined : value)),
  ) as Json

/** Everything that GitHub could not deliver. */
const undelivered = ({ sandbox: { deliveries, seed } }: Play) =>
  deliveries.list().filter(({ appId, statusCode }) => appId === seed.muster.id && statusCode !== 202)

/** What the App asked of GitHub since then, by route. */
const asked = ({ sandbox: { log } }: Play, since: number): readonly string[] =>
  log.entries
    .slice(since)
    .filter(({ actor }) => actor === 'app')
    .map(({ route, status }) => `${status} ${route}`)

const notes = async (p: Play, task: number): Promise<readonly string[]> =>
  (await p.app.store.projections.task(`task/401/${task}`))?.task.notes.map(({ text }) => text) ?? []

/** Three tasks at rest. */
const threeTasks = async (p: Play): Promise<void> => {
  for (const title of ['Sum is wrong', 'B', 'C']) await p.say('alice', await p.issue(title), '/task\n/ready')
  await p.quiet()
}

/** What people do in the meantime: commands, an edit, labels, a title, a pull request from its first commit to its merge, an issue closed and one opened again. */
const meantime = async (p: Play, settle: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
  const { as } = p
  await p.say('alice', 1, '/claim')
  await settle()
  await p.say('alice', 2, '/note one\n/note one\n/depends #3')
  const talk = await p.say('carol', 2, 'Thinking.')
  await as('carol').patch(`${REPO}/issues/comments/${talk}`, { body: 'Thought.\n/note thought' })
  await p.say('bob', 3, '/nonsense\n/priority p9')
  await p.say('dave', 3, '/cancel')
  await p.say('alice', 3, '/show')
  await as('bob').post(`${REPO}/issues/3/labels`, { labels: ['priority/p1'] })
  await as('bob').patch(`${REPO}/issues/3`, { title: 'C, renamed' })
  const fresh = await p.issue('D')
  await p.say('bob', fresh, '/task')
  const labelled = (await as('bob').post(`${REPO}/issues`, { title: 'E', labels: ['muster'] })).json.number as number
  expect([fresh, labelled]).toEqual([4, 5])
  const { json: main } = await as('alice').get(`${REPO}/git/ref/heads/main`)
  await as('alice').post(`${REPO}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: main.object.sha })
  const content = Buffer.from('right\n').toString('base64')
  await as('alice').put(`${REPO}/contents/right.txt`, { message: 'Right', content, branch: BRANCH })
  const pull = await as('alice').post(`${REPO}/pulls`, { title: 'Fix', head: BRANCH, base: 'main', body: 'Closes #1' })
  await settle()
  const merged = await as('alice').put(`${REPO}/pulls/${pull.json.number}/merge`, {})
  expect(merged.status).toBe(200)
  await as('bob').patch(`${REPO}/issues/2`, { state: 'closed' })
}

const heard = async (): Promise<Json> => {
  const p = await play({ friendly: true })
  try {
    await threeTasks(p)
    await meantime(p, () => p.quiet())
    await p.quiet()
    return await endOf(p)
  } finally {
    await p.stop()
  }
}

const away = async (p: Play, acts: () => Promise<void>, ms = 10 * DAY_MS): Promise<void> => {
  await p.down()
  await acts()
  pass(ms)
  await p.up()
}

it('after ten days away the end is as if every delivery had come, and what comes after all changes nothing', async () => {
  const p = (open = await play({ friendly: true }))
  await threeTasks(p)
  await away(p, () => meantime(p))
  const end = await endOf(p)
  expect(end).toEqual(await heard())

  const known = await events(p)
  const late = undelivered(p)
  expect(late.length).toBeGreaterThan(20)
  for (const anew of [false, true]) {
    for (const one of late) await deliver(p, one, anew)
    await p.quiet()
  }
  const isPush = (event: string): boolean => event.includes(' attempt-head-moved ')
  expect((await events(p)).filter((event) => !isPush(event))).toEqual(known.filter((event) => !isPush(event)))
  expect(await endOf(p)).toEqual(end)
}, 120_000)

it('a scan after everything was heard finds nothing, and a round after that costs two requests that GitHub does not count', async () => {
  const p = (open = await play({ friendly: true }))
  await threeTasks(p)
  await meantime(p, () => p.quiet())
  // The ledger is written by the minute.
  pass(2 * MINUTE_MS)
  await p.quiet()
  const known = await events(p)
  const before = p.sandbox.log.entries.length
  await away(p, () => Promise.resolve())
  expect(await events(p)).toEqual(known)
  // One for the pull request; no comment is in doubt.
  expect(asked(p, before).filter((line) => line.endsWith('/graphql nodes'))).toHaveLength(1)

  // The ledger is written once more; then a round learns the ETags of what is asked from now on.
  const rounds = async (): Promise<readonly string[]> => {
    const since = p.sandbox.log.entries.length
    const began = Date.now()
    // Longer than a process sleeps for nothing, and within the hour of a token.
    pass(12 * MINUTE_MS)
    await p.scanned(began)
    return asked(p, since).filter((line) => line.includes('/issues'))
  }
  await rounds()
  await rounds()
  expect(await rounds()).toEqual([
    '304 GET /repos/{owner}/{repo}/issues/comments',
    '304 GET /repos/{owner}/{repo}/issues',
  ])
  expect(await events(p)).toEqual(known)
}, 120_000)

it('only what its author put into a comment is run, and only what an edit added', async () => {
  const p = (open = await play({ friendly: true }))
  const edit = (who: 'bob' | 'carol', id: number, body: string) =>
    p.as(who).patch(`${REPO}/issues/comments/${id}`, { body })
  const issue = await p.issue('A')
  await p.say('alice', issue, '/task')
  const known = await p.say('carol', issue, '/note known')
  await p.quiet()
  await away(p, async () => {
    await edit('carol', known, '/note known\n/note added')
    const overwritten = await p.say('carol', issue, '/note hers')
    await edit('bob', overwritten, '/note hers\n/note his')
    const mixed = await p.say('carol', issue, 'hi')
    await edit('bob', mixed, 'hi\n/note put in')
    await edit('carol', mixed, 'hello\n/note put in\n/note own')
    const dropped = await p.say('carol', issue, '/note dropped')
    await edit('carol', dropped, 'never mind')
    const deleted = await p.say('carol', issue, '/note deleted')
    await p.as('carol').delete(`${REPO}/issues/comments/${deleted}`)
    await p.as('claude').post(`${REPO}/issues/${issue}/comments`, { body: '/note by a bot' })
  })
  expect((await notes(p, issue)).toSorted()).toEqual(['added', 'known', 'own'])
})

it('who reopened the issue of a finished task is asked for their rights, and a repository without a project gets its first task', async () => {
  const p = (open = await play({ friendly: true }))
  const SECRET = '/repos/acme/secret'
  await threeTasks(p)
  const { json: main } = await p.as('alice').get(`${REPO}/git/ref/heads/main`)
  await p.as('alice').post(`${REPO}/git/refs`, { ref: 'refs/heads/work', sha: main.object.sha })
  const content = Buffer.from('right\n').toString('base64')
  await p.as('alice').put(`${REPO}/contents/right.txt`, { message: 'Right', content, branch: 'work' })
  const body = 'Closes #2\nCloses #3'
  const { json: pull } = await p.as('alice').post(`${REPO}/pulls`, { title: 'Fix', head: 'work', base: 'main', body })
  await p.as('alice').put(`${REPO}/pulls/${pull.number}/merge`, {})
  await p.quiet()
  await away(p, async () => {
    await p.as('bob').patch(`${REPO}/issues/2`, { state: 'open' })
    await p.as('carol').patch(`${REPO}/issues/3`, { state: 'open' })
    const { json } = await p.as('alice').post(`${SECRET}/issues`, { title: 'First' })
    await p.as('alice').post(`${SECRET}/issues/${json.number}/comments`, { body: '/task' })
  })
  const status = async (task: string) => (await p.app.store.projections.task(`task/${task}` as never))?.task.status
  expect([await status('401/2'), await status('401/3'), await status('402/1')]).toEqual(['backlog', 'done', 'backlog'])
})

it('a delivery that GitHub lost for good in a running life is found by the next round', async () => {
  const p = (open = await play({ friendly: true }))
  await threeTasks(p)
  await away(p, () => Promise.resolve(), 0)
  p.sandbox.switches.lostDeliveryShare = 1
  await p.say('carol', 2, '/note lost')
  await p.sandbox.deliveries.idle()
  p.sandbox.switches.lostDeliveryShare = 0
  const began = Date.now()
  pass(4 * DAY_MS)
  await p.scanned(began)
  expect(await notes(p, 2)).toEqual(['lost'])
})
