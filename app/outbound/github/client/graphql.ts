/** GraphQL over an installation's Octokit: partial answers as values, everything else as a GitHubFault. */
import { GraphqlResponseError, withCustomRequest } from '@octokit/graphql'
import type { Octokit } from '@octokit/rest'
import { GitHubFault } from './fault.ts'
import type { Limits } from './limits.ts'
import { faultOf, type FailedAnswer } from './read-answer.ts'
import { isMutation, operationName } from './request-shape.ts'

export type GraphqlVariables = Readonly<Record<string, unknown>>

export interface GraphqlError {
  /** GitHub's kind: NOT_FOUND, FORBIDDEN, UNPROCESSABLE, …; null when it names none. */
  readonly type: string | null
  /** The first is the alias of the field that failed. */
  readonly path: readonly (string | number)[]
}

export interface GraphqlAnswer<T> {
  /** Fields that failed are null. */
  readonly data: Partial<T>
  readonly errors: readonly GraphqlError[]
}

export interface Graphql {
  /** Throws when any field failed. Name every operation: requests are counted by it. */
  graphql<T>(query: string, variables: GraphqlVariables): Promise<T>
  /** Answers also when some fields failed; throws when nothing was done at all. */
  graphqlPartly<T>(query: string, variables: GraphqlVariables): Promise<GraphqlAnswer<T>>
}

export const createGraphql = (octokit: Octokit, limits: Limits): Graphql => {
  const send = withCustomRequest(octokit.request)

  const graphqlPartly = async <T>(query: string, variables: GraphqlVariables): Promise<GraphqlAnswer<T>> => {
    try {
      return { data: await send<Partial<T>>(query, variables), errors: [] }
    } catch (error) {
      if (!(error instanceof GraphqlResponseError)) throw error
      const errors = (error.errors ?? []).map(({ type, path }) => ({ type: type ?? null, path: path ?? [] }))
      const failed: FailedAnswer = {
        status: 200,
        headers: { ...error.headers },
        documentationUrl: null,
        graphqlTypes: errors.flatMap(({ type }) => (type === null ? [] : [type])),
      }
      const route = `GraphQL ${operationName(query)}`
      const retryAt = await limits.refused('graphql', failed, route)
      const data = error.data as Partial<T> | null | undefined
      if (retryAt === null && data !== null && data !== undefined) return { data, errors }
      // A request that does not fit the schema names a code; without one, GitHub broke off somewhere in the middle.
      const refused =
        retryAt !== null || (error.errors ?? []).some(({ extensions }) => extensions?.['code'] !== undefined)
      const answer = refused ? failed : { ...failed, status: 502 }
      throw faultOf(answer, { route, writes: isMutation(query) }, { retryAt })
    }
  }

  return {
    graphqlPartly,
    async graphql<T>(query: string, variables: GraphqlVariables) {
      const { data, errors } = await graphqlPartly<T>(query, variables)
      if (errors.length === 0) return data as T
      const missing = errors.every(({ type }) => type === 'NOT_FOUND')
      const forbidden = errors.some(({ type }) => type === 'FORBIDDEN')
      throw new GitHubFault(missing ? 'not-found' : forbidden ? 'forbidden' : 'invalid', {
        status: 200,
        route: `GraphQL ${operationName(query)}`,
        retryable: false,
        retryAt: null,
        ambiguous: false,
        requestId: null,
      })
    },
  }
}
