/** Reads and writes hidden comments over the client. Says who wrote and edited what; believes nothing. */
import type { Millis } from '../../domain/event/envelope.ts'
import type { InstallationClient } from './client.ts'
import { fieldAnswers, mutationDocument, type MutationField } from './graphql/mutation-document.ts'
import { partlyFailed } from './client/fault.ts'
import type {
  CommentState,
  CommentWrite,
  CommentWriter,
  CommentWritten,
  HeldComment,
  IssuePlace,
  ReplicaReader,
} from './ports.ts'
import { actorOf } from './replica/read-comments.ts'

interface Actor {
  readonly __typename: string
  readonly login: string
}

interface CommentNode {
  readonly id: string
  readonly databaseId: number
  readonly body: string
  readonly updatedAt: string
  readonly viewerDidAuthor: boolean
  readonly author: Actor | null
  readonly editor: Actor | null
  readonly issue: {
    readonly id: string
    readonly databaseId: number
    readonly number: number
    readonly repository: { readonly databaseId: number }
  }
}

/** The type as well as the login: a person may be called as the App is. */
const FIELDS = `id databaseId body updatedAt viewerDidAuthor author { __typename login } editor { __typename login }
      issue { id databaseId number repository { databaseId } }`

/** Bodies of up to 64 KB each in one answer. */
const NODES_PER_QUERY = 25
const STATES_PER_QUERY = 100
const COMMENTS_PER_PAGE = 50
const VERSIONS = 50

const sameActor = (a: Actor | null, b: Actor | null): boolean =>
  a !== null && b !== null && a.__typename === b.__typename && a.login === b.login

export interface GitHubCommentsOptions {
  readonly client: InstallationClient
  /** Our own App. */
  readonly appId: number
  /** `owner/name`. */
  readonly repository: string
}

export const createGitHubComments = ({
  client,
  appId,
  repository,
}: GitHubCommentsOptions): ReplicaReader & CommentWriter => {
  const [owner = '', repo = ''] = repository.split('/')

  /** GraphQL only says whether we wrote it ourselves. For another bot's comment, REST names the App: it may be a trusted one. */
  const appOf = async (node: CommentNode): Promise<number | null> => {
    if (node.viewerDidAuthor) return appId
    if (node.author?.__typename !== 'Bot') return null
    const { data } = await client.rest.issues.getComment({ owner, repo, comment_id: node.databaseId })
    return data.performed_via_github_app?.id ?? null
  }

  const held = async (node: CommentNode): Promise<HeldComment> => ({
    nodeId: node.id,
    id: node.databaseId,
    body: node.body,
    updatedAt: Date.parse(node.updatedAt),
    appId: await appOf(node),
    editedByOther: node.editor !== null && !sameActor(node.editor, node.author),
    issue: {
      nodeId: node.issue.id,
      id: node.issue.databaseId,
      number: node.issue.number,
      repositoryId: node.issue.repository.databaseId,
    },
  })

  const commentsBy = async (nodeIds: readonly string[]): Promise<readonly (HeldComment | null)[]> => {
    const declared = nodeIds.map((_, index) => `$c${index}: ID!`).join(', ')
    const fields = nodeIds.map((_, index) => `  c${index}: node(id: $c${index}) { ... on IssueComment { ${FIELDS} } }`)
    const { data } = await client.graphqlPartly<Record<string, CommentNode | null>>(
      `query ReadRecords(${declared}) {\n${fields.join('\n')}\n}`,
      Object.fromEntries(nodeIds.map((nodeId, index) => [`c${index}`, nodeId])),
    )
    const comments: (HeldComment | null)[] = []
    for (const index of nodeIds.keys()) {
      const node = data[`c${index}`]
      comments.push(node?.id === undefined ? null : await held(node))
    }
    return comments
  }

  return {
    async comments(nodeIds) {
      const all: (HeldComment | null)[] = []
      for (let from = 0; from < nodeIds.length; from += NODES_PER_QUERY) {
        all.push(...(await commentsBy(nodeIds.slice(from, from + NODES_PER_QUERY))))
      }
      return all
    },

    async states(nodeIds) {
      const all: (CommentState | null)[] = []
      for (let from = 0; from < nodeIds.length; from += STATES_PER_QUERY) {
        all.push(...(await statesBy(client, nodeIds.slice(from, from + STATES_PER_QUERY))))
      }
      return all
    },

    async commentsOf(issue) {
      const all: HeldComment[] = []
      for (let after: string | null = null, more = true; more;) {
        const page: CommentsPage = await client.graphql<CommentsPage>(COMMENTS_OF, { issue: issue.nodeId, after })
        for (const node of page.node?.comments.nodes ?? []) all.push(await held(node))
        after = page.node?.comments.pageInfo.endCursor ?? null
        more = page.node?.comments.pageInfo.hasNextPage === true && after !== null
      }
      return all
    },

    async recordsSince(since) {
      const nodeIds = await changedSince(client, owner, repo, since)
      const all: HeldComment[] = []
      for (let from = 0; from < nodeIds.length; from += NODES_PER_QUERY) {
        const some = await commentsBy(nodeIds.slice(from, from + NODES_PER_QUERY))
        all.push(...some.filter((comment) => comment !== null))
      }
      return all
    },

    async ownVersions(nodeId) {
      const { node } = await client.graphql<Versions>(VERSIONS_OF, { comment: nodeId })
      return (node?.userContentEdits?.nodes ?? [])
        .filter(
          ({ editor, deletedAt, diff }) =>
            deletedAt === null && diff !== null && sameActor(editor, node?.author ?? null),
        )
        .toSorted((a, b) => Date.parse(b.editedAt) - Date.parse(a.editedAt))
        .map(({ diff }) => diff ?? '')
    },

    async write(issue, writes) {
      if (writes.length === 0) return []
      const { query, variables } = mutationDocument(
        'KeepLedger',
        writes.map((write) => fieldOf(issue, write)),
      )
      const answers = fieldAnswers(writes.length, await client.graphqlPartly(query, variables))
      return answers.map((answer): CommentWritten => {
        if (answer.ok) return { outcome: 'done', place: placeIn(answer.data) }
        if (answer.type === null) return { outcome: 'unsure' }
        return { outcome: 'refused', gone: answer.type === 'NOT_FOUND' }
      })
    },
  }
}

const statesBy = async (
  client: InstallationClient,
  nodeIds: readonly string[],
): Promise<readonly (CommentState | null)[]> => {
  const declared = nodeIds.map((_, index) => `$c${index}: ID!`).join(', ')
  const fields = nodeIds.map(
    (_, index) =>
      `  c${index}: node(id: $c${index}) { ... on IssueComment { id databaseId author { __typename login } editor { __typename login } } }`,
  )
  const { data, errors } = await client.graphqlPartly<
    Record<string, Pick<CommentNode, 'id' | 'databaseId' | 'author' | 'editor'> | null>
  >(
    `query LookAtComments(${declared}) {\n${fields.join('\n')}\n}`,
    Object.fromEntries(nodeIds.map((nodeId, index) => [`c${index}`, nodeId])),
  )
  if (errors.some(({ type }) => type !== 'NOT_FOUND')) {
    throw partlyFailed('LookAtComments', { forbidden: false, retryAt: null })
  }
  return nodeIds.map((_, index) => {
    const node = data[`c${index}`]
    if (node?.id === undefined) return null
    const { id, databaseId, author, editor } = node
    const editedByOther = editor !== null && !sameActor(editor, author)
    return { nodeId: id, id: databaseId, editedByOther, editor: editor === null ? null : actorOf(editor) }
  })
}

/** Candidates only, told by their text: what they are worth is asked per comment. */
const changedSince = async (
  client: InstallationClient,
  owner: string,
  repo: string,
  since: Millis | null,
): Promise<readonly string[]> => {
  const found: string[] = []
  for (let page = 1; ; page += 1) {
    const { data } = await client.rest.issues.listCommentsForRepo({
      owner,
      repo,
      sort: 'updated',
      direction: 'asc',
      per_page: 100,
      page,
      ...(since === null ? {} : { since: new Date(since).toISOString() }),
    })
    found.push(...data.filter(({ body }) => body?.includes('<!-- muster:record ')).map(({ node_id }) => node_id))
    if (data.length < 100) return [...new Set(found)]
  }
}

interface CommentsPage {
  readonly node: {
    readonly comments: {
      readonly nodes: readonly CommentNode[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  } | null
}

const COMMENTS_OF = `query ReadLedger($issue: ID!, $after: String) {
  node(id: $issue) {
    ... on Issue {
      comments(first: ${COMMENTS_PER_PAGE}, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } }
    }
  }
}`

interface Versions {
  readonly node: {
    readonly author: Actor | null
    readonly userContentEdits: {
      readonly nodes: readonly {
        readonly editedAt: string
        readonly deletedAt: string | null
        /** Called so, but it is the whole text after the edit. */
        readonly diff: string | null
        readonly editor: Actor | null
      }[]
    } | null
  } | null
}

const VERSIONS_OF = `query ReadVersions($comment: ID!) {
  node(id: $comment) {
    ... on IssueComment {
      author { __typename login }
      userContentEdits(first: ${VERSIONS}) { nodes { editedAt deletedAt diff editor { __typename login } } }
    }
  }
}`

const fieldOf = (issue: IssuePlace, write: CommentWrite): MutationField => {
  switch (write.kind) {
    case 'create':
      return {
        field: 'addComment',
        input: { subjectId: issue.nodeId, body: write.body },
        selection: 'commentEdge { node { id databaseId } }',
      }
    case 'update':
      return {
        field: 'updateIssueComment',
        input: { id: write.nodeId, body: write.body },
        selection: 'issueComment { id databaseId }',
      }
    case 'delete':
      return { field: 'deleteIssueComment', input: { id: write.nodeId }, selection: '' }
    case 'minimise':
      return {
        field: 'minimizeComment',
        input: { subjectId: write.nodeId, classifier: 'RESOLVED' },
        selection: 'minimizedComment { isMinimized }',
      }
  }
}

const placeIn = (data: Readonly<Record<string, unknown>>) => {
  const { commentEdge, issueComment } = data as {
    commentEdge?: { node?: { id: string; databaseId: number } }
    issueComment?: { id: string; databaseId: number }
  }
  const node = commentEdge?.node ?? issueComment
  return node === undefined ? null : { nodeId: node.id, id: node.databaseId }
}
