import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AREAS } from '../../app/sandbox/areas.ts'
import { ALLOWED } from '../../app/sandbox/description/allowed.ts'
import { describedOperation } from '../../app/sandbox/description/github-description.ts'
import { violationsOfAnswer, violationsOfPayload } from '../../app/sandbox/description/check-answer.ts'
import type { OperationId } from '../../app/sandbox/http/description-types.ts'
import { ANYONE, defineRoute } from '../../app/sandbox/http/route.ts'
import { renderLabel } from '../../app/sandbox/render/label.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient, createSpeaker } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

const routes = AREAS.flatMap((area) => area.routes ?? [])

describe('the route table', () => {
  it.each(routes.map((route) => [route.operationId, route] as const))(
    'has %s at the method and path that GitHub describes',
    (operationId: OperationId, route) => {
      const described = describedOperation(operationId)
      expect({ method: route.method, path: route.path }).toEqual({ method: described?.method, path: described?.path })
    },
  )

  it('names each operation once', () => {
    const names = routes.map((route) => route.operationId)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it.each(routes.filter((route) => route.takes).map((route) => [route.operationId, route] as const))(
    'honours only parameters that GitHub gives %s',
    (operationId: OperationId, route) => {
      const described = describedOperation(operationId)
      const known = new Set(Object.keys({ ...described?.query, ...described?.body?.properties }))
      expect(route.takes?.filter((name) => !known.has(name))).toEqual([])
    },
  )
})

describe('an answer that departs from the description', () => {
  let sandbox: Sandbox
  afterEach(() => sandbox.close())

  it.each([
    ['a field of the wrong type', { color: 5 }, 'issues/get-label 200 /color must be string'],
    ['a missing field', { name: undefined }, "issues/get-label 200  must have required property 'name'"],
  ])('is found: %s', async (_what, broken, violation) => {
    const route = defineRoute('issues/get-label', {
      method: 'GET',
      path: '/repos/{owner}/{repo}/labels/{name}',
      who: ANYONE,
      permission: null,
      handle: (c) => {
        const label = { id: 1, repositoryId: c.repo.id, name: 'x', color: 'ffffff', description: null }
        return { status: 200, body: { ...renderLabel(c.world, c.repo, label), ...(broken as object) } }
      },
    })
    const base = AREAS.find((area) => area.name === 'repositories')
    sandbox = await createSandbox({
      friendly: true,
      keys: SEED_KEYS,
      areas: [
        { name: 'broken', routes: [route] },
        { name: 'base', graphql: base?.graphql ?? [] },
      ],
    })
    await createSpeaker(sandbox.url, null).get('/repos/acme/widgets/labels/x')
    expect(sandbox.log.violations).toEqual([violation])
  })
})

describe('a payload that departs from the description', () => {
  it('is found', () => {
    expect(violationsOfPayload('label', 'created', { action: 'created', label: {} }).length).toBeGreaterThan(3)
    expect(violationsOfPayload('teapot', 'poured', {})).toEqual([
      'webhook-teapot-poured is not a payload that GitHub describes',
    ])
  })

  it('and so is a status that GitHub does not describe', () => {
    expect(violationsOfAnswer('issues/get-label', 299, {})).toEqual([
      'issues/get-label answers 299, which GitHub does not describe',
    ])
  })
})

it('states a reason for every allowed departure', () => {
  for (const one of ALLOWED) expect(one.why.length).toBeGreaterThan(30)
})

describe('a request', () => {
  let sandbox: Sandbox
  let as: ReturnType<typeof createClient>
  const AT = '/repos/acme/widgets/issues'
  beforeEach(async () => {
    sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
    as = createClient(sandbox)
  })
  afterEach(() => sandbox.close())

  it.each([
    [{}, 'title', '"title" wasn\'t supplied.'],
    [{ title: 'x', body: 5 }, 'body', "For 'properties/body', 5 is not a string."],
  ])('with a bad body is 422 and names the field: %j', async (body, field, message) => {
    const refused = await as('alice').post(AT, body)
    expect(refused.status).toBe(422)
    expect(refused.json.message).toBe(`Invalid request.\n\n${message}`)
    expect(refused.json.errors).toMatchObject([{ field, code: 'invalid' }])
  })

  it('with a value that GitHub does not list is 422', async () => {
    await as('alice').post(AT, { title: 'x' })
    expect((await as('alice').patch(`${AT}/1`, { state: 'half-open' })).status).toBe(422)
    expect((await as('alice').post(`${AT}/1/reactions`, { content: 'tea' })).status).toBe(422)
  })

  it('may carry what is the caller’s own', async () => {
    const dispatch = { event_type: 'x', client_payload: { any: { thing: 1 } } }
    expect((await as('bob').post('/repos/acme/widgets/dispatches', dispatch)).status).toBe(204)
    expect(sandbox.log.unsupported).toEqual([])
  })

  it('with a version of the API that GitHub does not have is 400', async () => {
    expect((await as('alice').get(AT, { 'x-github-api-version': '1999-12-31' })).status).toBe(400)
    expect((await as('alice').get(AT, { 'x-github-api-version': '2022-11-28' })).status).toBe(200)
  })

  it('with JSON that cannot be read is 400', async () => {
    const answer = await fetch(`${sandbox.url}${AT}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.tokens.alice}` },
      body: '{"title": ',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ message: 'Problems parsing JSON' })
  })

  it.each([
    [
      'a parameter that the sandbox does not honour',
      () => as('alice').get(`${AT}?mentioned=bob`),
      `GET ${ISSUES} with "mentioned"`,
    ],
    ['a parameter that GitHub does not know', () => as('alice').get(`${AT}?teapot=1`), `GET ${ISSUES} with "teapot"`],
    [
      'a field that the sandbox does not honour',
      () => as('alice').post(AT, { title: 'x', type: 'Bug' }),
      `POST ${ISSUES} with "type"`,
    ],
    [
      'a field that GitHub does not know',
      () => as('alice').post(AT, { title: 'x', colour: 'red' }),
      `POST ${ISSUES} with "colour"`,
    ],
    [
      'an unknown field deep inside',
      () => as('alice').post(AT, { title: 'x', labels: ['a', { name: 'b', shade: 'dark' }] }),
      `POST ${ISSUES} with "labels/1/shade"`,
    ],
    [
      'an unknown field where the description has alternatives',
      () => as('muster').patch('/repos/acme/widgets/check-runs/1', { status: 'queued', head_sha: 'x' }),
      'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id} with "head_sha"',
    ],
    [
      'an unknown field inside such a one',
      () => as('muster').patch('/repos/acme/widgets/check-runs/1', { output: { summary: 's', teapot: 1 } }),
      'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id} with "output/teapot"',
    ],
    [
      'a parameter on a write',
      () => as('alice').post(`${AT}?dry_run=1`, { title: 'x' }),
      `POST ${ISSUES} with "dry_run"`,
    ],
    [
      'a body where GitHub describes none',
      () => as('alice').delete(`${AT}/1/lock`, { reason: 'spam' }),
      `DELETE ${ISSUES}/{issue_number}/lock with "reason"`,
    ],
    [
      'a described field below the first level that is not honoured',
      () => as('muster').post('/repos/acme/widgets/check-runs', { name: 'x', head_sha: 'x', output: { ...OUTPUT } }),
      'POST /repos/{owner}/{repo}/check-runs with "output/images"',
    ],
    [
      'a media type that would need another answer',
      () => as('alice').get(AT, { accept: 'application/vnd.github.full+json' }),
      `GET ${ISSUES} with media type application/vnd.github.full+json`,
    ],
    [
      'a version of the API that GitHub has and the sandbox has not',
      () => as('alice').get(AT, { 'x-github-api-version': '2026-03-10' }),
      `GET ${ISSUES} with API version 2026-03-10`,
    ],
  ])('with %s is 501 and remembered, never ignored', async (_what, send, unsupported) => {
    expect((await send()).status).toBe(501)
    expect(sandbox.log.unsupported).toEqual([unsupported])
  })
})

const ISSUES = '/repos/{owner}/{repo}/issues'
const OUTPUT = { title: 't', summary: 's', images: [{ alt: 'a', image_url: 'https://example.com/a.png' }] }
