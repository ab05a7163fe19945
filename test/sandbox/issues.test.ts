import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  as = createClient(sandbox)
})
afterEach(() => sandbox.close())

const WIDGETS = '/repos/acme/widgets'
const open = async (title = 'A task', token: 'alice' | 'dave' = 'alice', extra: object = {}) =>
  (await as(token).post(`${WIDGETS}/issues`, { title, ...extra })).json

describe('issues', () => {
  it('get numbers in order and a whole GitHub shape', async () => {
    const first = await open('One', 'alice', { body: 'text', labels: ['bug'], assignees: ['bob'] })
    const second = await open('Two')
    expect([first.number, second.number]).toEqual([1, 2])
    expect(first).toMatchObject({ state: 'open', user: { login: 'alice' }, labels: [{ name: 'bug', color: 'ededed' }] })
    expect(first).toMatchObject({ assignees: [{ login: 'bob' }], author_association: 'MEMBER' })
  })

  it('lose labels and assignees silently when a reader opens them', async () => {
    expect(await open('Three', 'dave', { labels: ['bug'], assignees: ['bob'] })).toMatchObject({
      labels: [],
      assignees: [],
    })
  })

  it('close with a reason and reopen', async () => {
    await open()
    const closed = await as('bob').patch(`${WIDGETS}/issues/1`, { state: 'closed', state_reason: 'not_planned' })
    expect(closed.json).toMatchObject({ state: 'closed', state_reason: 'not_planned', closed_by: { login: 'bob' } })
    const opened = await as('bob').patch(`${WIDGETS}/issues/1`, { state: 'open' })
    expect(opened.json).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null, closed_by: null })
  })

  it('let triage close but not rewrite, and a reader neither', async () => {
    await open()
    expect((await as('carol').patch(`${WIDGETS}/issues/1`, { body: 'mine' })).status).toBe(403)
    expect((await as('carol').patch(`${WIDGETS}/issues/1`, { state: 'closed' })).status).toBe(200)
    expect((await as('dave').patch(`${WIDGETS}/issues/1`, { state: 'open' })).status).toBe(403)
  })

  it('list by state, label and whole-second since, with Link headers', async () => {
    for (const title of ['a', 'b', 'c']) await open(title)
    await as('alice').patch(`${WIDGETS}/issues/2`, { state: 'closed', labels: ['done'] })
    const listed = await as('alice').get(`${WIDGETS}/issues?per_page=1&direction=asc`)
    expect(listed.json.map((one: { title: string }) => one.title)).toEqual(['a'])
    expect(listed.headers.get('link')).toContain('rel="next"')
    const closed = await as('alice').get(`${WIDGETS}/issues?state=closed&labels=done`)
    expect(closed.json).toHaveLength(1)
  })

  it('take no comments of readers while locked', async () => {
    await open()
    expect((await as('carol').put(`${WIDGETS}/issues/1/lock`, { lock_reason: 'resolved' })).status).toBe(204)
    expect((await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'hi' })).status).toBe(403)
    expect((await as('bob').post(`${WIDGETS}/issues/1/comments`, { body: 'hi' })).status).toBe(201)
  })
})

describe('comments', () => {
  it('are kept as written, edited by their author or a writer, and deleted', async () => {
    await open()
    const made = await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'one\r\ntwo' })
    const path = `${WIDGETS}/issues/comments/${made.json.id}`
    expect((await as('carol').patch(path, { body: 'x' })).status).toBe(403)
    expect((await as('bob').patch(path, { body: 'x' })).json).toMatchObject({ body: 'x', user: { login: 'dave' } })
    expect((await as('dave').delete(path)).status).toBe(204)
    expect((await as('dave').get(path)).status).toBe(404)
  })

  it('hold 65,536 characters and not one more', async () => {
    await open()
    const at = `${WIDGETS}/issues/1/comments`
    expect((await as('dave').post(at, { body: '€'.repeat(65_536) })).status).toBe(201)
    const refused = await as('dave').post(at, { body: 'x'.repeat(65_537) })
    expect(refused.status).toBe(422)
    expect(refused.json.errors[0].message).toBe('Body is too long (maximum is 65536 characters)')
  })

  it('say which App wrote them', async () => {
    await open()
    const made = await as('muster').post(`${WIDGETS}/issues/1/comments`, { body: 'hello' })
    expect(made.json).toMatchObject({
      user: { login: 'muster[bot]', type: 'Bot' },
      performed_via_github_app: { id: 201 },
    })
  })

  it('are listed for the whole repository, newest change first', async () => {
    await open()
    await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'first' })
    await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'second' })
    const all = await as('muster').get(`${WIDGETS}/issues/comments?sort=updated&since=2020-01-01T00:00:00Z`)
    expect(all.json.map((one: { body: string }) => one.body)).toEqual(['second', 'first'])
  })

  it('are pinned one at a time', async () => {
    await open()
    const ids = []
    for (const body of ['a', 'b']) ids.push((await as('dave').post(`${WIDGETS}/issues/1/comments`, { body })).json.id)
    for (const id of ids) expect((await as('muster').put(`${WIDGETS}/issues/comments/${id}/pin`)).status).toBe(200)
    expect((await as('muster').get(`${WIDGETS}/issues/1`)).json.pinned_comment.body).toBe('b')
    expect((await as('muster').get(`${WIDGETS}/issues/comments/${ids[0]}`)).json.pin).toBeNull()
  })
})

describe('labels', () => {
  it('are made by naming them, by writers only, and removed one by one', async () => {
    await open()
    const at = `${WIDGETS}/issues/1/labels`
    expect((await as('carol').post(at, { labels: ['new'] })).status).toBe(403)
    expect((await as('bob').post(at, { labels: ['new'] })).json).toMatchObject([{ name: 'new' }])
    expect((await as('bob').post(at, { labels: ['New', 'other'] })).json).toHaveLength(2)
    expect((await as('carol').delete(`${at}/new`)).json).toMatchObject([{ name: 'other' }])
    expect((await as('carol').delete(`${at}/new`)).status).toBe(404)
    expect((await as('dave').post(at, { labels: ['new'] })).status).toBe(403)
  })

  it('are unique without case and at most fifty characters', async () => {
    const at = `${WIDGETS}/labels`
    expect((await as('muster').post(at, { name: 'status/ready', color: '00ff00' })).status).toBe(201)
    const twice = await as('muster').post(at, { name: 'Status/Ready', color: '00ff00' })
    expect(twice.status).toBe(422)
    expect(twice.json.errors).toEqual([{ resource: 'Label', code: 'already_exists', field: 'name' }])
    expect((await as('muster').post(at, { name: 'x'.repeat(51) })).status).toBe(422)
    expect((await as('muster').get(`${at}/status%2Fready`)).json.color).toBe('00ff00')
    expect((await as('muster').patch(`${at}/status%2Fready`, { new_name: 'status/go' })).json.name).toBe('status/go')
  })

  it('stop at a hundred on one issue', async () => {
    await open()
    const names = Array.from({ length: 100 }, (_, i) => `l${i}`)
    expect((await as('bob').put(`${WIDGETS}/issues/1/labels`, { labels: names })).status).toBe(200)
    expect((await as('bob').post(`${WIDGETS}/issues/1/labels`, { labels: ['more'] })).status).toBe(422)
  })
})

it('counts one reaction of each kind per account', async () => {
  await open()
  const { id } = (await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: '/claim' })).json
  const at = `${WIDGETS}/issues/comments/${id}/reactions`
  const first = await as('muster').post(at, { content: 'eyes' })
  expect(first.status).toBe(201)
  expect((await as('muster').post(at, { content: 'eyes' })).status).toBe(200)
  await as('bob').post(at, { content: 'eyes' })
  expect((await as('dave').get(`${WIDGETS}/issues/comments/${id}`)).json.reactions).toMatchObject({
    total_count: 2,
    eyes: 2,
  })
  expect((await as('bob').delete(`${at}/${first.json.id}`)).status).toBe(403)
  expect((await as('muster').delete(`${at}/${first.json.id}`)).status).toBe(204)
})
