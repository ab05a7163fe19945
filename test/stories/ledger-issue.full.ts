/** People close, unlock, rewrite, move and delete the ledger issue: it is put right or made anew, put on record, and nobody is fought with. */
import { afterEach, expect, it } from 'vitest'
import { LEDGER_DEBOUNCE_MS } from '../../app/engine/effects.ts'
import { ledgerBody } from '../../app/outbound/github/ledger/ledger-issue.ts'
import type { Issue } from '../../app/sandbox/model/issue.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'
/** Within it, also the ledger has had its turn. */
const TURN_MS = LEDGER_DEBOUNCE_MS + 2000

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const start = async () => {
  const p = (open = await play({ friendly: true, keys: SEED_KEYS }))
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const turn = async (): Promise<void> => {
    await p.quiet()
    p.pass(TURN_MS)
    await p.quiet()
  }
  await turn()
  await turn()
  const project = async () => (await p.app.store.projections.projects())[0] ?? expect.fail()
  const ledgerNow = async (): Promise<Issue> => {
    const { ledgerIssue } = await project()
    const all = p.sandbox.state.issues.all()
    return all.find((one) => one.number === ledgerIssue && one.repositoryId === 401) ?? expect.fail()
  }
  const ledger = await ledgerNow()
  return {
    p,
    issue,
    turn,
    ledger,
    ledgerNow,
    pages: async () => {
      const { id } = await ledgerNow()
      return p.sandbox.state.comments.all().filter((comment) => comment.issueId === id)
    },
    findings: async (): Promise<readonly string[]> =>
      (await p.app.store.log.read('project/401'))
        .filter(({ type }) => type === 'project-tampering-found')
        .map(({ data }) => (data as { detail: string }).detail),
    at: `${REPO}/issues/${ledger.number}`,
  }
}

const nodeId = async (p: Play, path: string): Promise<string> =>
  ((await p.as('alice').get(path)).json as { node_id: string }).node_id

it('is opened, locked and given its text again', async () => {
  const { p, turn, ledger, ledgerNow, findings, at } = await start()
  expect(ledger).toMatchObject({ state: 'open', locked: true, pinned: true })
  await p.as('alice').patch(at, { state: 'closed', title: 'Not needed', body: 'Who made this?' })
  await p.as('alice').delete(`${at}/lock`)
  await turn()
  const { title, body, state, locked } = await ledgerNow()
  expect({ title, body, state, locked }).toEqual({
    title: ledger.title,
    body: ledger.body,
    state: 'open',
    locked: true,
  })
  const { number } = ledger
  const said = [
    `the ledger issue ${number} was closed; that is put right`,
    `the ledger issue ${number} was given another text; that is put right`,
    `the ledger issue ${number} was unlocked; that is put right`,
  ]
  expect(await findings()).toEqual(said)
  await turn()
  await turn()
  expect(await findings()).toEqual(said)
  expect(p.sandbox.log.unsupported).toEqual([])
})

it('is left closed when somebody closes it again and again, and is kept all the same', async () => {
  const { p, issue, turn, ledgerNow, pages, findings, at } = await start()
  for (let n = 0; n < 5; n += 1) {
    await p.as('alice').patch(at, { state: 'closed' })
    await turn()
  }
  expect((await ledgerNow()).state).toBe('closed')
  expect(await findings()).toHaveLength(4)
  expect((await findings()).at(-1)).toContain('was closed a fourth time within an hour; it is left so')
  const before = (await pages()).map(({ body }) => body)
  await p.say('alice', issue, '/note still kept')
  await turn()
  await turn()
  expect((await pages()).map(({ body }) => body)).not.toEqual(before)
})

it('is made anew with all it held when it was moved to another repository, and the old one is no ledger there', async () => {
  const { p, ledger, ledgerNow, turn, pages, findings, at } = await start()
  const before = (await pages()).map(({ body }) => body.split('<!--')[0])
  const { json } = await p.as('alice').post('/graphql', {
    query: 'mutation M($i: TransferIssueInput!) { transferIssue(input: $i) { issue { number } } }',
    variables: { i: { issueId: await nodeId(p, at), repositoryId: await nodeId(p, '/repos/acme/.github') } },
  })
  expect(json).toMatchObject({ data: { transferIssue: { issue: { number: expect.any(Number) } } } })
  await turn()
  await turn()
  const made = await ledgerNow()
  expect(made).toMatchObject({ repositoryId: 401, state: 'open', locked: true, title: ledger.title })
  expect(made.number).not.toBe(ledger.number)
  expect((await pages()).map(({ body }) => body.split('<!--')[0])).toEqual(before)
  expect(await findings()).toEqual([
    `the ledger issue ${ledger.number} is gone: deleted, or moved to another repository; issue ${made.number} is the ledger now`,
  ])

  // The other repository gets a task, and a ledger of its own.
  const there = (await p.as('alice').post('/repos/acme/.github/issues', { title: 'There' })).json as { number: number }
  await p.as('alice').post(`/repos/acme/.github/issues/${there.number}/comments`, { body: '/task' })
  await p.quiet()
  await turn()
  await turn()
  const projects = await p.app.store.projections.projects()
  const other = projects.find(({ repository }) => repository === 'acme/.github')
  const moved = p.sandbox.state.issues.all().find((one) => one.title === ledger.title && one.repositoryId !== 401)
  expect(other?.ledgerIssue).not.toBe(moved?.number)
  expect(other?.ledgerIssue).toEqual(expect.any(Number))
})

it('is made anew when it was deleted and nobody heard of it', async () => {
  const { p, issue, ledger, ledgerNow, turn, findings } = await start()
  const { state } = p.sandbox
  for (const comment of state.comments.where((one) => one.issueId === ledger.id)) state.comments.delete(comment.id)
  state.issues.delete(ledger.id)
  await p.say('alice', issue, '/note something to keep')
  for (let n = 0; n < 4; n += 1) await turn()
  const made = await ledgerNow()
  expect(made.number).toBeGreaterThan(ledger.number)
  expect(made).toMatchObject({ state: 'open', locked: true })
  expect(await findings()).toEqual([expect.stringContaining(`the ledger issue ${ledger.number} is gone`)])
})

it('that was made twice stands on the first issue, and the other one is closed with a line', async () => {
  const p = (open = await play({ friendly: true, keys: SEED_KEYS }))
  const made = await p.as('muster').post(`${REPO}/issues`, { title: 'Muster ledger', body: 'not shown yet' })
  const first = (made.json as { number: number }).number
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task')
  const turn = async (): Promise<void> => {
    await p.quiet()
    p.pass(TURN_MS)
    await p.quiet()
  }
  await turn()
  await turn()
  const project = async () => (await p.app.store.projections.projects())[0] ?? expect.fail()
  const second = (await project()).ledgerIssue ?? 0
  expect(second).toBeGreaterThan(first)
  await p.as('muster').patch(`${REPO}/issues/${first}`, { body: ledgerBody(401) })
  // Somebody touches the ledger, and Muster looks.
  await p.as('alice').delete(`${REPO}/issues/${second}/lock`)
  await turn()
  await turn()
  expect(await project()).toMatchObject({ ledgerIssue: first })
  const issueOf = async (number: number) => (await p.as('alice').get(`${REPO}/issues/${number}`)).json as object
  expect(await issueOf(first)).toMatchObject({ state: 'open', locked: true })
  expect(await issueOf(second)).toMatchObject({ state: 'closed' })
  const on = async (number: number) =>
    ((await p.as('alice').get(`${REPO}/issues/${number}/comments`)).json as { body: string }[]).map(({ body }) => body)
  expect((await on(first)).filter((body) => body.includes('<!-- muster:ledger '))).toHaveLength(2)
  expect(await on(second)).toContainEqual(`Made twice by mistake: the ledger is #${first}.`)
  const found = (await p.app.store.log.read('project/401')).filter(({ type }) => type === 'project-tampering-found')
  expect(found.map(({ data }) => (data as { detail: string }).detail)).toContainEqual(
    `the ledger was made twice: issue ${first}, the first one, is the ledger now, and issue ${second} is closed`,
  )
  expect(p.sandbox.log.unsupported).toEqual([])
})
