import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { createManualClock } from '../../../app/sandbox/clock.ts'
import { runsOf } from '../../../app/sandbox/model/workflow.ts'
import { gitClient } from '../git/git-client.ts'
import { createScratchFolder } from '../git/scratch-store.ts'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const PULLS = `${WIDGETS}/pulls`

/** A pull request of bob's from a branch with one new file. */
const openPull = async (started: Started, body = '', branch = 'topic') => {
  await started.branch(branch)
  const head = await started.commit(branch, `${branch}.txt`, 'a\n')
  const { json } = await started.as('bob').post(PULLS, { title: 'Add a file', head: branch, base: 'main', body })
  return { head, number: json.number as number, pull: json }
}

const pullEvents = (started: Started) =>
  started.events
    .filter((one) => one.event === 'pull_request')
    .map((one): Readonly<Record<string, unknown>> => one.payload)

describe('a pull request', () => {
  it('shares its number with issues and shows its branches and counts', async () => {
    const started = await startSandbox()
    await started.as('bob').post(`${WIDGETS}/issues`, { title: 'First' })
    const { pull, head, number } = await openPull(started)
    expect(number).toBe(2)
    expect(pull).toMatchObject({
      state: 'open',
      draft: false,
      merged: false,
      head: { ref: 'topic', sha: head, label: 'acme:topic', repo: { full_name: 'acme/widgets' } },
      base: { ref: 'main', label: 'acme:main' },
      user: { login: 'bob' },
      commits: 1,
      additions: 1,
      deletions: 0,
      changed_files: 1,
    })
    expect((await started.as('bob').get(`${WIDGETS}/issues/2`)).json.pull_request.url).toBe(pull.url)
    expect((await started.as('bob').get(`${PULLS}/2/files`)).json).toMatchObject([
      { filename: 'topic.txt', status: 'added' },
    ])
    expect((await started.as('bob').get(`${PULLS}/2/commits`)).json).toMatchObject([{ sha: head }])
    expect((await started.as('bob').get(`${WIDGETS}/commits/${head}/pulls`)).json).toMatchObject([{ number: 2 }])
    expect((await started.as('bob').get(`${PULLS}/1`)).status).toBe(404)
    const comment = await started.as('muster').post(`${WIDGETS}/issues/2/comments`, { body: 'On a pull request' })
    expect(comment.status).toBe(201)
    expect(pullEvents(started)).toMatchObject([{ action: 'opened', number: 2, pull_request: { head: { sha: head } } }])
  })

  it('cannot be opened from nothing, twice, or from a branch that is not there', async () => {
    const started = await startSandbox()
    await openPull(started)
    await started.branch('same')
    const open = async (head: string, base = 'main') =>
      (await started.as('bob').post(PULLS, { title: 'x', head, base })).json.errors
    expect(await open('topic')).toMatchObject([{ message: 'A pull request already exists for acme:topic.' }])
    expect(await open('same')).toMatchObject([{ message: 'No commits between main and same' }])
    expect(await open('none')).toMatchObject([{ field: 'head', code: 'invalid' }])
    const dave = await started.as('dave').post(PULLS, { title: 'x', head: 'topic', base: 'main' })
    expect(dave).toMatchObject({ status: 422, json: { errors: [{ message: 'must be a collaborator' }] } })
    expect(await open('topic', 'none')).toMatchObject([{ field: 'base', code: 'invalid' }])
  })

  it('is found by head, base and state', async () => {
    const started = await startSandbox()
    const one = await openPull(started, '', 'one')
    const two = await openPull(started, '', 'two')
    await started.as('bob').patch(`${PULLS}/${two.number}`, { state: 'closed' })
    const list = async (query: string) =>
      (await started.as('bob').get(`${PULLS}?${query}`)).json.map((pull: { number: number }) => pull.number)
    expect(await list('')).toEqual([one.number])
    expect(await list('state=all')).toEqual([two.number, one.number])
    expect(await list('state=all&head=acme:two')).toEqual([two.number])
    expect(await list('head=acme:two')).toEqual([])
    expect(await list('head=mallory:one')).toEqual([])
    expect(await list('base=other')).toEqual([])
  })

  it('says late whether it can be merged, and anew after every push', async () => {
    const started = await startSandbox({ switches: { mergeableLate: true } })
    const { number } = await openPull(started)
    const state = async () => {
      const { json } = await started.as('bob').get(`${PULLS}/${number}`)
      return [json.mergeable, json.mergeable_state]
    }
    expect(await state()).toEqual([null, 'unknown'])
    expect((await state())[0]).toBe(true)
    await started.commit('topic', 'topic.txt', 'b\n')
    expect(await state()).toEqual([null, 'unknown'])
    await started.commit('main', 'topic.txt', 'c\n')
    expect(await state()).toEqual([null, 'unknown'])
    expect(await state()).toEqual([false, 'dirty'])
    expect((await started.as('bob').put(`${PULLS}/${number}/merge`, {})).status).toBe(405)
  })
})

describe('plain texts', () => {
  it('are behind diff_url, patch_url and download_url, for those who may see them', async () => {
    const started = await startSandbox()
    const { pull } = await openPull(started)
    const text = async (url: string) => (await fetch(url)).text()
    expect(await text(pull.diff_url)).toContain('diff --git a/topic.txt b/topic.txt')
    expect(await text(pull.patch_url)).toContain('Subject: [PATCH] Change topic.txt')
    const { json: file } = await started.as('bob').get(`${WIDGETS}/contents/topic.txt?ref=topic`)
    expect(await text(file.download_url)).toBe('a\n')
    const hidden = `${started.sandbox.url}/acme/secret/raw/main/README.md`
    expect((await fetch(hidden)).status).toBe(404)
    const allowed = await fetch(hidden, { headers: { authorization: `Bearer ${started.sandbox.tokens.dave}` } })
    expect(await allowed.text()).toContain('# Secret')
    expect((await fetch(`${started.sandbox.url}/acme/widgets/raw/main/none.txt`)).status).toBe(404)
  })
})

describe('reading one', () => {
  it.each([false, true])(
    'may be too early for the newest pull requests, checks and runs: %s',
    async (staleSingleReads) => {
      const clock = createManualClock()
      const started = await startSandbox({
        clock,
        switches: { staleSingleReads, staleListShare: 1, staleListMs: 3000 },
      })
      await started.branch('topic')
      const sha = await started.commit('topic', 'a.txt', 'a')
      clock.advance(5000)
      const { json: pull } = await started.as('bob').post(PULLS, { title: 'x', head: 'topic', base: 'main' })
      const { json: check } = await started.as('muster').post(`${WIDGETS}/check-runs`, { name: 'x', head_sha: sha })
      await started.idle()
      const run = runsOf(started.sandbox.state).all().at(-1)
      const paths = [`pulls/${pull.number}`, `check-runs/${check.id}`, `actions/runs/${run?.id}`]
      const read = () =>
        Promise.all(paths.map(async (path) => (await started.as('bob').get(`${WIDGETS}/${path}`)).status))
      expect(await read()).toEqual(staleSingleReads ? [404, 404, 404] : [200, 200, 200])
      clock.advance(3000)
      expect(await read()).toEqual([200, 200, 200])
    },
  )
})

describe('the head', () => {
  it('follows a real git push, which arrives as synchronize', async () => {
    const started = await startSandbox()
    const { head, number } = await openPull(started)
    const folder = await createScratchFolder()
    const url = `${started.sandbox.url.replace('//', `//x-access-token:${started.sandbox.tokens.bob}@`)}/acme/widgets.git`
    await gitClient(folder, 'clone', '--quiet', '--branch', 'topic', url, 'w')
    await writeFile(join(folder, 'w', 'more.txt'), 'more\n')
    await gitClient(join(folder, 'w'), 'add', '.')
    await gitClient(join(folder, 'w'), 'commit', '--quiet', '-m', 'More')
    started.events.length = 0
    await gitClient(join(folder, 'w'), 'push', '--quiet', 'origin', 'topic')
    const after = (await gitClient(join(folder, 'w'), 'rev-parse', 'HEAD')).trim()
    expect(pullEvents(started)).toMatchObject([
      { action: 'synchronize', number, before: head, after, pull_request: { head: { sha: after }, commits: 2 } },
    ])
    expect(started.names().slice(0, 3)).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize'])
    expect((await started.as('bob').get(`${WIDGETS}/git/ref/pull/${number}/head`)).json.object.sha).toBe(after)
  })

  it('closes its pull request when the branch goes, and takes up the branch when it is reopened', async () => {
    const started = await startSandbox()
    const { head, number } = await openPull(started)
    await started.as('bob').delete(`${WIDGETS}/git/refs/heads/topic`)
    expect((await started.as('bob').get(`${PULLS}/${number}`)).json).toMatchObject({ state: 'closed', merged: false })
    expect((await started.as('bob').patch(`${PULLS}/${number}`, { state: 'open' })).status).toBe(422)
    await started.as('bob').post(`${WIDGETS}/git/refs`, { ref: 'refs/heads/topic', sha: head })
    const moved = await started.commit('topic', 'topic.txt', 'b\n')
    const { json } = await started.as('bob').patch(`${PULLS}/${number}`, { state: 'open' })
    expect(json).toMatchObject({ state: 'open', head: { sha: moved } })
    expect(pullEvents(started).map((one) => one.action)).toEqual(['opened', 'closed', 'reopened'])
  })
})

describe('merging', () => {
  it('closes the issues that the text promises, on the default branch only', async () => {
    const started = await startSandbox()
    for (const title of ['one', 'two', 'three', 'four']) await started.as('bob').post(`${WIDGETS}/issues`, { title })
    const body = 'Closes #1, and fixes: acme/widgets#2.\n\n`Closes #3` <!-- Closes #4 --> see #3\n'
    const { number, head } = await openPull(started, body)
    started.events.length = 0
    const { json } = await started.as('bob').put(`${PULLS}/${number}/merge`, {})
    expect(json).toMatchObject({ merged: true })
    const states = []
    for (const one of [1, 2, 3, 4]) states.push((await started.as('bob').get(`${WIDGETS}/issues/${one}`)).json.state)
    expect(states).toEqual(['closed', 'closed', 'open', 'open'])
    const merged = (await started.as('bob').get(`${PULLS}/${number}`)).json
    expect(merged).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: json.sha,
      merged_by: { login: 'bob' },
    })
    expect((await started.as('bob').get(`${PULLS}/${number}/merge`)).status).toBe(204)
    const { json: commit } = await started.as('bob').get(`${WIDGETS}/commits/main`)
    expect(commit.parents[1].sha).toBe(head)
    expect(started.names().filter((name) => !/^(check|workflow)/.test(name))).toEqual([
      'pull_request.closed',
      'issues.closed',
      'issues.closed',
      'push',
    ])
    expect(pullEvents(started)).toMatchObject([{ action: 'closed', pull_request: { merged: true } }])
    expect((await started.as('bob').patch(`${PULLS}/${number}`, { state: 'open' })).status).toBe(422)
  })

  it('closes nothing from a branch that is not the default one', async () => {
    const started = await startSandbox()
    await started.as('bob').post(`${WIDGETS}/issues`, { title: 'one' })
    await started.branch('next')
    await started.branch('topic')
    await started.commit('topic', 'a.txt', 'a')
    const { json: pull } = await started
      .as('bob')
      .post(PULLS, { title: 'x', head: 'topic', base: 'next', body: 'Closes #1' })
    await started.as('bob').put(`${PULLS}/${pull.number}/merge`, { merge_method: 'squash' })
    expect((await started.as('bob').get(`${WIDGETS}/issues/1`)).json.state).toBe('open')
  })

  it('minds the head that the caller means, the role, and the method', async () => {
    const started = await startSandbox()
    const { number, head } = await openPull(started)
    const at = `${PULLS}/${number}/merge`
    expect((await started.as('dave').put(at, {})).status).toBe(403)
    expect((await started.as('bob').put(at, { sha: 'f'.repeat(40) })).status).toBe(409)
    const { json } = await started.as('bob').put(at, { sha: head, merge_method: 'squash', commit_title: 'One commit' })
    const { json: commit } = await started.as('bob').get(`${WIDGETS}/commits/${json.sha}`)
    expect(commit).toMatchObject({ commit: { message: 'One commit' }, parents: [{}] })
    expect(commit.parents).toHaveLength(1)
    expect((await started.as('bob').put(at, {})).status).toBe(405)
  })

  it('is noticed when a push brings the commits, whose messages close issues too', async () => {
    const started = await startSandbox()
    await started.as('bob').post(`${WIDGETS}/issues`, { title: 'one' })
    const { head, number } = await openPull(started)
    await started.as('bob').patch(`${WIDGETS}/git/refs/heads/main`, { sha: head })
    expect((await started.as('bob').get(`${PULLS}/${number}`)).json).toMatchObject({ merged: true, state: 'closed' })
    await started.as('bob').put(`${WIDGETS}/contents/z.txt`, { message: 'Tidy up\n\nResolves #1', content: 'eg==' })
    expect((await started.as('bob').get(`${WIDGETS}/issues/1`)).json).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
    })
  })
})

describe('changing', () => {
  it('tells edits of text and base, and labels, as pull_request events', async () => {
    const started = await startSandbox()
    const { number } = await openPull(started)
    await started.branch('next')
    const at = `${PULLS}/${number}`
    await started.as('bob').patch(at, { title: 'Better' })
    await started.as('bob').patch(at, { base: 'next' })
    await started.as('bob').post(`${WIDGETS}/issues/${number}/labels`, { labels: ['bug'] })
    expect((await started.as('dave').patch(at, { title: 'Mine' })).status).toBe(403)
    expect(pullEvents(started)).toMatchObject([
      { action: 'opened' },
      { action: 'edited', changes: { title: { from: 'Add a file' } } },
      { action: 'edited', changes: { base: { ref: { from: 'main' } } }, pull_request: { base: { ref: 'next' } } },
      { action: 'labeled', label: { name: 'bug' } },
    ])
    expect(started.names()).not.toContain('issues.labeled')
  })

  it('brings the branch up to date on request', async () => {
    const started = await startSandbox()
    const { number, head } = await openPull(started)
    await started.commit('main', 'other.txt', 'o')
    const at = `${PULLS}/${number}/update-branch`
    expect((await started.as('bob').put(at, { expected_head_sha: 'f'.repeat(40) })).status).toBe(422)
    expect((await started.as('bob').put(at, { expected_head_sha: head })).status).toBe(202)
    const { json } = await started.as('bob').get(`${PULLS}/${number}`)
    expect(json.head.sha).not.toBe(head)
    expect(json.commits).toBe(2)
  })

  it('takes reviews, without their HTML comments', async () => {
    const started = await startSandbox()
    const { number, head } = await openPull(started)
    const at = `${PULLS}/${number}/reviews`
    await started.as('bob').post(`${PULLS}/${number}/requested_reviewers`, { reviewers: ['alice'] })
    expect((await started.as('bob').post(at, { event: 'APPROVE' })).status).toBe(422)
    const { json } = await started.as('alice').post(at, { event: 'APPROVE', body: 'Good <!-- hidden -->' })
    expect(json).toMatchObject({ state: 'APPROVED', body: 'Good ', commit_id: head, user: { login: 'alice' } })
    expect((await started.as('bob').get(at)).json).toMatchObject([{ id: json.id }])
    expect((await started.as('bob').get(`${PULLS}/${number}`)).json.requested_reviewers).toEqual([])
    // The run that the pull request starts tells of itself meanwhile.
    const told = started.names().filter((name) => name.startsWith('pull_request'))
    expect(told.slice(-2)).toEqual(['pull_request.review_requested', 'pull_request_review.submitted'])
    const review = started.events.findLast(({ event }) => event === 'pull_request_review')
    expect(review?.payload).toMatchObject({ review: { state: 'approved' } })
  })
})

describe('a pull request from a fork', () => {
  it('comes from the fork of someone who cannot push here, and follows it', async () => {
    const started = await startSandbox()
    const mallory = started.as('mallory')
    expect((await mallory.post(`/repos/acme/secret/forks`)).status).toBe(404)
    const { json: fork } = await mallory.post(`${WIDGETS}/forks`)
    expect(fork).toMatchObject({ full_name: 'mallory/widgets', fork: true, owner: { login: 'mallory' } })
    const write = async (message: string) =>
      (await mallory.put(`/repos/mallory/widgets/contents/${message}.txt`, { message, content: 'YQ==' })).json.commit
        .sha
    const first = await write('first')
    const { json: pull } = await mallory.post(PULLS, { title: 'From outside', head: 'mallory:main', base: 'main' })
    expect(pull).toMatchObject({
      head: { label: 'mallory:main', sha: first, repo: { fork: true, id: fork.id } },
      base: { repo: { fork: false } },
      author_association: 'NONE',
    })
    const second = await write('second')
    expect((await started.as('bob').get(`${PULLS}/${pull.number}`)).json).toMatchObject({
      head: { sha: second },
      commits: 2,
    })
    expect(pullEvents(started).map((one) => one.action)).toEqual(['opened', 'synchronize'])
    expect((await started.as('bob').get(`${WIDGETS}/compare/main...mallory:main`)).json.ahead_by).toBe(2)
    expect((await started.as('bob').put(`${PULLS}/${pull.number}/merge`, {})).status).toBe(200)
    expect((await started.as('bob').get(`${WIDGETS}/contents/second.txt`)).status).toBe(200)
  })
})
