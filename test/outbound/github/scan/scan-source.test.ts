/** What a scan reads of GitHub, on the sandbox: pages, ETags, who wrote which version, and who did what. */
import { expect, test } from 'vitest'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { bucketName } from '../../../../app/outbound/github/client/lanes.ts'
import { createScan } from '../../../../app/outbound/github/scan/create-scan.ts'
import type { ScanAsk } from '../../../../app/engine/ports.ts'
import { createSqliteStore } from '../../../../app/store/sqlite/create-sqlite-store.ts'
import { systemClock } from '../../../../app/sandbox/clock.ts'
import { startSandbox, WIDGETS } from '../../../sandbox/start-sandbox.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'

const setUp = async () => {
  const started = await startSandbox()
  const { sandbox } = started
  const { buckets, documents } = await createSqliteStore({ path: ':memory:', clock: systemClock })
  const github = createGitHub({
    appId: sandbox.seed.muster.id,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: sandbox.url,
    buckets,
    clock: systemClock,
    log: { warn: () => {} },
  })
  const scan = createScan(github, documents)
  const places = await scan.source.installed()
  const place = places.find(({ repository }) => repository === 'acme/widgets')
  if (place === undefined) throw new Error('not installed')
  const say = async (who: 'alice' | 'bob' | 'carol', body: string): Promise<{ id: number; node_id: string }> =>
    (await started.as(who).post(`${WIDGETS}/issues/1/comments`, { body })).json
  const edit = (who: 'alice' | 'bob' | 'carol', id: number, body: string) =>
    started.as(who).patch(`${WIDGETS}/issues/comments/${id}`, { body })
  await started.as('carol').post(`${WIDGETS}/issues`, { title: 'A' })
  return { ...started, ...scan, github, buckets, places, place, say, edit }
}

const AT = { owner: 'acme', repo: 'widgets', issue_number: 1 }
const ALL = { since: 0, page: 1, etag: null }

test('every repository that the App can reach is listed', async () => {
  const { places, place } = await setUp()
  expect(places.map(({ repository }) => repository).toSorted()).toEqual(['acme/.github', 'acme/secret', 'acme/widgets'])
  expect(place).toMatchObject({ installationId: 301, repositoryId: 401, owner: 'acme' })
})

test('what did not change since the last answer costs nothing of the hourly limit', async () => {
  const { source, place, sandbox, say } = await setUp()
  await say('carol', '/task')
  const caller = { kind: 'installation', installationId: 301 } as Parameters<typeof sandbox.world.limits.budget>[0]
  for (const list of ['comments', 'issues'] as const) {
    const read = (ask: ScanAsk) => source[list](place, ask)
    const first = await read(ALL)
    if (first.unchanged) throw new Error('nothing was known yet')
    expect(first.rows).toHaveLength(1)
    const { used } = sandbox.world.limits.budget(caller, 'core')
    expect(await read({ ...ALL, etag: first.etag })).toEqual({ unchanged: true })
    expect(sandbox.world.limits.budget(caller, 'core').used).toBe(used)
    await say('carol', 'more')
    expect(await read({ ...ALL, etag: first.etag })).toMatchObject({ unchanged: false })
  }
})

test('a scan is of the lowest lane: it waits while results still go out', async () => {
  const { source, github, buckets, place } = await setUp()
  await buckets.block(`${bucketName(place.installationId, 'rest', 'hour')}:cosmetic`, Date.now() + 60_000)
  await expect(source.issues(place, ALL)).rejects.toMatchObject({ code: 'rate-limited', retryable: true })
  const { status } = await github.installation(place.installationId, 'result').rest.issues.get(AT)
  expect(status).toBe(200)
})

test('the list tells issues from pull requests, and says which page is the last', async () => {
  const { source, place, say, branch, commit, as } = await setUp()
  for (let n = 0; n < 101; n += 1) await say(n % 2 === 0 ? 'alice' : 'bob', `${n}`)
  const page = await source.comments(place, ALL)
  const rest = await source.comments(place, { ...ALL, page: 2 })
  expect(page).toMatchObject({ isLast: false, rows: { length: 100 } })
  expect(rest).toMatchObject({ isLast: true, rows: [{ body: '100', issue: { number: 1, isPullRequest: false } }] })
  await branch('work')
  await commit('work', 'a.txt', 'a')
  await as('bob').post(`${WIDGETS}/pulls`, { title: 'P', head: 'work', base: 'main' })
  await as('bob').post(`${WIDGETS}/issues/2/comments`, { body: '/show' })
  const issues = await source.issues(place, ALL)
  expect(issues).toMatchObject({
    rows: expect.arrayContaining([
      expect.objectContaining({ number: 1, isPullRequest: false }),
      expect.objectContaining({ number: 2, isPullRequest: true }),
    ]),
  })
  expect(await source.comments(place, { ...ALL, page: 2 })).toMatchObject({
    rows: [{ body: '100' }, { body: '/show', issue: { number: 2, isPullRequest: true } }],
  })
})

test('who wrote which version of a comment is told, also of one that nobody edited; what is gone is left out', async () => {
  const { facts, place, say, edit, as } = await setUp()
  const [plain, own, foreign, gone] = [
    await say('carol', 'a'),
    await say('carol', 'b'),
    await say('carol', 'c'),
    await say('carol', 'd'),
  ]
  await edit('bob', own.id, 'b2')
  await edit('carol', own.id, 'b3')
  await edit('bob', foreign.id, 'c2')
  await as('carol').delete(`${WIDGETS}/issues/comments/${gone.id}`)
  const histories = await facts.commentHistories(
    place,
    [plain, own, foreign, gone].map(({ node_id }) => node_id),
  )
  const shown = [...histories.values()].map(({ editedByOther, versions }) => [
    editedByOther,
    versions.map(({ text, byAuthor }) => `${text} ${byAuthor ? 'own' : 'foreign'}`),
  ])
  expect(shown).toEqual([
    [false, ['a own']],
    [false, ['b own', 'b2 foreign', 'b3 own']],
    [true, ['c own', 'c2 foreign']],
  ])
})

test('what a pull request said when it was closed is told, whatever it says now', async () => {
  const { sandbox, facts, source, place, branch, commit, as } = await setUp()
  await branch('work')
  await commit('work', 'a.txt', 'a')
  const { json: pull } = await as('bob').post(`${WIDGETS}/pulls`, {
    title: 'P',
    head: 'work',
    base: 'main',
    body: 'Closes #1',
  })
  const seen = async () => {
    const issues = await source.issues(place, ALL)
    const ids = issues.unchanged
      ? []
      : issues.rows.filter(({ isPullRequest }) => isPullRequest).map(({ nodeId }) => nodeId)
    return facts.pulls(place, ids)
  }
  expect(await seen()).toMatchObject([
    { number: pull.number, state: 'open', branch: 'work', isOwn: true, text: 'Closes #1' },
  ])
  await as('bob').put(`${WIDGETS}/pulls/${pull.number}/merge`, {})
  // Whole seconds.
  const issue = sandbox.state.issues.find(({ number }) => number === pull.number)
  sandbox.state.issues.update(issue?.id ?? 0, { closedAt: (issue?.closedAt ?? 0) - 5000 })
  await as('bob').patch(`${WIDGETS}/pulls/${pull.number}`, { body: 'Closes #1, closes #9' })
  expect(await seen()).toMatchObject([{ state: 'merged' }])
  expect((await seen())[0]?.text).not.toContain('#9')
})

test('who reopened, renamed or labelled an issue last is told', async () => {
  const { facts, place, as } = await setUp()
  const issue = `${WIDGETS}/issues/1`
  expect(await facts.lastActor(place, 1, { event: 'reopened' })).toBeNull()
  await as('alice').patch(issue, { state: 'closed' })
  await as('bob').patch(issue, { state: 'open', title: 'B' })
  await as('bob').post(`${issue}/labels`, { labels: ['Muster'] })
  await as('alice').post(`${issue}/labels`, { labels: ['other'] })
  expect(await facts.lastActor(place, 1, { event: 'reopened' })).toMatchObject({ login: 'bob', isBot: false })
  expect(await facts.lastActor(place, 1, { event: 'renamed' })).toMatchObject({ login: 'bob' })
  expect(await facts.lastActor(place, 1, { event: 'labeled', label: 'muster' })).toMatchObject({ login: 'bob' })
})
