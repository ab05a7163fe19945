import { describe, expect, it } from 'vitest'

import { startSandbox, WIDGETS } from '../start-sandbox.ts'

const GIT = `${WIDGETS}/git`

describe('references', () => {
  it('are made, moved forwards, forced and deleted, each with its events', async () => {
    const { as, branch, commit, names, events } = await startSandbox()
    const base = await branch('topic')
    const tip = await commit('topic', 'a.txt', 'a')
    const bob = as('bob')
    expect((await bob.post(`${GIT}/refs`, { ref: 'refs/heads/topic', sha: base })).json.message).toBe(
      'Reference already exists',
    )
    expect((await bob.post(`${GIT}/refs`, { ref: 'topic', sha: base })).status).toBe(422)
    expect((await bob.post(`${GIT}/refs`, { ref: 'refs/heads/x', sha: 'f'.repeat(40) })).json.message).toBe(
      'Object does not exist',
    )
    const back = { sha: base }
    expect((await bob.patch(`${GIT}/refs/heads/topic`, back)).json.message).toBe('Update is not a fast forward')
    expect((await bob.patch(`${GIT}/refs/heads/topic`, { ...back, force: true })).json.object.sha).toBe(base)
    expect((await bob.patch(`${GIT}/refs/heads/topic`, { sha: tip })).status).toBe(200)
    expect((await bob.patch(`${GIT}/refs/heads/none`, { sha: tip })).json.message).toBe('Reference does not exist')
    expect((await bob.get(`${GIT}/matching-refs/heads/to`)).json).toMatchObject([{ ref: 'refs/heads/topic' }])
    expect((await bob.delete(`${GIT}/refs/heads/main`)).status).toBe(422)
    expect((await bob.delete(`${GIT}/refs/heads/topic`)).status).toBe(204)
    expect((await bob.get(`${GIT}/ref/heads/topic`)).status).toBe(404)
    expect((await bob.get(`${WIDGETS}/branches/topic`)).status).toBe(404)
    expect(names().filter((name) => !name.startsWith('check_suite'))).toEqual([
      'push',
      'create',
      'push',
      'push',
      'push',
      'push',
      'delete',
    ])
    const forced = events.filter((one) => one.event === 'push').map(({ payload }) => payload['forced'])
    expect(forced).toEqual([false, false, true, false, false])
  })

  it('of any name that git takes have addresses that can be asked', async () => {
    const started = await startSandbox()
    const odd = 'muster/<b>&"ü%#'
    const encoded = odd.split('/').map(encodeURIComponent).join('/')
    await started.branch(odd)
    const bob = started.as('bob')
    const file = { message: 'x', content: 'eA==', branch: odd }
    const { json: made } = await bob.put(`${WIDGETS}/contents/${encodeURIComponent('a#b?.txt')}`, file)
    const { json: ref } = await bob.get(`${GIT}/ref/heads/${encoded}`)
    expect(ref).toMatchObject({ ref: `refs/heads/${odd}`, object: { sha: made.commit.sha } })
    const { json: branch } = await bob.get(`${WIDGETS}/branches/${encoded}`)
    const pull = { title: 'x', head: odd, base: 'main' }
    const { json: opened } = await bob.post(`${WIDGETS}/pulls`, pull)
    for (const url of [branch._links.self, made.content.url, opened.url, opened.commits_url]) {
      expect(url).toMatch(/^[\w:/.?=&%#-]+$/)
      expect((await fetch(url, { headers: { authorization: `Bearer ${started.sandbox.tokens.bob}` } })).status).toBe(
        200,
      )
    }
    expect(ref.url).toBe(`${started.sandbox.url}${GIT}/refs/heads/${encoded}`)
    expect(opened.head.ref).toBe(odd)
    expect((await bob.delete(`${GIT}/refs/heads/${encoded}`)).status).toBe(204)
  })

  it('are for writers only', async () => {
    const { as } = await startSandbox()
    const { json } = await as('dave').get(`${GIT}/ref/heads/main`)
    const body = { ref: 'refs/heads/mine', sha: json.object.sha }
    expect((await as('dave').post(`${GIT}/refs`, body)).status).toBe(403)
    expect((await as('muster').post(`${GIT}/refs`, body)).json.message).toBe('Resource not accessible by integration')
    expect((await as('claude').post(`${GIT}/refs`, body)).status).toBe(201)
  })
})

describe('the git database', () => {
  it('builds a commit from blobs and trees', async () => {
    const { as } = await startSandbox()
    const claude = as('claude')
    const { json: main } = await claude.get(`${GIT}/ref/heads/main`)
    const { json: head } = await claude.get(`${GIT}/commits/${main.object.sha}`)
    const { json: blob } = await claude.post(`${GIT}/blobs`, { content: 'aGk=', encoding: 'base64' })
    const { json: tree } = await claude.post(`${GIT}/trees`, {
      base_tree: head.tree.sha,
      tree: [
        { path: 'src/hi.txt', mode: '100644', type: 'blob', sha: blob.sha },
        { path: 'run.sh', mode: '100755', type: 'blob', content: 'true\n' },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      ],
    })
    const { json: commit } = await claude.post(`${GIT}/commits`, {
      message: 'Built by hand',
      tree: tree.sha,
      parents: [head.sha],
    })
    expect(commit).toMatchObject({
      message: 'Built by hand',
      parents: [{ sha: head.sha }],
      author: { name: 'claude[bot]' },
    })
    const { json: found } = await claude.get(`${GIT}/trees/${commit.sha}?recursive=1`)
    const paths = found.tree.map(({ path, mode }: { path: string; mode: string }) => `${mode} ${path}`)
    expect(paths).toEqual([
      '040000 .github',
      '100644 .github/muster.yml',
      '040000 .github/workflows',
      '100644 .github/workflows/ci.yml',
      '100755 run.sh',
      '040000 src',
      '100644 src/hi.txt',
    ])
    expect((await claude.get(`${GIT}/blobs/${blob.sha}`)).json).toMatchObject({ content: 'aGk=', size: 2 })
    expect((await claude.post(`${GIT}/commits`, { message: 'x', tree: blob.sha })).json.message).toBe(
      'Tree SHA does not exist',
    )
    const bad = await claude.post(`${GIT}/trees`, { tree: [{ path: '../up', mode: '100644', content: 'x' }] })
    expect(bad.status).toBe(422)
  })
})

describe('contents', () => {
  it('shows files and folders at a ref, raw on request', async () => {
    const { as, branch, commit } = await startSandbox()
    await branch('topic')
    await commit('topic', 'docs/a b.md', '# Hello\n')
    const { json: file } = await as('bob').get(`${WIDGETS}/contents/docs/a%20b.md?ref=topic`)
    expect(file).toMatchObject({ type: 'file', name: 'a b.md', path: 'docs/a b.md', size: 8, encoding: 'base64' })
    expect(Buffer.from(file.content, 'base64').toString()).toBe('# Hello\n')
    const { json: folder } = await as('bob').get(`${WIDGETS}/contents/docs?ref=topic`)
    expect(folder).toMatchObject([{ type: 'file', path: 'docs/a b.md' }])
    expect((await as('bob').get(`${WIDGETS}/contents/docs`)).status).toBe(404)
    expect((await as('mallory').get('/repos/acme/secret/contents/README.md')).status).toBe(404)
    const { json: config } = await as('muster').get(`${WIDGETS}/contents/.github/muster.yml`)
    expect(Buffer.from(config.content, 'base64').toString()).toBe('key: DEV\n')
  })

  it('shows a configuration as a pull request would have it, and as the default branch has it', async () => {
    const { as, branch, commit } = await startSandbox()
    const at = '.github/muster.yml'
    await branch('config')
    const sha = await commit('config', at, 'key: OPS\n')
    const { number } = (await as('bob').post(`${WIDGETS}/pulls`, { title: 'x', head: 'config', base: 'main' })).json
    const read = async (ref: string) => {
      const { json } = await as('muster').get(`${WIDGETS}/contents/${at}${ref}`)
      return Buffer.from(json.content, 'base64').toString()
    }
    expect(await read('')).toBe('key: DEV\n')
    for (const ref of [sha, 'config', `refs/pull/${number}/head`]) expect(await read(`?ref=${ref}`)).toBe('key: OPS\n')
    expect((await as('muster').get(`${WIDGETS}/pulls/${number}/files`)).json).toMatchObject([
      { filename: at, status: 'modified' },
    ])
    const query = `{ repository(owner: "acme", name: "widgets") { object(expression: "${sha}:${at}") { ... on Blob { text } } } }`
    const { json } = await as('muster').post('/graphql', { query })
    expect(json.data.repository.object.text).toBe('key: OPS\n')
  })

  it('writes only over what the caller saw', async () => {
    const { as, branch } = await startSandbox()
    await branch('topic')
    const at = `${WIDGETS}/contents/README.md`
    const { json: seen } = await as('bob').get(`${at}?ref=topic`)
    const body = { message: 'Change', content: 'eA==', branch: 'topic' }
    expect((await as('bob').put(at, body)).status).toBe(422)
    expect((await as('bob').put(at, { ...body, sha: 'f'.repeat(40) })).status).toBe(409)
    expect((await as('bob').put(at, { ...body, sha: seen.sha })).status).toBe(200)
    expect((await as('bob').put(at, { ...body, sha: seen.sha })).status).toBe(409)
    expect((await as('bob').put(`${WIDGETS}/contents/new.txt`, body)).status).toBe(201)
    const { json: now } = await as('bob').get(`${at}?ref=topic`)
    expect((await as('bob').delete(at, { message: 'Gone', sha: now.sha, branch: 'topic' })).json.content).toBeNull()
    expect((await as('bob').get(`${at}?ref=topic`)).status).toBe(404)
    expect((await as('dave').put(`${WIDGETS}/contents/b.txt`, body)).status).toBe(403)
  })
})

describe('commits', () => {
  it('are listed, shown with their files, compared', async () => {
    const { as, branch, commit } = await startSandbox()
    const base = await branch('topic')
    const one = await commit('topic', 'a.txt', 'a\n')
    const two = await commit('topic', 'a.txt', 'b\n')
    const main = await commit('main', 'c.txt', 'c\n')
    const shas = (json: readonly { sha: string }[]) => json.map(({ sha }) => sha)
    expect(shas((await as('bob').get(`${WIDGETS}/commits?sha=topic`)).json)).toEqual([two, one, base])
    expect(shas((await as('bob').get(`${WIDGETS}/commits?sha=topic&path=a.txt`)).json)).toEqual([two, one])
    const { json: shown } = await as('bob').get(`${WIDGETS}/commits/${two}`)
    expect(shown).toMatchObject({
      stats: { additions: 1, deletions: 1, total: 2 },
      files: [{ filename: 'a.txt', status: 'modified', patch: '@@ -1 +1 @@\n-a\n+b' }],
      author: { login: 'bob' },
    })
    const { json: compared } = await as('bob').get(`${WIDGETS}/compare/main...topic`)
    expect(compared).toMatchObject({ status: 'diverged', ahead_by: 2, behind_by: 1, base_commit: { sha: main } })
    expect(compared.merge_base_commit.sha).toBe(base)
    expect(shas(compared.commits)).toEqual([one, two])
    const states = [`${base}...${base}`, `${base}...topic`, `topic...${base}`]
    const found = []
    for (const range of states) found.push((await as('bob').get(`${WIDGETS}/compare/${range}`)).json.status)
    expect(found).toEqual(['identical', 'ahead', 'behind'])
    expect((await as('bob').get(`${WIDGETS}/compare/main...none`)).status).toBe(404)
    expect((await as('bob').get(`${WIDGETS}/commits/${'f'.repeat(40)}`)).json.message).toBe(
      `No commit found for SHA: ${'f'.repeat(40)}`,
    )
  })
})
