import { describe, expect, it } from 'vitest'
import { createSpeaker } from './client.ts'
import { startSandbox, WIDGETS } from './start-sandbox.ts'

const ISSUES = `${WIDGETS}/issues`

describe('a repository', () => {
  it('that was renamed answers 301 at its old name, and writes are sent on with their method', async () => {
    const { sandbox, as, names, events } = await startSandbox()
    await as('bob').post(ISSUES, { title: 'Stays' })
    expect((await as('bob').patch(WIDGETS, { name: 'gears' })).status).toBe(403)
    expect((await as('alice').patch(WIDGETS, { name: 'gears' })).json.full_name).toBe('acme/gears')
    expect(names().at(-1)).toBe('repository.renamed')
    expect(events.at(-1)?.payload).toMatchObject({ changes: { repository: { name: { from: 'widgets' } } } })
    const old = await as('bob').get(`${ISSUES}?state=all`)
    expect([old.status, old.headers.get('location')]).toEqual([301, `${sandbox.url}/repositories/401/issues?state=all`])
    expect((await as('bob').get('/repositories/401/issues?state=all')).json[0].title).toBe('Stays')
    const sent = await as('bob').post(ISSUES, { title: 'New' })
    expect([sent.status, sent.headers.get('location')]).toEqual([307, `${sandbox.url}/repositories/401/issues`])
    // A client that follows redirects, as fetch does, does not notice.
    const followed = await fetch(`${sandbox.url}${ISSUES}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.tokens.bob}` },
      body: JSON.stringify({ title: 'Followed' }),
    })
    expect(followed.status).toBe(201)
  })

  it('is found by GraphQL under its old name, unless that is declined', async () => {
    const { as } = await startSandbox()
    await as('alice').patch(WIDGETS, { name: 'gears' })
    const ask = async (more: string) =>
      (await as('bob').post('/graphql', { query: `{ repository(owner: "acme", name: "widgets"${more}) { name } }` }))
        .json
    expect((await ask('')).data.repository.name).toBe('gears')
    expect((await ask(', followRenames: false')).errors[0].type).toBe('NOT_FOUND')
  })

  it('that is archived can be read and not changed, until it is taken out', async () => {
    const { as, names } = await startSandbox()
    await as('bob').post(ISSUES, { title: 'x' })
    expect((await as('alice').patch(WIDGETS, { archived: true })).json.archived).toBe(true)
    const refused = await as('muster').post(`${ISSUES}/1/comments`, { body: 'x' })
    expect([refused.status, refused.json.message]).toEqual([403, 'Repository was archived so is read-only.'])
    expect((await as('muster').get(`${ISSUES}/1`)).status).toBe(200)
    await as('alice').patch(WIDGETS, { archived: false })
    expect((await as('muster').post(`${ISSUES}/1/comments`, { body: 'x' })).status).toBe(201)
    expect(names().filter((name) => name.startsWith('repository'))).toEqual([
      'repository.archived',
      'repository.unarchived',
    ])
  })

  it('that goes to another owner is out of the App’s reach and its webhooks', async () => {
    const { sandbox, as } = await startSandbox()
    const sent = await as('alice').post(`${WIDGETS}/transfer`, { new_owner: 'alice' })
    expect([sent.status, sent.json.full_name]).toEqual([202, 'alice/widgets'])
    expect(sandbox.deliveries.list().map((one) => one.event)).toEqual([])
    expect((await as('muster').post('/repos/alice/widgets/issues', { title: 'x' })).status).toBe(403)
    expect((await as('alice').get(WIDGETS)).status).toBe(301)
  })
})

describe('roles', () => {
  it('can be given and taken, and a person without one sees nothing private', async () => {
    const { as } = await startSandbox()
    const at = '/repos/acme/secret/collaborators'
    expect((await as('alice').put(`${at}/mallory`, { permission: 'triage' })).status).toBe(204)
    expect((await as('muster').get(`${at}/mallory/permission`)).json).toMatchObject({
      permission: 'read',
      role_name: 'triage',
    })
    await as('alice').delete(`${at}/mallory`)
    expect((await as('mallory').get('/repos/acme/secret')).status).toBe(404)
  })

  it('may have the organisation’s own names', async () => {
    const { sandbox, as } = await startSandbox()
    sandbox.state.repositories.update(401, { customRoles: { 102: 'release captain' } })
    expect((await as('muster').get(`${WIDGETS}/collaborators/bob/permission`)).json).toMatchObject({
      permission: 'write',
      role_name: 'release captain',
    })
  })
})

describe('teams', () => {
  const MEMBERSHIP = '/orgs/acme/teams/reviewers/memberships'

  it('tell their members to members, and to an App that may read them', async () => {
    const { sandbox, as } = await startSandbox()
    expect((await as('dave').get(`${MEMBERSHIP}/alice`)).json).toMatchObject({ role: 'maintainer', state: 'active' })
    expect((await as('dave').get(`${MEMBERSHIP}/carol`)).status).toBe(404)
    expect((await as('mallory').get(`${MEMBERSHIP}/alice`)).status).toBe(404)
    const refused = await as('muster').get(`${MEMBERSHIP}/bob`)
    expect([refused.status, refused.headers.get('x-accepted-github-permissions')]).toEqual([403, 'members=read'])
    const { token } = sandbox.world.tokens.mintInstallation({
      appId: 201,
      installationId: 301,
      permissions: { members: 'read' },
      repositories: 'all',
    })
    const app = createSpeaker(sandbox.url, token)
    expect((await app.get(`${MEMBERSHIP}/bob`)).json.role).toBe('member')
    expect((await app.get('/orgs/acme/teams')).json).toMatchObject([{ slug: 'reviewers' }])
    const logins = (await app.get('/orgs/acme/teams/reviewers/members?role=maintainer')).json
    expect(logins).toMatchObject([{ login: 'alice' }])
    expect((await app.get('/orgs/acme/memberships/alice')).json.role).toBe('admin')
  })
})

it('custom properties are read by everybody and set by administrators', async () => {
  const { as } = await startSandbox()
  const at = `${WIDGETS}/properties/values`
  const properties = [{ property_name: 'team', value: 'wheels' }]
  expect((await as('bob').patch(at, { properties })).status).toBe(403)
  expect((await as('alice').patch(at, { properties })).status).toBe(204)
  expect((await as('muster').get(at)).json).toEqual(properties)
})

it('a deleted issue is gone: 410 at its place, its relations cut, and its App told', async () => {
  const { as, names } = await startSandbox()
  const ids: { id: number; node_id: string }[] = []
  for (const title of ['a', 'b']) ids.push((await as('bob').post(ISSUES, { title })).json)
  await as('bob').post(`${ISSUES}/2/dependencies/blocked_by`, { issue_id: ids[0]?.id })
  const query = 'mutation($i: ID!) { deleteIssue(input: {issueId: $i}) { repository { name } } }'
  const erase = async (who: 'bob' | 'alice') =>
    (await as(who).post('/graphql', { query, variables: { i: ids[0]?.node_id } })).json
  expect((await erase('bob')).errors[0].type).toBe('FORBIDDEN')
  expect((await erase('alice')).errors).toBeUndefined()
  expect(names().at(-1)).toBe('issues.deleted')
  expect((await as('muster').get(`${ISSUES}/1`)).status).toBe(410)
  expect((await as('muster').get(`${ISSUES}/2`)).json.issue_dependencies_summary.total_blocked_by).toBe(0)
})
