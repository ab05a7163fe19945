/** Reads Octokit's own request and error objects, the one place that knows their form: what a call costs, what its failure said. */
import type { RequestCost } from './lanes.ts'
import type { FailedAnswer } from './read-answer.ts'

/** A request as Octokit's hook gets it: `url` is still the template. */
export interface Call {
  readonly method: string
  readonly url: string
  /** The document of a GraphQL request. */
  readonly query?: unknown
}

export const isMutation = (query: string): boolean => query.trimStart().startsWith('mutation')

export const operationName = (query: string): string => /^\s*(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? 'unnamed'

/** `GET /repos/{owner}/{repo}` or `GraphQL <operation name>`: few different ones, and no values in them. */
export const routeOf = ({ method, url, query }: Call): string =>
  url === '/graphql' ? `GraphQL ${operationName(typeof query === 'string' ? query : '')}` : `${method} ${url}`

/** Routes whose POST makes an issue or a comment; edges between issues count as well. */
const CREATING_ROUTES = /^\/repos\/\{owner\}\/\{repo\}\/issues(?:\/\{issue_number\}\/comments)?$/
const CREATING_FIELDS = /\b(?:addComment|createIssue|addSubIssue|addBlockedBy)\(/g

export const costOf = ({ method, url, query }: Call): RequestCost => {
  if (url === '/graphql') {
    const document = typeof query === 'string' ? query : ''
    const writes = isMutation(document)
    return { api: 'graphql', writes, creates: writes ? [...document.matchAll(CREATING_FIELDS)].length : 0 }
  }
  const writes = method !== 'GET' && method !== 'HEAD'
  return { api: 'rest', writes, creates: method === 'POST' && CREATING_ROUTES.test(url) ? 1 : 0 }
}

export const headerNumber = (
  headers: Readonly<Record<string, string | number | undefined>>,
  name: string,
): number | null => {
  const value = Number(headers[name])
  return headers[name] !== undefined && Number.isFinite(value) && value > 0 ? value : null
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const stringHeaders = (headers: unknown): FailedAnswer['headers'] =>
  isRecord(headers)
    ? Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
        ),
      )
    : {}

export interface OctokitResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: unknown
}

/** The connection broke, or nobody answered in time. */
export const NO_ANSWER: FailedAnswer = { status: null, headers: {}, documentationUrl: null, graphqlTypes: [] }

/** Octokit hands a JSON body that broke off, or is none, over as the text so far: good by its status, and worth nothing. */
export const isCutShort = ({ headers, data }: OctokitResponse): boolean =>
  typeof data === 'string' && String(headers['content-type']).startsWith('application/json')

/**
 * What a thrown request error said; null for errors that are none. Octokit gives a request without any answer the status
 * 500 and no response, and lets a broken-off one through as the DOMException that fetch threw.
 */
export const failedAnswer = (error: unknown): FailedAnswer | null => {
  if (!(error instanceof Error)) return null
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return NO_ANSWER
  if (!('status' in error) || typeof error.status !== 'number' || !('request' in error)) return null
  const response = 'response' in error ? error.response : undefined
  if (!isRecord(response)) return NO_ANSWER
  const body = response['data']
  const documentation = isRecord(body) ? body['documentation_url'] : undefined
  return {
    ...NO_ANSWER,
    status: error.status,
    headers: stringHeaders(response['headers']),
    documentationUrl: typeof documentation === 'string' ? documentation : null,
  }
}
