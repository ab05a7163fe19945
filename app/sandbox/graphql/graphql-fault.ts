/** An error inside a GraphQL answer: GitHub puts its `type` beside message, path and locations, and answers 200. */
import { GraphQLError } from 'graphql'
import type { GitHubError } from '../http/errors.ts'

export type GraphqlErrorType =
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'UNPROCESSABLE'
  | 'INSUFFICIENT_SCOPES'
  | 'MISSING_PAGINATION_BOUNDARIES'
  | 'EXCESSIVE_PAGINATION'
  | 'MAX_NODE_LIMIT_EXCEEDED'
  | 'INVALID_CURSOR_ARGUMENTS'
  | 'ARGUMENT_LIMIT'
  | 'INTERNAL'

export function graphqlFault(type: GraphqlErrorType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

/** The same refusal that REST words with a status. */
export function faultFromRest(error: GitHubError): GraphQLError {
  const details = error.errors?.map((one) =>
    typeof one === 'string' ? one : (one.message ?? `${one.field} is ${one.code}`),
  )
  const message = details?.length ? details.join('; ') : error.message
  if (error.status === 404 || error.status === 301)
    return graphqlFault('NOT_FOUND', 'Could not resolve to a node with the given global id.')
  if (error.status === 403 || error.status === 401) return graphqlFault('FORBIDDEN', error.message)
  return graphqlFault('UNPROCESSABLE', message)
}
