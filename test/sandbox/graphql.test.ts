import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createClient, type Who } from './client.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
let as: ReturnType<typeof createClient>
const AT = '/repos/acme/widgets/issues'
beforeEach(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  as = createClient(sandbox)
})
afterEach(() => sandbox.close())

const ask = async (who: Who, query: string, variables: object = {}) =>
  (await as(who).post('/graphql', { query, variables })).json
const open = async (title = 'A task') => (await as('alice').post(AT, { title, body: 'text' })).json

describe('reading', () => {
  it('finds an issue with its comments, labels and relations', async () => {
    const issue = await open()
    await as('bob').post(`${AT}/1/labels`, { labels: ['a', 'b'] })
    await as('muster').post(`${AT}/1/comments`, { body: 'from the App' })
    const { data, errors } = await ask(
      'muster',
      `query($n: Int!) { repository(owner: "acme", name: "widgets") { issue(number: $n) {
        id databaseId title state author { login __typename }
        labels(first: 10) { totalCount nodes { name } }
        comments(first: 1) { nodes { databaseId body viewerDidAuthor author { login } } pageInfo { hasNextPage } }
        issueDependenciesSummary { blockedBy }
      } } rateLimit { cost remaining } }`,
      { n: 1 },
    )
    expect(errors).toBeUndefined()
    expect(data.repository.issue).toMatchObject({
      id: issue.node_id,
      databaseId: issue.id,
      state: 'OPEN',
      author: { login: 'alice', __typename: 'User' },
      labels: { totalCount: 2, nodes: [{ name: 'a' }, { name: 'b' }] },
      comments: { nodes: [{ body: 'from the App', viewerDidAuthor: true, author: { login: 'muster' } }] },
    })
    expect(data.rateLimit.cost).toBe(1)
  })

  it('shows times as GitHub does, in whole seconds', async () => {
    const { node_id: id } = await open()
    const { data } = await ask('muster', 'query($id: ID!) { node(id: $id) { ... on Issue { createdAt } } }', { id })
    expect(data.node.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('shows the history of an edited comment, newest first, with its editors', async () => {
    await open()
    const { id, node_id: nodeId } = (await as('muster').post(`${AT}/1/comments`, { body: 'one' })).json
    await as('bob').patch(`${AT}/comments/${id}`, { body: 'two' })
    const { data } = await ask(
      'muster',
      `query($id: ID!) { node(id: $id) { ... on IssueComment {
        body editor { login } lastEditedAt userContentEdits(first: 10) { nodes { diff editor { login } } } } } }`,
      { id: nodeId },
    )
    expect(data.node).toMatchObject({
      body: 'two',
      editor: { login: 'bob' },
      userContentEdits: {
        nodes: [
          { diff: 'two', editor: { login: 'bob' } },
          { diff: 'one', editor: { login: 'muster' } },
        ],
      },
    })
  })

  it('hides what the viewer may not see, and says NOT_FOUND', async () => {
    const { data, errors } = await ask('mallory', '{ repository(owner: "acme", name: "secret") { name } }')
    expect(data.repository).toBeNull()
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['repository'] }])
  })

  it('demands first or last, and at most a hundred', async () => {
    await open()
    const comments = (args: string) =>
      ask(
        'bob',
        `{ repository(owner: "acme", name: "widgets") { issue(number: 1) { comments${args} { totalCount } } } }`,
      )
    expect((await comments('')).errors[0].type).toBe('MISSING_PAGINATION_BOUNDARIES')
    expect((await comments('(first: 101)')).errors[0].type).toBe('EXCESSIVE_PAGINATION')
  })

  it('walks pages by cursor', async () => {
    await open()
    for (const body of ['1', '2', '3']) await as('dave').post(`${AT}/1/comments`, { body })
    const page = (after: string) =>
      ask(
        'bob',
        `{ repository(owner: "acme", name: "widgets") { issue(number: 1) {
        comments(first: 2${after}) { nodes { body } pageInfo { hasNextPage endCursor } } } } }`,
      )
    const first = (await page('')).data.repository.issue.comments
    const second = (await page(`, after: "${first.pageInfo.endCursor}"`)).data.repository.issue.comments
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    expect([...first.nodes, ...second.nodes].map((one: { body: string }) => one.body)).toEqual(['1', '2', '3'])
  })
})

describe('writing', () => {
  it('runs aliased mutations one after another, and a failing one leaves the others', async () => {
    const issue = await open()
    const { id } = (await as('dave').post(`${AT}/1/comments`, { body: 'x' })).json
    const { data, errors } = await ask(
      'muster',
      `mutation($s: ID!, $no: ID!) {
        a: addComment(input: {subjectId: $s, body: "first", clientMutationId: "c1"}) { clientMutationId commentEdge { node { body } } }
        b: addComment(input: {subjectId: $no, body: "lost"}) { commentEdge { node { body } } }
        c: addReaction(input: {subjectId: $s, content: EYES}) { reaction { content } }
      }`,
      { s: issue.node_id, no: 'IC_nothing' },
    )
    expect(data.a).toEqual({ clientMutationId: 'c1', commentEdge: { node: { body: 'first' } } })
    expect(data.b).toBeNull()
    expect(data.c.reaction.content).toBe('EYES')
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['b'] }])
    expect((await as('dave').get(`${AT}/1/comments`)).json).toHaveLength(2)
    expect(id).toBeGreaterThan(0)
  })

  it('labels, closes, locks, pins, hides, relates and transfers', async () => {
    const one = await open('one')
    const two = await open('two')
    const made = (await as('muster').post('/repos/acme/widgets/labels', { name: 'x', color: '123456' })).json
    const comment = (await as('muster').post(`${AT}/1/comments`, { body: 'card' })).json
    const target = (await as('muster').get('/repos/acme/.github')).json
    const { data, errors } = await ask(
      'muster',
      `mutation($one: ID!, $two: ID!, $label: ID!, $comment: ID!, $repo: ID!) {
        addLabelsToLabelable(input: {labelableId: $one, labelIds: [$label]}) { labelable { labels(first: 5) { nodes { name } } } }
        removeLabelsFromLabelable(input: {labelableId: $one, labelIds: [$label]}) { labelable { labels(first: 5) { totalCount } } }
        closeIssue(input: {issueId: $one, stateReason: NOT_PLANNED}) { issue { state stateReason } }
        lockLockable(input: {lockableId: $one, lockReason: TOO_HEATED}) { lockedRecord { locked activeLockReason } }
        pinIssue(input: {issueId: $one}) { issue { isPinned } }
        pinIssueComment(input: {issueCommentId: $comment}) { issueComment { isPinned } }
        minimizeComment(input: {subjectId: $comment, classifier: OUTDATED}) { minimizedComment { isMinimized minimizedReason } }
        addSubIssue(input: {issueId: $one, subIssueId: $two}) { issue { subIssuesSummary { total } } subIssue { parent { number } } }
        addBlockedBy(input: {issueId: $one, blockingIssueId: $two}) { issue { blockedBy(first: 5) { nodes { number } } } }
        transferIssue(input: {issueId: $two, repositoryId: $repo}) { issue { number repository { name } } }
        updateIssueComment(input: {id: $comment, body: "new"}) { issueComment { body } }
        deleteIssueComment(input: {id: $comment}) { clientMutationId }
      }`,
      { one: one.node_id, two: two.node_id, label: made.node_id, comment: comment.node_id, repo: target.node_id },
    )
    expect(errors).toBeUndefined()
    expect(data).toMatchSnapshot()
  })

  it('refuses without the permission, and without the role', async () => {
    const issue = await open()
    sandbox.state.installations.update(301, { permissions: { metadata: 'read', issues: 'read' } })
    const close = 'mutation($id: ID!) { closeIssue(input: {issueId: $id}) { issue { state } } }'
    const byDave = await ask('dave', close, { id: issue.node_id })
    expect(byDave.errors).toMatchObject([{ type: 'FORBIDDEN' }])
    const grant = {
      appId: 201,
      installationId: 301,
      permissions: { issues: 'read' as const },
      repositories: 'all' as const,
    }
    const { token } = sandbox.world.tokens.mintInstallation(grant)
    const answer = await fetch(`${sandbox.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: close, variables: { id: issue.node_id } }),
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      data: { closeIssue: null },
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    })
  })

  it.each([
    [0, 0],
    [2, 1],
  ])('fails every nth mutation field when told so: %i', async (every, failures) => {
    sandbox.switches.graphqlFailEvery = every
    const issue = await open()
    const { data, errors } = await ask(
      'muster',
      `mutation($s: ID!) { a: addReaction(input: {subjectId: $s, content: EYES}) { reaction { content } }
        b: addReaction(input: {subjectId: $s, content: ROCKET}) { reaction { content } } }`,
      { s: issue.node_id },
    )
    expect(errors?.length ?? 0).toBe(failures)
    expect(data.b === null).toBe(failures === 1)
    expect((await as('bob').get(`${AT}/1`)).json.reactions.total_count).toBe(2 - failures)
  })
})

describe('what is not there', () => {
  it.each([
    ['{ repository(owner: "acme", name: "widgets") { teapots } }', 'GraphQL Repository.teapots', 'undefinedField'],
    [
      '{ repository(owner: "acme", name: "widgets", pour: 1) { name } }',
      'GraphQL Query.repository(pour:)',
      'argumentNotAccepted',
    ],
    ['mutation { brewTea(input: {}) { tea } }', 'GraphQL Mutation.brewTea', 'undefinedField'],
    ['{ __schema { types { name } } }', 'GraphQL __schema', 'undefinedField'],
  ])('is 501 in GitHub’s words and remembered: %s', async (query, what, code) => {
    const { status, json } = await as('muster').post('/graphql', { query })
    expect(status).toBe(501)
    expect(json.data).toBeUndefined()
    expect(json.errors[0].extensions.code).toBe(code)
    expect(sandbox.log.unsupported).toContain(what)
  })

  it.each([
    [
      'mutation($v: AddCommentInput!) { addComment(input: $v) { clientMutationId } }',
      { subjectId: 'x', body: 'y', teapot: 1 },
      'GraphQL AddCommentInput.teapot',
    ],
    [
      'query($v: IssueOrder) { repository(owner: "acme", name: "widgets") { issues(first: 1, orderBy: $v) { totalCount } } }',
      { field: 'TEAPOTS', direction: 'ASC' },
      'GraphQL enum value TEAPOTS',
    ],
  ])('is found in variables too: %s', async (query, v, what) => {
    expect((await as('muster').post('/graphql', { query, variables: { v } })).status).toBe(501)
    expect(sandbox.log.unsupported).toEqual([what])
  })

  it('a query that is merely wrong is refused but not remembered', async () => {
    const { errors } = await ask('muster', '{ repository(owner: "acme") { name } }')
    expect(errors).toHaveLength(1)
    expect(sandbox.log.unsupported).toEqual([])
  })
})

describe('much at once', () => {
  const PAGES = `repository(owner: "acme", name: "widgets") { issues(first: 100) { nodes {
    labels(first: 60) { nodes { name } } comments(first: 100) { nodes { reactions(first: 10) { totalCount } } } } } }`

  it('costs a hundredth of the requests that its connections would take', async () => {
    // 1 list of issues, 100 of labels, 100 of comments, 10,000 of reactions: 10,201 requests.
    const { data } = await ask('muster', `{ ${PAGES} rateLimit { cost nodeCount used } }`)
    expect(data.rateLimit).toEqual({ cost: 102, nodeCount: 116_100, used: 102 })
  })

  it('is refused above 500,000 nodes, before anything is done', async () => {
    const { data, errors } = await ask('muster', `{ ${[1, 2, 3, 4, 5].map((n) => `r${n}: ${PAGES}`).join(' ')} }`)
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ type: 'MAX_NODE_LIMIT_EXCEEDED' }])
  })

  it('finds nodes by id, each missing one an error at its place, a hundred at most', async () => {
    const { node_id: id } = await open()
    const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Issue { title } } }'
    const mixed = await ask('muster', query, { ids: [id, 'I_nothing', id] })
    expect(mixed.data.nodes).toEqual([{ id, title: 'A task' }, null, { id, title: 'A task' }])
    expect(mixed.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }])
    const many = await ask('muster', query, { ids: Array.from({ length: 101 }, () => id) })
    expect(many.errors).toMatchObject([{ type: 'ARGUMENT_LIMIT' }])
  })

  it('is paged through, also past a row that went away meanwhile, and bad cursors are refused', async () => {
    for (const title of ['a', 'b', 'c', 'd']) await open(title)
    const page = (after: string | null) =>
      ask(
        'muster',
        `query($a: String) { repository(owner: "acme", name: "widgets") { issues(first: 2, after: $a) {
          nodes { title } pageInfo { endCursor hasNextPage } } } }`,
        { a: after },
      )
    const first = (await page(null)).data.repository.issues
    expect(first.nodes).toEqual([{ title: 'a' }, { title: 'b' }])
    const b = sandbox.state.issues.find((one) => one.title === 'b')
    sandbox.state.issues.delete(b?.id ?? 0)
    const second = (await page(first.pageInfo.endCursor)).data.repository.issues
    expect(second).toMatchObject({ nodes: [{ title: 'c' }, { title: 'd' }], pageInfo: { hasNextPage: false } })
    expect((await page('teapot')).errors).toMatchObject([{ type: 'INVALID_CURSOR_ARGUMENTS' }])
  })
})

it('is counted by its root fields, with the actor', async () => {
  await ask('muster', '{ viewer { login } }')
  await ask('alice', '{ viewer { login } }')
  expect(sandbox.log.counts().by_route).toMatchObject({
    app: { 'POST /graphql viewer': 1 },
    person: { 'POST /graphql viewer': 1 },
  })
})
