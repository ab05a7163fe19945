/** The whole way over HTTP: ledger and records written through the client to a sandbox, spoilt by people, and read back. */
import { expect, onTestFinished, test } from 'vitest'
import { fold } from '../../../../app/engine/fold.ts'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { createGitHubComments } from '../../../../app/outbound/github/github-comments.ts'
import { createGitHubLedgerIssues } from '../../../../app/outbound/github/github-ledger-issues.ts'
import { createLedgerKeeper } from '../../../../app/outbound/github/ledger/keep-ledger.ts'
import { createSetApartNotes } from '../../../../app/outbound/github/ledger/set-apart-notes.ts'
import type { RecordMark } from '../../../../app/outbound/github/ledger/marks-page.ts'
import type { IssuePlace } from '../../../../app/outbound/github/ports.ts'
import { encodeRecord } from '../../../../app/outbound/github/record/encode-record.ts'
import { createGitHubRestore } from '../../../../app/outbound/github/restore/restore-from-github.ts'
import { handleCommand, type AnyCommand, type Engine } from '../../../../app/engine/handle-command.ts'
import { projectStream, taskStream, type StreamId } from '../../../../app/domain/event/envelope.ts'
import { DEFAULT_SETTINGS } from '../../../../app/domain/settings.ts'
import { createSchemaJudge } from '../../../../app/outbound/json-schema/create-schema-judge.ts'
import { createSqliteStore } from '../../../../app/store/sqlite/create-sqlite-store.ts'
import { ALICE, sha256 } from '../../../domain/given.ts'
import { createClock, createIds } from '../../../engine/create-engine.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'
import { createSandbox } from '../../../../app/sandbox/sandbox.ts'
import { createSpeaker } from '../../../sandbox/client.ts'
import { KEYS } from '../record/given.ts'

const REPOSITORY = 'acme/widgets'
const WIDGETS = `/repos/${REPOSITORY}`
/** The seeded App listens to more events than GitHub's own list of them, which is older, allows in payloads. */
const KNOWN = 'performed_via_github_app/events'
const clock = { now: () => Date.now() }

const setUp = async () => {
  const sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  const as = (who: keyof typeof sandbox.tokens) => createSpeaker(sandbox.url, sandbox.tokens[who])
  onTestFinished(async () => {
    await sandbox.close()
    expect(sandbox.log.violations.filter((violation) => !violation.includes(KNOWN))).toEqual([])
  })
  const { muster, installations } = sandbox.seed
  const store = await createSqliteStore({ path: ':memory:', clock: createClock() })
  const github = createGitHub({
    appId: muster.id,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: sandbox.url,
    buckets: store.buckets,
    clock,
    log: { warn: () => {} },
  })
  const client = github.installation(installations.muster, 'result')
  const comments = createGitHubComments({ client, appId: muster.id, repository: REPOSITORY })
  const trustedApps: readonly [number] = [muster.id]
  const botLogin = 'muster[bot]'
  const issues = createGitHubLedgerIssues({ client, trustedApps, botLogin })
  const restoreInto = async (log: typeof store.log) => {
    const sleep = () => Promise.reject(new Error('nothing here should have to wait'))
    const restorer = createGitHubRestore({ github, log, fold, keys: KEYS, trustedApps, botLogin, clock, sleep })
    const found = await restorer.find(REPOSITORY)
    return restorer.restore(found, 'all')
  }
  return { sandbox, as, store, github, comments, issues, trustedApps, restoreInto }
}

const play = async ({ as, store, comments, issues, trustedApps }: Awaited<ReturnType<typeof setUp>>) => {
  const engine: Engine = {
    store,
    ids: createIds(),
    sha256,
    settingsOf: () => Promise.resolve(DEFAULT_SETTINGS),
    schemas: createSchemaJudge(),
  }
  let asked = 0
  const ask = (stream: StreamId, command: AnyCommand) =>
    handleCommand(engine, { stream, command, actor: ALICE, cause: `test:${(asked += 1)}` })
  const { json: repo } = await as('alice').get(WIDGETS)
  const project = projectStream(repo.id)
  await ask(project, {
    type: 'open-project',
    repositoryId: repo.id,
    repositoryNodeId: repo.node_id,
    repository: REPOSITORY,
    installationId: 301,
    prefix: 'DEV',
  })
  const places: { readonly stream: StreamId; readonly issue: IssuePlace; readonly mark: RecordMark }[] = []
  for (const title of ['One --> two', 'Three @everyone']) {
    const { json } = await as('alice').post(`${WIDGETS}/issues`, { title })
    const issue = { nodeId: json.node_id, id: json.id, number: json.number, repositoryId: repo.id }
    const stream = taskStream(repo.id, json.number)
    await ask(stream, {
      type: 'create-task',
      project,
      key: `DEV-${json.number}`,
      number: json.number,
      title,
      priority: 'p2',
    })
    await ask(stream, { type: 'add-note', text: 'a note' })
    const { state } = await store.log.load(stream)
    const { body, rev, head } = encodeRecord(
      {
        stream,
        origin: { repositoryId: repo.id, issueId: issue.id, issueNumber: issue.number },
        epoch: 1,
        state: state ?? '',
        base: null,
        events: await store.log.read(stream),
        card: '### card',
      },
      { keys: KEYS, fold },
    )
    const [written] = await comments.write(issue, [{ kind: 'create', body }])
    if (written?.outcome !== 'done' || written.place === null) throw new Error('not written')
    places.push({ stream, issue, mark: { stream, number: issue.number, comment: written.place, rev, head } })
  }
  const keeper = createLedgerKeeper({
    issues,
    reader: comments,
    writer: comments,
    documents: store.documents,
    keys: KEYS,
    fold,
    trustedApps,
    clock,
    elsewhere: () => Promise.resolve(new Set()),
    setApart: createSetApartNotes({ documents: store.documents, clock, onChange: async () => {} }),
  })
  const keep = async () => {
    const { version, head, state } = await store.log.load(project)
    const found = await store.projections.project(project)
    if (found === null) throw new Error('no project')
    const events = await store.log.read(project)
    const marks = places.map(({ mark }) => mark)
    return keeper.keep({ project: found, version, head, state: state ?? '', base: null, events, marks })
  }
  return { project, places, keeper, keep, kept: await keep() }
}

test('a ledger issue is made, locked and pinned, and everything comes back from it, in few requests', async () => {
  const world = await setUp()
  const { kept } = await play(world)
  expect(kept).toMatchObject({ outcome: 'kept', written: 2 })
  const { json: ledger } = await world.as('alice').get(`${WIDGETS}/issues/${kept.issue}`)
  expect(ledger).toMatchObject({
    title: 'Muster ledger',
    locked: true,
    labels: [],
    performed_via_github_app: { slug: 'muster' },
  })
  expect(world.sandbox.state.issues.get(ledger.id)?.pinned).toBe(true)

  const empty = await createSqliteStore({ path: ':memory:', clock: createClock() })
  const before = world.github.requests.total
  const report = await world.restoreInto(empty.log)
  expect(report.doubts).toEqual([])
  expect(await empty.projections.dump()).toBe(await world.store.projections.dump())
  expect(world.github.requests.total - before).toBeLessThanOrEqual(7)
})

test('edits by people, in CRLF or wholesale, do not get in the way', async () => {
  const world = await setUp()
  const { places, kept } = await play(world)
  const [first, second] = places
  const { json: comment } = await world.as('alice').get(`${WIDGETS}/issues/comments/${first?.mark.comment.id}`)
  await world.as('alice').patch(`${WIDGETS}/issues/comments/${first?.mark.comment.id}`, {
    body: comment.body.replaceAll('\n', '\r\n'),
  })
  await world.as('bob').patch(`${WIDGETS}/issues/comments/${second?.mark.comment.id}`, { body: 'oops' })
  const { json: pages } = await world.as('alice').get(`${WIDGETS}/issues/${kept.issue}/comments`)
  await world.as('bob').patch(`${WIDGETS}/issues/comments/${pages[0].id}`, { body: 'oops' })
  const empty = await createSqliteStore({ path: ':memory:', clock: createClock() })
  expect((await world.restoreInto(empty.log)).doubts).toEqual([])
  expect(await empty.projections.dump()).toBe(await world.store.projections.dump())
})

test('copies by people and by another App are told by who wrote them; a deleted record is missed', async () => {
  const world = await setUp()
  const { places } = await play(world)
  const [first, second] = places
  const { json: comment } = await world.as('alice').get(`${WIDGETS}/issues/comments/${first?.mark.comment.id}`)
  const { json: target } = await world.as('alice').post(`${WIDGETS}/issues`, { title: 'Elsewhere' })
  await world.as('bob').post(`${WIDGETS}/issues/${target.number}/comments`, { body: comment.body })
  await world.as('alice').delete(`${WIDGETS}/issues/comments/${second?.mark.comment.id}`)
  const empty = await createSqliteStore({ path: ':memory:', clock: createClock() })
  const report = await world.restoreInto(empty.log)
  expect(report.doubts.map(({ issue, problem }) => [issue, problem])).toEqual([[second?.issue.number, 'missing']])
  expect(report.notes.map(({ issue }) => issue)).toEqual([target.number])
  expect(report.streams.map(({ stream }) => stream)).toEqual([report.project, first?.stream])
})

test('an edited or deleted page of the ledger is put right in its place', async () => {
  const world = await setUp()
  const { project, keeper, keep, kept } = await play(world)
  const read = async () => (await world.as('alice').get(`${WIDGETS}/issues/${kept.issue}/comments`)).json
  const before = await read()
  await world.as('bob').patch(`${WIDGETS}/issues/comments/${before[0].id}`, { body: 'oops' })
  await world.as('bob').delete(`${WIDGETS}/issues/comments/${before[1].id}`)
  await keeper.lookAgain(project)
  expect(await keep()).toMatchObject({ outcome: 'kept', written: 2 })
  const after = await read()
  expect(after.map(({ body }: { body: string }) => body)).toEqual(before.map(({ body }: { body: string }) => body))
  expect(after[0].id).toBe(before[0].id)
})
