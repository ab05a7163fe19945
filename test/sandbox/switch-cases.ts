/**
 * What each switch changes, seen from outside: the walk in behaviours.test.ts starts a sandbox for every value, looks, and
 * holds the sight to what is written here. A switch without a case, or one that changes nothing, fails.
 */
import type { ManualClock } from '../../app/sandbox/clock.ts'
import type { Switches } from '../../app/sandbox/switches.ts'
import { codeSwitchCases } from './switch-cases-of-code.ts'
import { type Started, WIDGETS } from './start-sandbox.ts'

export interface Look extends Started {
  readonly clock: ManualClock
}

export interface SwitchCase<Value> {
  /** Value → what is seen with it. One of the values is the default. */
  readonly values: readonly (readonly [Value, unknown])[]
  /** Other switches that must stand otherwise for the sight to be had. */
  readonly also?: Partial<Switches>
  readonly look: (started: Look) => Promise<unknown>
}

export type SwitchCases = { readonly [Name in keyof Switches]: SwitchCase<Switches[Name]> }

const ISSUES = `${WIDGETS}/issues`

/** Comments until the secondary limit says no, through REST or GraphQL. */
async function refusedComment({ as }: Look) {
  await as('bob').post(ISSUES, { title: 'x' })
  for (let i = 0; i < 80; i++) await as('muster').post(`${ISSUES}/1/comments`, { body: `${i}` })
  return as('muster').post(`${ISSUES}/1/comments`, { body: 'one more' })
}

async function refusedMutation(look: Look) {
  const { node_id: id } = (await look.as('bob').post(ISSUES, { title: 'y' })).json
  await refusedComment(look)
  const query = 'mutation($s: ID!) { addComment(input: {subjectId: $s, body: "x"}) { clientMutationId } }'
  return look.as('muster').post('/graphql', { query, variables: { s: id } })
}

/** How many of eight list reads straight after a write miss it. */
async function missed({ as, clock }: Look, path: string, after = 1): Promise<number> {
  clock.advance(100_000)
  await as('bob').post(ISSUES, { title: 'x', labels: ['news'] })
  clock.advance(after)
  let misses = 0
  for (let i = 0; i < 8; i++) {
    const { status, json } = await as('muster').get(path)
    misses += status === 404 || (json.items ?? (Array.isArray(json) ? json : [json])).length === 0 ? 1 : 0
  }
  return misses
}

export const SWITCH_CASES: SwitchCases = {
  ...codeSwitchCases,
  deliveryDelayMs: {
    values: [
      [[20, 400], { atOnce: 0, later: 3 }],
      [[0, 0], { atOnce: 3, later: 3 }],
    ],
    async look({ as, clock, sandbox }) {
      for (const title of ['a', 'b', 'c']) await as('bob').post(ISSUES, { title })
      const gone = () => sandbox.deliveries.list().filter((one) => one.status !== 'pending').length
      clock.advance(0)
      await new Promise((resolve) => setImmediate(resolve))
      const atOnce = gone()
      clock.advance(400)
      await sandbox.deliveries.idle()
      return { atOnce, later: gone() }
    },
  },
  lostDeliveryShare: {
    // Something that answers listens there, though nothing that would take a delivery.
    values: [
      [0, [404]],
      [1, [0]],
    ],
    async look({ as, sandbox, clock }) {
      sandbox.setWebhookUrl(`${sandbox.url}/_sandbox/no-such-thing`)
      await as('bob').post(ISSUES, { title: 'x' })
      clock.advance(1000)
      await sandbox.deliveries.idle()
      return sandbox.deliveries.list().map((one) => one.statusCode)
    },
  },
  staleListShare: {
    also: { staleListMs: 3000 },
    values: [
      [0.25, true],
      [0, false],
    ],
    look: async (look) => (await missed(look, ISSUES)) > 0,
  },
  staleListMs: {
    also: { staleListShare: 1 },
    values: [
      [3000, { atOnce: true, twoSecondsOn: true }],
      [1000, { atOnce: true, twoSecondsOn: false }],
    ],
    async look(look) {
      const atOnce = (await missed(look, ISSUES)) > 0
      return { atOnce, twoSecondsOn: (await missed(look, `${ISSUES}?since=${sinceOf(look)}`, 2000)) > 0 }
    },
  },
  staleSingleReads: {
    also: { staleListShare: 1, staleListMs: 3000 },
    values: [
      [false, 0],
      [true, 8],
    ],
    look: (look) => missed(look, `${ISSUES}/1`, 0).then((misses) => (misses > 0 ? 8 : 0)),
  },
  searchLagMs: {
    values: [
      [5000, true],
      [0, false],
    ],
    look: async (look) => (await missed(look, '/search/issues?q=is:issue+label:news')) > 0,
  },
  enforceLimits: {
    values: [
      [true, 403],
      [false, 201],
    ],
    look: async (look) => (await refusedComment(look)).status,
  },
  secondaryLimitStatus: {
    also: { enforceLimits: true },
    values: [
      [403, 403],
      [429, 429],
    ],
    look: async (look) => (await refusedComment(look)).status,
  },
  secondaryLimitRetryAfter: {
    also: { enforceLimits: true },
    values: [
      [true, '60'],
      [false, null],
    ],
    look: async (look) => (await refusedComment(look)).headers.get('retry-after'),
  },
  graphqlSecondaryStatus: {
    also: { enforceLimits: true },
    values: [
      [403, { status: 403, errors: undefined }],
      [200, { status: 200, errors: ['RATE_LIMITED'] }],
    ],
    async look(look) {
      const { status, json } = await refusedMutation(look)
      return { status, errors: json.errors?.map((one: { type: string }) => one.type) }
    },
  },
  graphqlLimitType: {
    also: { enforceLimits: true, graphqlSecondaryStatus: 200 },
    values: [
      ['RATE_LIMITED', { type: 'RATE_LIMITED', code: undefined }],
      ['RATE_LIMIT', { type: 'RATE_LIMIT', code: 'graphql_rate_limit' }],
    ],
    async look(look) {
      const [{ type, code }] = (await refusedMutation(look)).json.errors
      return { type, code }
    },
  },
  statelessTokens: {
    values: [
      [true, 3],
      [false, 1],
    ],
    look: async ({ sandbox }) => sandbox.tokens.claude.split('.').length,
  },
  graphqlFailEvery: {
    values: [
      [0, [true, true]],
      [2, [true, false]],
    ],
    async look({ as }) {
      const { node_id: id } = (await as('bob').post(ISSUES, { title: 'x' })).json
      const query = `mutation($s: ID!) { a: addComment(input: {subjectId: $s, body: "1"}) { clientMutationId }
        b: addComment(input: {subjectId: $s, body: "2"}) { clientMutationId } }`
      const { status, json } = await as('muster').post('/graphql', { query, variables: { s: id } })
      return status === 200 && [json.data.a !== null, json.data.b !== null]
    },
  },
  maxDependencies: {
    values: [
      [50, [201, 201]],
      [1, [201, 422]],
    ],
    async look({ as }) {
      const ids: number[] = []
      for (const title of ['a', 'b', 'c']) ids.push((await as('bob').post(ISSUES, { title })).json.id)
      const block = (id: number | undefined) => as('bob').post(`${ISSUES}/1/dependencies/blocked_by`, { issue_id: id })
      return [(await block(ids[1])).status, (await block(ids[2])).status]
    },
  },
  refuseDependencyCircles: {
    values: [
      [false, 201],
      [true, 422],
    ],
    async look({ as }) {
      const ids: number[] = []
      for (const title of ['a', 'b', 'c']) ids.push((await as('bob').post(ISSUES, { title })).json.id)
      const block = (number: number, by: number) =>
        as('bob').post(`${ISSUES}/${number}/dependencies/blocked_by`, { issue_id: ids[by - 1] })
      await block(1, 2)
      await block(2, 3)
      return (await block(3, 1)).status
    },
  },
  transferKeepsCommentIds: {
    values: [
      [true, true],
      [false, false],
    ],
    async look({ as }) {
      const { node_id: id } = (await as('bob').post(ISSUES, { title: 'x' })).json
      const comment = (await as('bob').post(`${ISSUES}/1/comments`, { body: 'stays' })).json
      const to = (await as('alice').get('/repos/acme/secret')).json.node_id
      const query =
        'mutation($i: ID!, $r: ID!) { transferIssue(input: {issueId: $i, repositoryId: $r}) { issue { id } } }'
      await as('alice').post('/graphql', { query, variables: { i: id, r: to } })
      const [moved] = (await as('alice').get('/repos/acme/secret/issues/1/comments')).json
      return moved.id === comment.id
    },
  },
}

const sinceOf = ({ clock }: Look): string => new Date(clock.now() + 99_000).toISOString().slice(0, 19) + 'Z'
