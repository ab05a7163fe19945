import { afterEach, beforeEach, expect, it } from 'vitest'
import { AREAS } from '../../app/sandbox/areas.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createAppJwt } from './app-jwt.ts'
import { createClient, createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

/** The areas whose every route is called here; pull requests, git and Actions have tests of their own. */
const TOURED = new Set(['app', 'repositories', 'issues', 'issue relations'])

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
})
afterEach(() => sandbox.close())

it('answers on every route of accounts, Apps, repositories and issues as GitHub describes it', async () => {
  const as = createClient(sandbox)
  const app = createSpeaker(sandbox.url, createAppJwt(SEED_KEYS.muster.privateKey, 201, Date.now()))
  const bob = as('bob')
  const R = '/repos/acme/widgets'
  const ok = async (reply: Promise<{ status: number; json: unknown }>) => {
    const { status, json } = await reply
    expect({ status, json: status < 300 ? undefined : json }).toMatchObject({
      status: expect.toSatisfy((n) => n < 300),
    })
    return json as { id: number; number: number } & Record<string, never>
  }

  await ok(bob.post(`${R}/milestones`, { title: 'm', due_on: '2026-12-01T00:00:00Z', description: 'd' }))
  const one = await ok(
    bob.post(`${R}/issues`, { title: 'one', body: 'b', labels: ['x'], assignees: ['bob'], milestone: 1 }),
  )
  const two = await ok(bob.post(`${R}/issues`, { title: 'two' }))
  const comment = await ok(bob.post(`${R}/issues/1/comments`, { body: 'c' }))
  const C = `${R}/issues/comments/${comment.id}`
  const onComment = await ok(bob.post(`${C}/reactions`, { content: '+1' }))
  const onIssue = await ok(bob.post(`${R}/issues/1/reactions`, { content: 'rocket' }))

  for (const path of [
    '/user',
    '/users/alice',
    '/users/acme',
    '/rate_limit',
    '/apps/muster',
    R,
    '/repos/acme/secret',
    `${R}/collaborators/alice/permission`,
    `${R}/assignees/carol`,
    `${R}/issues?state=all&sort=updated&direction=asc&creator=bob&assignee=*&milestone=1`,
    `${R}/issues/1`,
    `${R}/issues/1/comments?since=2020-01-01T00:00:00Z`,
    `${R}/issues/comments?sort=updated&direction=desc`,
    C,
    `${C}/reactions?content=%2B1`,
    `${R}/issues/1/reactions`,
    `${R}/labels?per_page=5`,
    `${R}/labels/x`,
    `${R}/issues/1/labels`,
    `${R}/milestones?state=all`,
    `${R}/milestones/1`,
  ])
    await ok(bob.get(path))

  for (const path of [
    '/app',
    '/app/installations',
    '/app/installations/301',
    '/app/hook/config',
    '/app/hook/deliveries',
    `${R}/installation`,
    '/orgs/acme/installation',
  ])
    await ok(app.get(path))
  await ok(as('muster').get('/installation/repositories'))

  await ok(
    bob.patch(`${R}/issues/1`, { title: 'uno', state: 'closed', state_reason: 'duplicate', labels: [], assignees: [] }),
  )
  await ok(bob.put(`${R}/issues/1/lock`))
  await ok(bob.delete(`${R}/issues/1/lock`))
  await ok(bob.post(`${R}/issues/1/assignees`, { assignees: ['dave'] }))
  await ok(bob.delete(`${R}/issues/1/assignees`, { assignees: ['dave'] }))
  await ok(bob.patch(C, { body: 'new' }))
  await ok(bob.put(`${C}/pin`))
  await ok(bob.delete(`${C}/pin`))
  await ok(bob.delete(`${C}/reactions/${onComment.id}`))
  await ok(bob.delete(`${R}/issues/1/reactions/${onIssue.id}`))
  await ok(bob.post(`${R}/labels`, { name: 'l', color: 'abcdef', description: 'd' }))
  await ok(bob.patch(`${R}/labels/l`, { color: '000000' }))
  await ok(bob.post(`${R}/issues/1/labels`, { labels: ['l', 'x'] }))
  await ok(bob.put(`${R}/issues/1/labels`, { labels: ['l', 'm'] }))
  await ok(bob.delete(`${R}/issues/1/labels/m`))
  await ok(bob.delete(`${R}/issues/1/labels`))
  await ok(bob.delete(`${R}/labels/l`))
  await ok(bob.post(`${R}/issues/1/sub_issues`, { sub_issue_id: two.id, replace_parent: false }))
  await ok(bob.get(`${R}/issues/1/sub_issues`))
  await ok(bob.get(`${R}/issues/2/parent`))
  await ok(bob.delete(`${R}/issues/1/sub_issue`, { sub_issue_id: two.id }))
  await ok(bob.post(`${R}/issues/2/dependencies/blocked_by`, { issue_id: one.id }))
  await ok(bob.get(`${R}/issues/2/dependencies/blocked_by`))
  await ok(bob.get(`${R}/issues/1/dependencies/blocking`))
  await ok(bob.delete(`${R}/issues/2/dependencies/blocked_by/${one.id}`))
  await ok(bob.get(`${R}/issues/1/timeline`))
  await ok(bob.get(`${R}/issues/1/events`))
  await ok(bob.delete(C))
  await ok(bob.post(`${R}/dispatches`, { event_type: 'go', client_payload: { a: 1 } }))
  await ok(app.patch('/app/hook/config', { url: 'http://127.0.0.1:9/', content_type: 'json' }))
  await ok(app.post('/app/installations/301/access_tokens', { repositories: ['widgets'] }))
  await sandbox.deliveries.idle()
  const [delivery] = (await app.get('/app/hook/deliveries?status=failure&per_page=1')).json
  await ok(app.get(`/app/hook/deliveries/${delivery.id}`))
  await ok(app.post(`/app/hook/deliveries/${delivery.id}/attempts`))

  const called = new Set(sandbox.log.entries.map((entry) => entry.route))
  const routes = AREAS.filter((area) => TOURED.has(area.name)).flatMap((area) => area.routes ?? [])
  expect(routes.length).toBeGreaterThan(50)
  expect(routes.map((route) => `${route.method} ${route.path}`).filter((route) => !called.has(route))).toEqual([])
  expect(sandbox.log.unsupported).toEqual([])
})
