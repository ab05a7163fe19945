/** A repository that may be written to, and what was made there, so that it can be tidied up. Speaks to GitHub as a person. */
import { randomBytes } from 'node:crypto'
import { Octokit } from '@octokit/rest'

const API_VERSION = '2022-11-28'
const PREFIX = 'muster-conformance'
const MOST_WAITS = 3
const LONGEST_WAIT_S = 120

/** Null: it was no limit that spoke. */
const secondsToWait = (error: unknown): number | null => {
  const { status, response } = error as {
    readonly status?: unknown
    readonly response?: { readonly headers: Readonly<Record<string, string | undefined>> }
  }
  const told = response?.headers['retry-after']
  if ((status !== 403 && status !== 429) || told === undefined) return null
  return Math.min(LONGEST_WAIT_S, Number(told) || 60)
}

export interface Issue {
  readonly number: number
  /** Database id. */
  readonly id: number
  readonly nodeId: string
}

export interface Place {
  readonly octokit: Octokit
  /** For every REST route of the repository. */
  readonly at: { readonly owner: string; readonly repo: string }
  /** A new issue, closed at the end. */
  issue(body?: string): Promise<Issue>
  /** A name for a label or a branch that nobody else uses; what bears it is deleted at the end. */
  name(): string
  /** `data` and `errors` of a GraphQL answer, whatever its fields came to. */
  graphql(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphqlSeen>
  /** The status of an answer, also of one that is an error. */
  status(request: Promise<{ readonly status: number }>): Promise<number>
  /** Looks until the answer is as wanted, because GitHub's lists lag; the last answer at any rate. */
  soon<T>(look: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T>
  /** Closes and deletes; what it cannot take away it leaves. */
  tidy(): Promise<void>
}

export interface GraphqlSeen {
  // Each assumption reads the few fields that it asked for.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any
  readonly errors: readonly { readonly type: string | null; readonly path: readonly (string | number)[] }[]
}

export interface PlaceOptions {
  /** The REST root, without a trailing slash. */
  readonly apiUrl: string
  readonly token: string
  readonly owner: string
  readonly repo: string
  /** How long GitHub's lists may lag. */
  readonly patienceMs?: number
}

export const createPlace = ({ apiUrl, token, owner, repo, patienceMs = 15_000 }: PlaceOptions): Place => {
  const octokit = new Octokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: PREFIX,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  })
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = API_VERSION
  })
  // GitHub takes some eighty new issues and comments a minute: whoever is told to wait waits, a few times.
  octokit.hook.wrap('request', async (request, options) => {
    for (let left = MOST_WAITS; ; left -= 1) {
      try {
        return await request(options)
      } catch (error) {
        const waitS = secondsToWait(error)
        if (waitS === null || left === 0) throw error
        await new Promise((wake) => void setTimeout(wake, waitS * 1000))
      }
    }
  })
  const at = { owner, repo }
  const run = randomBytes(3).toString('hex')
  const issues: Issue[] = []
  const names: string[] = []

  const quietly = async (request: Promise<unknown>): Promise<void> => {
    await request.catch(() => undefined)
  }

  return {
    octokit,
    at,
    async issue(body = 'Made to see how GitHub behaves; closed in a moment.') {
      const title = `${PREFIX} ${run}-${issues.length + 1}`
      const { data } = await octokit.rest.issues.create({ ...at, title, body })
      const made = { number: data.number, id: data.id, nodeId: data.node_id }
      issues.push(made)
      return made
    },
    name() {
      const made = `${PREFIX}-${run}-${names.length + 1}`
      names.push(made)
      return made
    },
    async graphql(query, variables = {}) {
      const { data } = await octokit.request('POST /graphql', { query, variables })
      const { data: seen, errors = [] } = data as {
        readonly data: unknown
        readonly errors?: readonly { readonly type?: string; readonly path?: readonly (string | number)[] }[]
      }
      return { data: seen, errors: errors.map(({ type, path }) => ({ type: type ?? null, path: path ?? [] })) }
    },
    async status(request) {
      try {
        return (await request).status
      } catch (error) {
        const { status } = error as { readonly status?: unknown }
        if (typeof status === 'number') return status
        throw error
      }
    },
    async soon(look, isWanted) {
      for (const until = Date.now() + patienceMs; ; await new Promise((wake) => void setTimeout(wake, 500))) {
        const answer = await look()
        if (isWanted(answer) || Date.now() > until) return answer
      }
    },
    async tidy() {
      for (const { number } of issues) {
        await quietly(octokit.rest.issues.unlock({ ...at, issue_number: number }))
        await quietly(
          octokit.rest.issues.update({ ...at, issue_number: number, state: 'closed', state_reason: 'not_planned' }),
        )
      }
      for (const name of names) {
        await quietly(octokit.rest.issues.deleteLabel({ ...at, name }))
        await quietly(octokit.rest.issues.deleteLabel({ ...at, name: `${name}-renamed` }))
        await quietly(octokit.rest.git.deleteRef({ ...at, ref: `heads/${name}` }))
      }
    },
  }
}
