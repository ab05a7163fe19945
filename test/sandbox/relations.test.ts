import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../../app/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { transferIssue } from '../../app/sandbox/changes/transfer-issue.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
const AT = '/repos/acme/widgets/issues'
const ids: number[] = []
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  as = createClient(sandbox)
  ids.length = 0
  for (const title of ['parent', 'child', 'other']) ids.push((await as('bob').post(AT, { title })).json.id)
})
afterEach(() => sandbox.close())

describe('sub-issues', () => {
  it('hang below one parent, which counts them', async () => {
    expect((await as('muster').post(`${AT}/1/sub_issues`, { sub_issue_id: ids[1] })).status).toBe(201)
    const parent = (await as('muster').get(`${AT}/1`)).json
    expect(parent.sub_issues_summary).toEqual({ total: 1, completed: 0, percent_completed: 0 })
    expect((await as('muster').get(`${AT}/2/parent`)).json.number).toBe(1)
    expect((await as('muster').post(`${AT}/3/sub_issues`, { sub_issue_id: ids[1] })).status).toBe(422)
    expect((await as('muster').post(`${AT}/2/sub_issues`, { sub_issue_id: ids[0] })).status).toBe(422)
    expect((await as('muster').delete(`${AT}/1/sub_issue`, { sub_issue_id: ids[1] })).status).toBe(200)
    expect((await as('muster').get(`${AT}/2/parent`)).status).toBe(404)
  })
})

describe('dependencies', () => {
  it('name the other issue by its database id, not its number', async () => {
    expect((await as('muster').post(`${AT}/1/dependencies/blocked_by`, { issue_id: 2 })).status).toBe(404)
    expect((await as('muster').post(`${AT}/1/dependencies/blocked_by`, { issue_id: ids[1] })).status).toBe(201)
    expect((await as('muster').get(`${AT}/1/dependencies/blocked_by`)).json).toMatchObject([{ number: 2 }])
    expect((await as('muster').get(`${AT}/2/dependencies/blocking`)).json).toMatchObject([{ number: 1 }])
    expect((await as('muster').delete(`${AT}/1/dependencies/blocked_by/${ids[1]}`)).status).toBe(200)
    expect((await as('muster').delete(`${AT}/1/dependencies/blocked_by/${ids[1]}`)).status).toBe(404)
  })

  it.each([3, 50])('stop at %i for one issue when the switch says so', async (most) => {
    sandbox.switches.maxDependencies = most
    const extra: number[] = []
    for (let i = 0; i < most + 1; i++) extra.push((await as('bob').post(AT, { title: `b${i}` })).json.id)
    const statuses = []
    for (const id of extra)
      statuses.push((await as('muster').post(`${AT}/1/dependencies/blocked_by`, { issue_id: id })).status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(most)
    expect(statuses.at(-1)).toBe(422)
  })
})

describe('who drew an edge', () => {
  const QUERY = `query($id: ID!) {
    node(id: $id) {
      ... on Issue {
        parent { number } blockedBy(first: 5) { nodes { number } }
        timelineItems(last: 9, itemTypes: [PARENT_ISSUE_ADDED_EVENT, BLOCKED_BY_ADDED_EVENT, BLOCKED_BY_REMOVED_EVENT]) {
          totalCount
          nodes {
            __typename
            ... on ParentIssueAddedEvent { id actor { login } parent { number } }
            ... on BlockedByAddedEvent { id actor { login } blockingIssue { number } }
            ... on BlockedByRemovedEvent { id actor { login } blockingIssue { number } }
          }
        }
      }
    }
  }`

  it('is told by the timeline, with an id of its own for each time', async () => {
    await as('bob').post(`${AT}/1/sub_issues`, { sub_issue_id: ids[1] })
    await as('carol').post(`${AT}/2/dependencies/blocked_by`, { issue_id: ids[2] })
    await as('muster').delete(`${AT}/2/dependencies/blocked_by/${ids[2]}`)
    const id = (await as('bob').get(`${AT}/2`)).json.node_id
    const { data } = (await as('muster').post('/graphql', { query: QUERY, variables: { id } })).json
    const { parent, blockedBy, timelineItems } = data.node
    expect([parent, blockedBy.nodes]).toEqual([{ number: 1 }, []])
    expect(timelineItems.totalCount).toBe(3)
    expect(timelineItems.nodes).toMatchObject([
      { __typename: 'ParentIssueAddedEvent', actor: { login: 'bob' }, parent: { number: 1 } },
      { __typename: 'BlockedByAddedEvent', actor: { login: 'carol' }, blockingIssue: { number: 3 } },
      { __typename: 'BlockedByRemovedEvent', actor: { login: 'muster' }, blockingIssue: { number: 3 } },
    ])
    expect(new Set((timelineItems.nodes as { id: string }[]).map((node) => node.id)).size).toBe(3)
  })

  it('may be shown late, like the edge itself', async () => {
    await sandbox.close()
    const clock = createManualClock()
    sandbox = await createSandbox({ keys: SEED_KEYS, clock, switches: { staleListShare: 1, staleListMs: 3000 } })
    as = createClient(sandbox)
    const [one, two] = [
      (await as('bob').post(AT, { title: 'a' })).json,
      (await as('bob').post(AT, { title: 'b' })).json,
    ]
    clock.advance(60_000)
    await as('bob').post(`${AT}/1/dependencies/blocked_by`, { issue_id: two.id })
    clock.advance(1000)
    const id = one.node_id
    const seen = []
    for (let look = 0; look < 20; look += 1) {
      const { data } = (await as('muster').post('/graphql', { query: QUERY, variables: { id } })).json
      seen.push(data.node.blockedBy.nodes.length)
    }
    expect(new Set(seen)).toEqual(new Set([0, 1]))
  })
})

describe('a transferred issue', () => {
  const move = () => {
    const { state, seed, world } = sandbox
    const issue = state.issues.get(ids[0] ?? 0)
    if (!issue) throw new Error('no issue')
    return transferIssue(
      { world, caller: { kind: 'user', userId: seed.people.alice.id, agent: false } },
      issue,
      seed.repositories.secret,
    )
  }

  it('answers 301 at its old place and has a new id and number', async () => {
    const moved = move()
    expect(moved.id).not.toBe(ids[0])
    const old = await as('alice').get(`${AT}/1`)
    expect(old.status).toBe(301)
    expect(old.headers.get('location')).toBe(`${sandbox.url}/repos/acme/secret/issues/1`)
    expect((await as('alice').get('/repos/acme/secret/issues/1')).json.title).toBe('parent')
  })

  it.each([true, false])('takes its comments along, ids kept: %s', async (keeps) => {
    sandbox.switches.transferKeepsCommentIds = keeps
    const { id } = (await as('dave').post(`${AT}/1/comments`, { body: 'stays' })).json
    move()
    const there = (await as('alice').get('/repos/acme/secret/issues/1/comments')).json
    expect(there).toMatchObject([{ body: 'stays' }])
    expect(there[0].id === id).toBe(keeps)
  })
})

it('keeps a timeline of events and comments in order', async () => {
  await as('bob').post(`${AT}/1/labels`, { labels: ['x'] })
  await as('dave').post(`${AT}/1/comments`, { body: 'hello' })
  await as('bob').patch(`${AT}/1`, { title: 'renamed', state: 'closed' })
  const timeline = (await as('dave').get(`${AT}/1/timeline`)).json
  expect(timeline.map((one: { event: string }) => one.event)).toEqual(['labeled', 'commented', 'renamed', 'closed'])
})
