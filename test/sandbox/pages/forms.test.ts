import { describe, expect, test } from 'vitest'
import { startSandbox, WIDGETS } from '../start-sandbox.ts'
import { furnish } from './furnish.ts'
import { createVisitor, decode } from './visitor.ts'

const ISSUE = '/acme/widgets/issues/1'
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert('x')</script>`

async function startWith(person: string) {
  const started = await startSandbox()
  await started.as('bob').post(`${WIDGETS}/issues`, { title: 'One', body: 'First' })
  const visitor = createVisitor(started.sandbox)
  await visitor.login(person)
  return { ...started, visitor }
}

describe('what a person does in the browser', () => {
  test('a comment arrives with CRLF, is counted as a person’s, and tells the App', async () => {
    const { sandbox, visitor, as, events } = await startWith('alice')
    sandbox.switches.browserCrlf = true
    sandbox.log.clear()
    const after = await visitor.submit(await visitor.get(ISSUE), `${ISSUE}/comment`, { body: '/claim\nplease' })
    const { json } = await as('bob').get(`${WIDGETS}/issues/1/comments`)
    expect(json[0]).toMatchObject({
      body: '/claim\r\nplease',
      user: { login: 'alice' },
      performed_via_github_app: null,
    })
    expect(after.path).toBe(`${ISSUE}#issuecomment-${json[0].id}`)
    expect(after.html).toContain('/claim<br>\nplease')
    expect(events.at(-1)).toMatchObject({ event: 'issue_comment', action: 'created' })
    const person = sandbox.log.counts().by_route['person']
    expect(person?.['POST /repos/{owner}/{repo}/issues/{issue_number}/comments']).toBe(1)
    sandbox.switches.browserCrlf = false
    await visitor.submit(after, `${ISSUE}/comment`, { body: 'a\r\nb' })
    expect((await as('bob').get(`${WIDGETS}/issues/1/comments`)).json[1].body).toBe('a\nb')
  })

  test('writes an issue, edits it, labels it, reacts, closes it with a comment, reopens it', async () => {
    const { visitor, as } = await startWith('alice')
    let page = await visitor.submit(await visitor.get('/acme/widgets/issues/new'), '/acme/widgets/issues', {
      title: 'Two',
    })
    expect(page.path).toBe('/acme/widgets/issues/2')
    page = await visitor.submit(page, '/acme/widgets/issues/2/edit', { title: 'Second' })
    page = await visitor.submit(page, '/acme/widgets/issues/2/labels', { label: 'priority/p0' })
    page = await visitor.submit(page, '/acme/widgets/issues/2/react', { content: 'heart' })
    page = await visitor.submit(page, '/acme/widgets/issues/2/comment', { body: 'Done', after: 'close' })
    const { json: closed } = await as('bob').get(`${WIDGETS}/issues/2`)
    expect(closed).toMatchObject({ title: 'Second', state: 'closed', comments: 1, reactions: { heart: 1 } })
    expect(closed.labels[0].name).toBe('priority/p0')
    page = await visitor.submit(page, '/acme/widgets/issues/2/unlabel')
    page = await visitor.submit(page, '/acme/widgets/issues/2/comment', { body: '', after: 'reopen' })
    expect((await as('bob').get(`${WIDGETS}/issues/2`)).json).toMatchObject({ state: 'open', labels: [], comments: 1 })
  })

  test('edits and deletes an own comment; the history shows both texts', async () => {
    const { visitor, as } = await startWith('dave')
    const { json } = await as('dave').post(`${WIDGETS}/issues/1/comments`, { body: 'frist' })
    const forms = `/acme/widgets/comments/${json.id}`
    const edited = await visitor.submit(await visitor.get(ISSUE), `${forms}/edit`, { body: 'first' })
    expect(edited.html).toMatch(/<pre>first<\/pre>[^]*<pre>frist<\/pre>/)
    await visitor.submit(edited, `${forms}/delete`)
    expect((await as('bob').get(`${WIDGETS}/issues/1/comments`)).json).toEqual([])
  })

  test('presses a button of a check run and Re-run: the App alone hears of it', async () => {
    const started = await startSandbox()
    const { runId } = await furnish(started)
    const visitor = createVisitor(started.sandbox)
    await visitor.login('bob')
    const page = await visitor.get(`/acme/widgets/runs/${runId}`)
    await visitor.submit(page, `/acme/widgets/runs/${runId}/action`, { identifier: 'retry' })
    await visitor.submit(page, `/acme/widgets/runs/${runId}/rerun`)
    await started.sandbox.deliveries.idle()
    const heard = started.sandbox.deliveries
      .list()
      .filter((one) => one.event === 'check_run')
      .map((one) => JSON.parse(one.body) as { action: string; requested_action?: object; sender: { login: string } })
    expect(heard.slice(-2)).toMatchObject([
      { action: 'requested_action', requested_action: { identifier: 'retry' }, sender: { login: 'bob' } },
      { action: 'rerequested', sender: { login: 'bob' } },
    ])
    const unknown = await visitor.submit(page, `/acme/widgets/runs/${runId}/action`, { identifier: 'format-disk' })
    expect(unknown.status).toBe(422)
  })

  test('merges a pull request', async () => {
    const started = await startSandbox()
    const { pull } = await furnish(started)
    const visitor = createVisitor(started.sandbox)
    await visitor.login('bob')
    const page = await visitor.submit(
      await visitor.get(`/acme/widgets/pull/${pull}`),
      `/acme/widgets/pull/${pull}/merge`,
      {
        method: 'merge',
      },
    )
    expect(page.html).toContain('Pull request successfully merged and closed')
    expect((await started.as('bob').get(`${WIDGETS}/issues/1`)).json.state).toBe('closed')
  })
})

describe('what is refused', () => {
  test('without the session’s form token, with another session’s, from another origin, as JSON', async () => {
    const { sandbox, visitor, as } = await startWith('alice')
    const page = await visitor.get(ISSUE)
    const token = /name="form_token" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    const other = createVisitor(sandbox)
    await other.login('bob')
    const attempts = [
      await visitor.post(`${ISSUE}/comment`, { body: 'no' }),
      await visitor.post(`${ISSUE}/comment`, { body: 'no', form_token: `${token}x` }),
      await other.post(`${ISSUE}/comment`, { body: 'no', form_token: token }),
      await visitor.post(`${ISSUE}/comment`, { body: 'no', form_token: token }, { origin: 'https://evil.example' }),
      await visitor.post(`${ISSUE}/comment`, { body: 'no', form_token: token }, { 'sec-fetch-site': 'cross-site' }),
      await visitor.post(`${ISSUE}/comment`, { body: 'no', form_token: token }, { 'content-type': 'text/plain' }),
      await createVisitor(sandbox).post('/login', { login: 'alice' }),
      await visitor.post('/logout', {}),
    ]
    expect(attempts.map((one) => one.status)).toEqual(attempts.map(() => 403))
    expect((await as('bob').get(`${WIDGETS}/issues/1/comments`)).json).toEqual([])
    // The same form with its own token is taken: the refusals above were not for another reason.
    expect((await visitor.post(`${ISSUE}/comment`, { body: 'yes', form_token: token })).status).toBe(200)
  })

  test('what the person may not do by the API, even with a form that the page does not offer', async () => {
    const started = await startSandbox()
    const { pull, runId, cardId } = await furnish(started)
    const dave = createVisitor(started.sandbox)
    await dave.login('dave')
    const page = await dave.get(ISSUE)
    const token = /name="form_token" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    expect(page.html).not.toMatch(/\/labels"|Close issue|\/delete"/)
    expect((await dave.get(`/acme/widgets/runs/${runId}`)).html).not.toMatch(/Retry|Re-run/)
    expect((await dave.get(`/acme/widgets/pull/${pull}`)).html).not.toContain('Merge pull request')
    const before = started.events.length
    const tries: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      [`${ISSUE}/labels`, { label: 'priority/p1' }],
      [`${ISSUE}/comment`, { body: '', after: 'close' }],
      [`${ISSUE}/edit`, { title: 'Mine' }],
      [`/acme/widgets/comments/${cardId}/edit`, { body: 'forged' }],
      [`/acme/widgets/comments/${cardId}/delete`, {}],
      [`/acme/widgets/runs/${runId}/action`, { identifier: 'retry' }],
      [`/acme/widgets/runs/${runId}/rerun`, {}],
      [`/acme/widgets/pull/${pull}/merge`, { method: 'merge' }],
    ]
    for (const [path, fields] of tries) {
      const seen = await dave.post(path, { ...fields, form_token: token })
      expect([path, seen.status]).toEqual([path, 403])
    }
    expect(started.events.length).toBe(before)
  })

  test('hidden repositories are 404 for forms, too, and nobody writes without a login', async () => {
    const { sandbox, visitor, as } = await startWith('mallory')
    await as('alice').post('/repos/acme/secret/issues', { title: 'Plans' })
    const token = /name="form_token" value="([^"]+)"/.exec((await visitor.get(ISSUE)).html)?.[1] ?? ''
    const seen = await visitor.post('/acme/secret/issues/1/comment', { body: 'no', form_token: token })
    expect(seen.status).toBe(404)
    const nobody = createVisitor(sandbox)
    const login = await nobody.get('/login')
    const early = /name="form_token" value="([^"]+)"/.exec(login.html)?.[1] ?? ''
    expect((await nobody.post(`${ISSUE}/comment`, { body: 'no', form_token: early })).status).toBe(401)
  })

  test('a refused text is given back, escaped', async () => {
    const { visitor, as } = await startWith('dave')
    const page = await visitor.get(ISSUE)
    await as('alice').put(`${WIDGETS}/issues/1/lock`, {})
    const seen = await visitor.submit(page, `${ISSUE}/comment`, { body: HOSTILE })
    expect(seen.status).toBe(403)
    expect(seen.html).not.toContain('<img')
    expect(decode(seen.html)).toContain(HOSTILE)
  })
})

describe('sessions', () => {
  test('the cookie is HttpOnly and SameSite=Strict, changes with the login, and dies with the logout', async () => {
    const { sandbox } = await startSandbox()
    const answer = await fetch(`${sandbox.url}/login`, { headers: { accept: 'text/html' } })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^sandbox_session_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const visitor = createVisitor(sandbox)
    await visitor.login('alice')
    const page = await visitor.get('/')
    expect(page.html).toContain('You are <strong>alice</strong>')
    expect((await visitor.submit(page, '/logout')).html).toContain('Nobody is logged in')
  })

  test('a login leads back into the sandbox and nowhere else', async () => {
    const { sandbox } = await startSandbox()
    for (const [next, path] of [
      ['/acme/widgets/issues', '/acme/widgets/issues'],
      ['https://evil.example/', '/'],
      ['//evil.example/', '/'],
      ['/\\evil.example/', '/'],
    ] as const) {
      const visitor = createVisitor(sandbox)
      const login = await visitor.get(`/login?next=${encodeURIComponent(next)}`)
      expect((await visitor.submit(login, '/login', { login: 'alice' })).path).toBe(path)
    }
  })
})

test('hostile words in every place stay words', async () => {
  const { as, sandbox } = await startSandbox()
  await as('bob').post(`${WIDGETS}/labels`, { name: HOSTILE.slice(0, 50), color: 'b60205', description: HOSTILE })
  await as('bob').post(`${WIDGETS}/issues`, { title: HOSTILE, body: HOSTILE, labels: [HOSTILE.slice(0, 50)] })
  await as('bob').post(`${WIDGETS}/issues/1/comments`, { body: HOSTILE })
  await as('bob').patch(`${WIDGETS}/issues/1`, { title: `${HOSTILE} 2` })
  const { json: ref } = await as('bob').get(`${WIDGETS}/git/ref/heads/main`)
  const { json: run } = await as('muster').post(`${WIDGETS}/check-runs`, {
    name: HOSTILE,
    head_sha: ref.object.sha,
    conclusion: 'failure',
    details_url: 'javascript:alert(1)',
    output: {
      title: HOSTILE,
      summary: HOSTILE,
      text: HOSTILE,
      annotations: [
        { path: HOSTILE, start_line: 1, end_line: 1, annotation_level: 'failure', message: HOSTILE, title: HOSTILE },
      ],
    },
    actions: [{ label: '"><b>x', description: '"><b>x', identifier: '"><b>x' }],
  })
  const visitor = createVisitor(sandbox)
  await visitor.login('alice')
  const paths = [
    '/acme/widgets/issues',
    ISSUE,
    `/acme/widgets/runs/${run.id}`,
    `/acme/widgets/commit/${ref.object.sha}`,
  ]
  for (const path of paths) {
    const { html, status } = await visitor.get(path)
    expect(status).toBe(200)
    expect(html).not.toMatch(/<img|onerror=alert\(1\)>|<script>|"><b>x|href="javascript/)
    expect(html.match(/<script[^>]*>/g)).toEqual([
      '<script src="/_pages/send-by-keys.js" defer>',
      '<script src="/_pages/refresh.js" defer>',
    ])
    expect(decode(html)).toContain("<script>alert('x')</script>")
  }
})
