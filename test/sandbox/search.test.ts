import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../../app/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { parseQuery } from '../../app/sandbox/search/parse-query.ts'
import { createClient, type Who } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let clock: ManualClock
let as: ReturnType<typeof createClient>
const AT = '/repos/acme/widgets/issues'
beforeEach(async () => {
  clock = createManualClock()
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS, clock })
  as = createClient(sandbox)
  await as('bob').post(AT, { title: 'Broken wheel', labels: ['bug', 'help wanted'] })
  clock.advance(86_400_000)
  // The App's token of yesterday is no good any more.
  as = createClient(sandbox)
  await as('carol').post(AT, { title: 'Square wheel', body: 'It is square.', labels: ['bug'], assignees: ['bob'] })
  await as('muster').post(AT, { title: 'By the App' })
  await as('bob').patch(`${AT}/3`, { state: 'closed' })
  await as('alice').post('/repos/acme/secret/issues', { title: 'Hidden wheel' })
})
afterEach(() => sandbox.close())

const search = (who: Who, q: string, more = '') => as(who).get(`/search/issues?q=${encodeURIComponent(q)}${more}`)
const titles = async (who: Who, q: string) => {
  const { json } = await search(who, q)
  return json.items.map((one: { title: string }) => one.title) as string[]
}

describe('a search finds', () => {
  it.each<[string, string[]]>([
    ['is:issue repo:acme/widgets', ['Broken wheel', 'Square wheel', 'By the App']],
    ['is:issue repo:acme/widgets is:open', ['Broken wheel', 'Square wheel']],
    ['is:issue repo:acme/widgets state:closed', ['By the App']],
    ['is:issue repo:acme/widgets label:"help wanted" label:bug', ['Broken wheel']],
    ['is:issue repo:acme/widgets label:"help wanted",bug', ['Broken wheel', 'Square wheel']],
    ['is:issue repo:acme/widgets -label:bug', ['By the App']],
    ['is:issue repo:acme/widgets no:assignee is:open', ['Broken wheel']],
    ['is:issue repo:acme/widgets assignee:bob', ['Square wheel']],
    ['is:issue org:acme author:app/muster', ['By the App']],
    ['is:issue org:acme "is square"', ['Square wheel']],
    ['is:issue repo:acme/widgets updated:<2026-11-22', ['Broken wheel']],
    ['is:issue repo:acme/widgets updated:>=2026-11-22T09:00:00Z is:open', ['Square wheel']],
    ['is:issue repo:acme/widgets created:2026-11-21..2026-11-21', ['Broken wheel']],
    ['is:pr repo:acme/widgets', []],
  ])('%s', async (query, found) => {
    expect(await titles('bob', query)).toEqual(found)
  })

  it('only what the caller may see', async () => {
    expect(await titles('alice', 'is:issue wheel')).toEqual(['Broken wheel', 'Square wheel', 'Hidden wheel'])
    expect(await titles('mallory', 'is:issue wheel')).toEqual(['Broken wheel', 'Square wheel'])
    expect((await search('mallory', 'is:issue repo:acme/secret')).status).toBe(422)
  })

  it('in pages, sorted when asked to', async () => {
    const { json, headers } = await search(
      'bob',
      'is:issue repo:acme/widgets',
      '&sort=created&order=asc&per_page=1&page=2',
    )
    expect(json).toMatchObject({
      total_count: 3,
      incomplete_results: false,
      items: [{ title: 'Square wheel', score: 1 }],
    })
    expect(headers.get('link')).toContain('rel="next"')
  })
})

describe('a search', () => {
  it('must say whether it means issues or pull requests', async () => {
    const refused = await search('muster', 'repo:acme/widgets')
    expect([refused.status, refused.json.message]).toEqual([422, "Query must include 'is:issue' or 'is:pull-request'"])
  })

  it('for what the sandbox cannot tell is 501 and remembered', async () => {
    expect((await search('bob', 'is:issue language:go')).status).toBe(501)
    expect((await search('bob', 'is:issue is:queued')).status).toBe(501)
    expect(sandbox.log.unsupported).toEqual([
      'GET /search/issues with "language:"',
      'GET /search/issues with "is:queued"',
    ])
  })

  it('has thirty requests a minute of its own', async () => {
    sandbox.switches.enforceLimits = true
    const statuses: number[] = []
    for (let i = 0; i < 31; i++) statuses.push((await search('muster', 'is:issue wheel')).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(30)
    expect(statuses.at(-1)).toBe(403)
    expect((await as('muster').get('/rate_limit')).json.resources).toMatchObject({
      search: { limit: 30, remaining: 0 },
      core: { used: 1 },
    })
    clock.advance(60_000)
    expect((await search('muster', 'is:issue wheel')).headers.get('x-ratelimit-resource')).toBe('search')
  })

  it.each([0, 60_000])('may lag behind lists by %i ms', async (searchLagMs) => {
    sandbox.switches.searchLagMs = searchLagMs
    clock.advance(100_000)
    await as('bob').post(AT, { title: 'Fresh' })
    clock.advance(1)
    const found: number[] = []
    for (let i = 0; i < 8; i++) found.push((await titles('bob', 'is:issue Fresh')).length)
    expect(found.includes(0)).toBe(searchLagMs > 0)
    expect((await as('bob').get(AT)).json[0].title).toBe('Fresh')
    clock.advance(searchLagMs)
    expect(await titles('bob', 'is:issue Fresh')).toEqual(['Fresh'])
  })
})

it('a query is read into words, phrases and qualifiers', () => {
  expect(parseQuery('wheel "two words" -label:"a b",c is:issue')).toEqual([
    { qualifier: null, values: ['wheel'], negated: false },
    { qualifier: null, values: ['two words'], negated: false },
    { qualifier: 'label', values: ['a b', 'c'], negated: true },
    { qualifier: 'is', values: ['issue'], negated: false },
  ])
})
