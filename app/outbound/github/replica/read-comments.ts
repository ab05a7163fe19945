/** All comments of an issue or pull request, page by page: only needed where an id was lost or a create's answer never came. */
import type { Actor } from '../../../domain/actor.ts'
import type { InstallationClient } from '../client.ts'
import type { Place } from '../ports.ts'

interface Account {
  readonly __typename: string
  readonly login: string
}

export interface CommentNode {
  readonly id: string
  readonly databaseId: number
  readonly body: string
  readonly viewerDidAuthor: boolean
  readonly isMinimized: boolean
  readonly author: Account | null
  readonly editor: Account | null
}

/** The type as well as the login: a person may be called as the App is. */
export const COMMENT_FIELDS =
  'id databaseId body viewerDidAuthor isMinimized author { __typename login } editor { __typename login }'

export const isByAuthor = ({ author, editor }: CommentNode): boolean =>
  author !== null && author.__typename === editor?.__typename && author.login === editor.login

/** GraphQL leaves out the `[bot]` with which an App's login ends in webhooks and REST. */
export const actorOf = ({ __typename, login }: Account): Actor =>
  __typename === 'Bot'
    ? { kind: 'bot', id: login.endsWith('[bot]') ? login : `${login}[bot]` }
    : { kind: 'user', id: login }

export const commentPlace = ({ id, databaseId }: CommentNode): Place => ({ nodeId: id, id: databaseId })

/** Ten thousand comments: an issue beyond that is not searched to its end. */
const MAX_PAGES = 100

export interface CommentsPage {
  readonly nodes: readonly CommentNode[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

interface Page {
  readonly node: { readonly comments: CommentsPage } | null
}

/** The first page, to be put into a query that looks at the issue anyway. */
export const FIRST_COMMENTS = `comments(first: 100) { nodes { ${COMMENT_FIELDS} } pageInfo { hasNextPage endCursor } }`

const QUERY = `query ReadComments($subject: ID!, $after: String) {
  node(id: $subject) {
    ... on Issue { comments(first: 100, after: $after) { nodes { ${COMMENT_FIELDS} } pageInfo { hasNextPage endCursor } } }
    ... on PullRequest { comments(first: 100, after: $after) { nodes { ${COMMENT_FIELDS} } pageInfo { hasNextPage endCursor } } }
  }
}`

const readPage = async (
  client: InstallationClient,
  subject: string,
  after: string | null,
): Promise<CommentsPage | undefined> => (await client.graphql<Page>(QUERY, { subject, after })).node?.comments

export const readComments = async (
  client: InstallationClient,
  subjectNodeId: string,
  first?: CommentsPage,
): Promise<readonly CommentNode[]> => {
  const all: CommentNode[] = []
  let comments = first ?? (await readPage(client, subjectNodeId, null))
  for (let page = 1; comments !== undefined && page < MAX_PAGES; page++) {
    all.push(...comments.nodes)
    const { hasNextPage, endCursor } = comments.pageInfo
    comments = hasNextPage && endCursor !== null ? await readPage(client, subjectNodeId, endCursor) : undefined
  }
  return all
}
