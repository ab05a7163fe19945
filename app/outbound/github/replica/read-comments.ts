/** All comments of an issue or pull request, page by page: only needed where an id was lost or a create's answer never came. */
import type { InstallationClient } from '../client.ts'
import type { Place } from './operations.ts'

export interface CommentNode {
  readonly id: string
  readonly databaseId: number
  readonly body: string
  readonly viewerDidAuthor: boolean
  readonly author: { readonly login: string } | null
  readonly editor: { readonly login: string } | null
}

export const COMMENT_FIELDS = 'id databaseId body viewerDidAuthor author { login } editor { login }'

export const commentPlace = ({ id, databaseId }: CommentNode): Place => ({ nodeId: id, id: databaseId })

/** Ten thousand comments: an issue beyond that is not searched to its end. */
const MAX_PAGES = 100

interface Page {
  readonly node: {
    readonly comments: {
      readonly nodes: readonly CommentNode[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  } | null
}

const QUERY = `query ReadComments($subject: ID!, $after: String) {
  node(id: $subject) {
    ... on Issue { comments(first: 100, after: $after) { nodes { ${COMMENT_FIELDS} } pageInfo { hasNextPage endCursor } } }
    ... on PullRequest { comments(first: 100, after: $after) { nodes { ${COMMENT_FIELDS} } pageInfo { hasNextPage endCursor } } }
  }
}`

type Comments = NonNullable<Page['node']>['comments']

const readPage = async (
  client: InstallationClient,
  subject: string,
  after: string | null,
): Promise<Comments | undefined> => (await client.graphql<Page>(QUERY, { subject, after })).node?.comments

export const readComments = async (
  client: InstallationClient,
  subjectNodeId: string,
): Promise<readonly CommentNode[]> => {
  const all: CommentNode[] = []
  let after: string | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const comments = await readPage(client, subjectNodeId, after)
    all.push(...(comments?.nodes ?? []))
    after = comments?.pageInfo.hasNextPage === true ? comments.pageInfo.endCursor : null
    if (after === null) return all
  }
  return all
}
