import { describe, expect, it } from 'vitest'

import type { Who } from '../client.ts'
import { startSandbox, type Started, WIDGETS } from '../start-sandbox.ts'

const ask = async (started: Started, who: Who, query: string, variables: object = {}) =>
  (await started.as(who).post('/graphql', { query, variables })).json

const ZEROS = '0'.repeat(40)

const repositoryId = async (started: Started): Promise<string> => (await started.as('bob').get(WIDGETS)).json.node_id

const openPull = async (started: Started, body: string) => {
  await started.branch('topic')
  const head = await started.commit('topic', 'a.txt', 'a\n')
  const { json } = await started
    .as('bob')
    .post(`${WIDGETS}/pulls`, { title: 'Add a', head: 'topic', base: 'main', body })
  return { head, number: json.number as number, id: json.node_id as string }
}

describe('pull requests in GraphQL', () => {
  it('know the issues that they close, and the issues know them', async () => {
    const started = await startSandbox()
    await started.as('bob').post(`${WIDGETS}/issues`, { title: 'one' })
    const { head, number } = await openPull(started, 'Fixes #1')
    const query = `query($number: Int!) { repository(owner: "acme", name: "widgets") {
      pullRequest(number: $number) {
        headRefOid merged state mergeable changedFiles
        closingIssuesReferences(first: 10) { totalCount nodes { number } }
        commits(last: 1) { totalCount nodes { commit { oid messageHeadline } } }
        mergeCommit { oid }
      }
      issue(number: 1) { closedByPullRequestsReferences(first: 10) { nodes { number state } } }
      pullRequests(first: 10, states: [OPEN], headRefName: "topic") { nodes { number } }
    } }`
    const { data, errors } = await ask(started, 'muster', query, { number })
    expect(errors).toBeUndefined()
    expect(data.repository).toMatchObject({
      pullRequest: {
        headRefOid: head,
        merged: false,
        state: 'OPEN',
        mergeable: 'MERGEABLE',
        changedFiles: 1,
        closingIssuesReferences: { totalCount: 1, nodes: [{ number: 1 }] },
        commits: { totalCount: 1, nodes: [{ commit: { oid: head, messageHeadline: 'Change a.txt' } }] },
        mergeCommit: null,
      },
      issue: { closedByPullRequestsReferences: { nodes: [{ number, state: 'OPEN' }] } },
      pullRequests: { nodes: [{ number }] },
    })
    const { json: merge } = await started.as('bob').put(`${WIDGETS}/pulls/${number}/merge`, {})
    const { data: after } = await ask(started, 'muster', query, { number })
    expect(after.repository.pullRequest).toMatchObject({
      merged: true,
      state: 'MERGED',
      mergeCommit: { oid: merge.sha },
    })
    expect(after.repository.pullRequests.nodes).toEqual([])
  })

  it('say late whether they can be merged', async () => {
    const started = await startSandbox({ switches: { mergeableLate: true } })
    const { id } = await openPull(started, '')
    const query = 'query($id: ID!) { node(id: $id) { ... on PullRequest { mergeable } } }'
    const read = async () => (await ask(started, 'muster', query, { id })).data.node.mergeable
    expect(await read()).toBe('UNKNOWN')
    // A push that is still being followed makes it unknown once more.
    await expect.poll(read, { timeout: 10_000 }).toBe('MERGEABLE')
  })

  it('can be opened, made a draft, made ready and merged', async () => {
    const started = await startSandbox()
    const { head, id } = await openPull(started, '')
    const change = (name: string, more = '') =>
      ask(
        started,
        'bob',
        `mutation($id: ID!) { ${name}(input: {pullRequestId: $id ${more}}) { pullRequest { isDraft state } } }`,
        { id },
      )
    expect((await change('convertPullRequestToDraft')).data.convertPullRequestToDraft.pullRequest.isDraft).toBe(true)
    expect((await change('mergePullRequest')).errors[0].type).toBe('UNPROCESSABLE')
    expect((await change('markPullRequestReadyForReview')).errors).toBeUndefined()
    expect((await change('closePullRequest')).data.closePullRequest.pullRequest.state).toBe('CLOSED')
    expect((await change('reopenPullRequest')).data.reopenPullRequest.pullRequest.state).toBe('OPEN')
    expect((await change('mergePullRequest', `expectedHeadOid: "${ZEROS}"`)).errors).toHaveLength(1)
    const merged = await change('mergePullRequest', `expectedHeadOid: "${head}" mergeMethod: SQUASH`)
    expect(merged.data.mergePullRequest.pullRequest.state).toBe('MERGED')
    const names = started.names().filter((name) => name.startsWith('pull_request'))
    expect(names).toEqual([
      'pull_request.opened',
      'pull_request.converted_to_draft',
      'pull_request.ready_for_review',
      'pull_request.closed',
      'pull_request.reopened',
      'pull_request.closed',
    ])
    const create = `mutation($id: ID!) { createPullRequest(input: {repositoryId: $id, title: "Again", baseRefName: "main", headRefName: "topic"}) { pullRequest { number } } }`
    const again = await ask(started, 'claude', create, { id: await repositoryId(started) })
    expect(again.data.createPullRequest.pullRequest.number).toBe(2)
  })
})

describe('updateRefs', () => {
  const QUERY = `mutation($id: ID!, $refs: [RefUpdate!]!) { updateRefs(input: {repositoryId: $id, refUpdates: $refs}) { clientMutationId } }`

  it('is a compare-and-swap over several refs, all or none', async () => {
    const started = await startSandbox()
    const base = await started.branch('topic')
    const tip = await started.commit('topic', 'a.txt', 'a')
    const id = await repositoryId(started)
    const update = (...refs: object[]) => ask(started, 'claude', QUERY, { id, refs })
    const lock = { name: 'refs/muster/lock', beforeOid: ZEROS, afterOid: base }
    expect((await update(lock)).errors).toBeUndefined()
    const again = await update({ name: 'refs/heads/new', beforeOid: ZEROS, afterOid: base }, lock)
    expect(again.errors[0]).toMatchObject({ type: 'UNPROCESSABLE', path: ['updateRefs'] })
    expect((await started.as('bob').get(`${WIDGETS}/git/ref/heads/new`)).status).toBe(404)
    expect((await update({ ...lock, beforeOid: base, afterOid: tip })).errors).toBeUndefined()
    expect((await update({ ...lock, beforeOid: tip, afterOid: base })).errors).toHaveLength(1)
    expect((await update({ ...lock, beforeOid: tip, afterOid: base, force: true })).errors).toBeUndefined()
    expect((await update({ ...lock, beforeOid: base, afterOid: ZEROS })).errors).toBeUndefined()
    expect((await update({ name: 'refs/pull/1/head', afterOid: base })).errors).toHaveLength(1)
    started.events.length = 0
    expect((await update({ name: 'refs/heads/topic', afterOid: base, force: true })).errors).toBeUndefined()
    expect(started.names()).toContain('push')
  })

  it('is for writers only', async () => {
    const started = await startSandbox()
    const { json } = await started.as('bob').get(`${WIDGETS}/git/ref/heads/main`)
    const refs = [{ name: 'refs/heads/x', beforeOid: ZEROS, afterOid: json.object.sha }]
    const id = await repositoryId(started)
    expect((await ask(started, 'muster', QUERY, { id, refs })).errors[0].type).toBe('FORBIDDEN')
    expect((await ask(started, 'dave', QUERY, { id, refs })).errors[0].type).toBe('FORBIDDEN')
  })
})

describe('createCommitOnBranch', () => {
  const QUERY = `mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } ref { name } } }`

  it('commits files on the head that the caller expects', async () => {
    const started = await startSandbox()
    const base = await started.branch('topic')
    const input = (expectedHeadOid: string, path = 'b.txt') => ({
      input: {
        branch: { repositoryNameWithOwner: 'acme/widgets', branchName: 'topic' },
        expectedHeadOid,
        message: { headline: 'Two files', body: 'And one less.' },
        fileChanges: { additions: [{ path, contents: 'Yg==' }], deletions: [{ path: 'README.md' }] },
      },
    })
    const { data, errors } = await ask(started, 'claude', QUERY, input(base))
    expect(errors).toBeUndefined()
    const { json } = await started.as('bob').get(`${WIDGETS}/commits/topic`)
    expect(json).toMatchObject({
      sha: data.createCommitOnBranch.commit.oid,
      commit: { message: 'Two files\n\nAnd one less.', author: { name: 'claude[bot]' } },
    })
    const changed = json.files.map(({ filename, status }: { filename: string; status: string }) => [filename, status])
    expect(changed).toEqual([
      ['README.md', 'removed'],
      ['b.txt', 'added'],
    ])
    expect((await ask(started, 'claude', QUERY, input(base))).errors[0].type).toBe('UNPROCESSABLE')
    expect((await ask(started, 'claude', QUERY, input(json.sha, '../x'))).errors).toHaveLength(1)
    expect((await ask(started, 'muster', QUERY, input(json.sha))).errors[0].type).toBe('FORBIDDEN')
  })
})
