import { describe, expect, test } from 'vitest'
import { jobsOf, runsOf } from '../../../app/sandbox/model/workflow.ts'
import { startSandbox, WIDGETS } from '../start-sandbox.ts'
import { furnish } from './furnish.ts'
import { createVisitor, decode } from './visitor.ts'

const text = (html: string): string => decode(html.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ')

describe('what the pages show', () => {
  test('a thread: the card, who wrote it, its history, labels, relations, events', async () => {
    const started = await startSandbox()
    const { cardId } = await furnish(started)
    const { html, status } = await createVisitor(started.sandbox).get('/acme/widgets/issues/1')
    const words = text(html)
    expect(status).toBe(200)
    expect(words).toContain('Slugs keep double spaces #1')
    expect(html).toContain(`id="issuecomment-${cardId}"`)
    expect(words).toMatch(/muster bot commented .{12,13} • edited Edited 1 time muster bot edited/)
    expect(html).toContain('class="label c-b60205"')
    expect(words).toContain('Sub-issues Write a test first #3')
    expect(words).toContain('Blocked by Agree on slugs #2')
    expect(words).toContain('added status/needs_human priority/p1 tier/simple')
    // Hidden in the rendered text; the history shows what was written, to whoever opens it.
    const [, card = ''] = html.split(`id="issuecomment-${cardId}"`)
    const [, shown = ''] = (card.split('</article>')[0] ?? '').split('<div class="markdown">')
    expect(shown).toContain('DEV-1: 🔴 Needs a person')
    expect(shown).not.toContain('muster:record')
    expect(html).toContain('<span class="reaction">🚀 1</span>')
  })

  test('a pull request with its checks, and the annotation under its line of the diff', async () => {
    const started = await startSandbox()
    const { pull, runId } = await furnish(started)
    const visitor = createVisitor(started.sandbox)
    const talk = await visitor.get(`/acme/widgets/pull/${pull}`)
    expect(text(talk.html)).toContain('Some checks were not successful')
    expect(talk.html).toContain(`href="/acme/widgets/runs/${runId}"`)
    const files = await visitor.get(`/acme/widgets/pull/${pull}/files`)
    expect(files.html).toMatch(/\+export const slug[^]*?<tr class="noted">[^]*?slug folds spaces/)
    const checks = await visitor.get(`/acme/widgets/pull/${pull}/checks`)
    expect(text(checks.html)).toContain("expected 'a--b' to be 'a-b'")
    // The other kind's address leads to the right one.
    expect((await visitor.get(`/acme/widgets/issues/${pull}`)).path).toBe(`/acme/widgets/pull/${pull}`)
  })

  test('a check run: title, summary, the code around its annotation; a commit; lists; files', async () => {
    const started = await startSandbox()
    const { runId, headSha } = await furnish(started)
    const visitor = createVisitor(started.sandbox)
    const run = await visitor.get(`/acme/widgets/runs/${runId}`)
    expect(text(run.html)).toContain('test_fail · $0.84')
    expect(run.html).toMatch(/<tr class="added marked" id="L10">/)
    expect(text(run.html)).toMatch(/9 export const line9 = 9 10 \+export const slug .* 11 export const line11/)
    const commit = await visitor.get(`/acme/widgets/commit/${headSha}`)
    expect(text(commit.html)).toMatch(/Change src\/slug.ts .* test_fail/)
    const list = await visitor.get('/acme/widgets/issues')
    expect(text(list.html)).toMatch(/3 Open 0 Closed .* Agree on slugs .* Slugs keep double spaces status\/needs_human/)
    expect(text((await visitor.get('/acme/widgets')).html)).toContain('Widgets for everyone')
    expect(text((await visitor.get('/acme/widgets/blob/main/src/slug.ts')).html)).toContain('export const line20 = 20')
    expect(text((await visitor.get('/')).html)).toContain('acme/widgets')
  })
})

describe('what stands elsewhere', () => {
  test('a workflow run with its jobs; the address of a job leads there', async () => {
    const started = await startSandbox()
    const { headSha } = await furnish(started)
    await started.idle()
    const [run] = runsOf(started.sandbox.state).where((one) => one.headSha === headSha)
    const [job] = jobsOf(started.sandbox.state).where((one) => one.runId === run?.id)
    const visitor = createVisitor(started.sandbox)
    expect(text((await visitor.get('/acme/widgets/actions')).html)).toContain('Fold spaces in slugs CI #1')
    const seen = await visitor.get(`/acme/widgets/actions/runs/${run?.id}/job/${job?.id}`)
    expect(seen.path).toBe(`/acme/widgets/actions/runs/${run?.id}#job-${job?.id}`)
    expect(seen.html).toContain(`<strong>${job?.name}</strong>`)
    expect((await visitor.get(`/acme/.github/actions/runs/${run?.id}`)).status).toBe(404)
  })

  test('a moved issue is found at its old address', async () => {
    const { sandbox, as } = await startSandbox()
    const { json: issue } = await as('alice').post(`${WIDGETS}/issues`, { title: 'Elsewhere' })
    const { json: target } = await as('alice').get('/repos/acme/.github')
    const { json } = await as('alice').post('/graphql', {
      query:
        'mutation($i: ID!, $r: ID!) { transferIssue(input: {issueId: $i, repositoryId: $r}) { issue { number } } }',
      variables: { i: issue.node_id, r: target.node_id },
    })
    expect(json.errors).toBeUndefined()
    const seen = await createVisitor(sandbox).get('/acme/widgets/issues/1')
    expect([seen.status, seen.path]).toEqual([200, '/acme/.github/issues/1'])
    expect(text(seen.html)).toContain('transferred this issue')
  })
})

describe('where the pages end and the API begins', () => {
  test('what asks for HTML or for anything gets pages, and the API keeps its own paths', async () => {
    const { sandbox } = await startSandbox()
    const visitor = createVisitor(sandbox)
    expect((await visitor.get('/acme/widgets')).headers.get('content-type')).toContain('text/html')
    expect((await visitor.get(WIDGETS)).headers.get('content-type')).toContain('application/json')
    const asking = async (accept: string) =>
      (await fetch(`${sandbox.url}/acme/widgets`, { headers: { accept } })).status
    expect([await asking('*/*'), await asking('application/vnd.github+json')]).toEqual([200, 501])
    // A person's mistyped address is no gap of the sandbox.
    sandbox.log.clear()
    expect((await visitor.get('/acme/widgets/wiki/Home')).status).toBe(404)
    expect((await visitor.get('/favicon.ico')).status).toBe(200)
    expect(sandbox.log.unsupported).toEqual([])
  })

  test('hidden repositories do not exist for those who may not see them', async () => {
    const { sandbox, as } = await startSandbox()
    await as('alice').post('/repos/acme/secret/issues', { title: 'Plans' })
    const paths = ['/acme/secret', '/acme/secret/issues', '/acme/secret/issues/1', '/acme/secret/commit/main']
    for (const [person, status] of [
      [null, 404],
      ['mallory', 404],
      ['dave', 200],
    ] as const) {
      const visitor = createVisitor(sandbox)
      if (person) await visitor.login(person)
      for (const path of paths) {
        const seen = await visitor.get(path)
        expect([person, path, seen.status]).toEqual([person, path, status])
        if (status === 404) expect(seen.html).not.toMatch(/Plans|Not for everyone/)
      }
      expect((await visitor.get('/')).html.includes('acme/secret')).toBe(status === 200)
    }
  })

  test('an issue that lies in a hidden repository is not shown as a relation', async () => {
    const { sandbox, as } = await startSandbox()
    const { json: hidden } = await as('alice').post('/repos/acme/secret/issues', { title: 'Plans' })
    await as('alice').post(`${WIDGETS}/issues`, { title: 'Open work' })
    await as('alice').post(`${WIDGETS}/issues/1/dependencies/blocked_by`, { issue_id: hidden.id })
    const mallory = createVisitor(sandbox)
    await mallory.login('mallory')
    expect((await mallory.get('/acme/widgets/issues/1')).html).not.toMatch(/Plans|secret/)
    const dave = createVisitor(sandbox)
    await dave.login('dave')
    expect((await dave.get('/acme/widgets/issues/1')).html).toContain('Plans')
  })

  test('every page forbids scripts and styles of others, and foreign hosts get none', async () => {
    const { sandbox } = await startSandbox()
    const { headers } = await createVisitor(sandbox).get('/')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'self'; script-src 'self'/)
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    const { status } = await rawGet(sandbox.url, '/', 'evil.example')
    expect(status).toBe(403)
  })

  test('looking for news: 304 while nothing happened, and no request is counted', async () => {
    const { sandbox, as } = await startSandbox()
    await as('alice').post(`${WIDGETS}/issues`, { title: 'One' })
    const first = await createVisitor(sandbox).get('/acme/widgets/issues/1')
    const version = first.headers.get('etag') ?? ''
    const look = () =>
      fetch(`${sandbox.url}/acme/widgets/issues/1`, {
        headers: { accept: 'text/html', 'x-refresh': '1', 'if-none-match': version },
      })
    sandbox.log.clear()
    expect((await look()).status).toBe(304)
    expect(sandbox.log.counts().total).toBe(0)
    await as('bob').post(`${WIDGETS}/issues/1/comments`, { body: 'news' })
    expect((await look()).status).toBe(200)
  })
})

/** fetch does not let a caller choose the Host header. */
async function rawGet(url: string, path: string, host: string): Promise<{ readonly status: number }> {
  const { request } = await import('node:http')
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { host, accept: 'text/html' } }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0 })
    })
      .on('error', reject)
      .end()
  })
}
