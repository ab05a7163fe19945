/** The versions of comments and pull requests with who wrote them, many in one GraphQL request: REST does not tell who edited. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { ScanPlace } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'
import { partlyFailed } from '../client/fault.ts'

interface Account {
  readonly __typename: string
  readonly login: string
}

interface Edits {
  readonly nodes: readonly {
    readonly editedAt: string
    readonly deletedAt: string | null
    /** Called so, but it is the whole text after the edit. */
    readonly diff: string | null
    readonly editor: Account | null
  }[]
  readonly pageInfo: { readonly hasNextPage: boolean }
}

interface CommentNode {
  readonly id: string
  readonly body: string
  readonly createdAt: string
  readonly author: Account | null
  readonly editor: Account | null
  readonly userContentEdits: Edits | null
}

interface PullNode {
  readonly id: string
  readonly number: number
  readonly body: string
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly closedAt: string | null
  readonly lastEditedAt: string | null
  readonly headRefName: string
  readonly headRefOid: string
  readonly isCrossRepository: boolean
  readonly baseRefName: string
  readonly repository: { readonly defaultBranchRef: { readonly name: string } | null }
  readonly userContentEdits: Edits | null
}

/** Texts of up to 64 KB each: few at once, and few versions of each. */
const NODES = 25
const VERSIONS = 20
/** The type as well as the login: a person may be called as an App is. */
const ACCOUNT = '{ __typename login }'
const EDITS = `userContentEdits(first: ${VERSIONS}) { nodes { editedAt deletedAt diff editor ${ACCOUNT} } pageInfo { hasNextPage } }`
const COMMENTS = `query ScanComments($ids: [ID!]!) {
  nodes(ids: $ids) { ... on IssueComment { id body createdAt author ${ACCOUNT} editor ${ACCOUNT} ${EDITS} } }
}`
const PULLS = `query ScanPulls($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on PullRequest {
      id number body state closedAt lastEditedAt headRefName headRefOid isCrossRepository baseRefName
      repository { defaultBranchRef { name } } ${EDITS}
    }
  }
}`

export const createHistories = (github: GitHub) => {
  const nodesOf = async <Node extends { readonly id: string }>(
    { installationId }: ScanPlace,
    query: string,
    ids: readonly string[],
  ): Promise<readonly Node[]> => {
    const client = github.installation(installationId, 'cosmetic')
    const all: Node[] = []
    for (let from = 0; from < ids.length; from += NODES) {
      const variables = { ids: ids.slice(from, from + NODES) }
      const { data, errors } = await client.graphqlPartly<{ nodes: readonly (Partial<Node> | null)[] }>(
        query,
        variables,
      )
      // What is gone is an answer; anything else that is missing is none.
      if (data.nodes === undefined || errors.some(({ type }) => type !== 'NOT_FOUND'))
        throw partlyFailed('Scan', { forbidden: false, retryAt: null })
      all.push(...data.nodes.filter((node): node is Node => node?.id !== undefined))
    }
    return all
  }
  return {
    async commentHistories(place: ScanPlace, nodeIds: readonly string[]) {
      const nodes = await nodesOf<CommentNode>(place, COMMENTS, nodeIds)
      return new Map(nodes.map((node) => [node.id, historyOf(node)]))
    },
    async pulls(place: ScanPlace, nodeIds: readonly string[]) {
      return (await nodesOf<PullNode>(place, PULLS, nodeIds)).map(pullOf)
    },
  }
}

const same = (a: Account | null, b: Account | null): boolean =>
  a !== null && b !== null && a.__typename === b.__typename && a.login === b.login

interface Version {
  readonly at: Millis
  readonly text: string | null
  readonly editor: Account | null
}

/** Oldest first; none for a text that was never edited. */
const versionsOf = (edits: Edits | null): readonly Version[] => {
  const known = (edits?.nodes ?? [])
    .map(({ editedAt, deletedAt, diff, editor }) => ({
      at: Date.parse(editedAt),
      text: deletedAt === null ? diff : null,
      editor,
    }))
    .toReversed()
    .toSorted((a, b) => a.at - b.at)
  return edits?.pageInfo.hasNextPage === true ? [{ at: 0, text: null, editor: null }, ...known] : known
}

const historyOf = ({ body, createdAt, author, editor, userContentEdits }: CommentNode) => {
  const versions = versionsOf(userContentEdits)
  const first = { at: Date.parse(createdAt), text: body, byAuthor: author !== null }
  return {
    editedByOther: editor !== null && !same(editor, author),
    versions:
      versions.length === 0
        ? [first]
        : versions.map(({ at, text, editor: by }) => ({ at, text, byAuthor: same(by, author) })),
  }
}

const pullOf = (node: PullNode) => {
  const intoDefault = node.baseRefName === node.repository.defaultBranchRef?.name
  const closedAt = node.closedAt === null ? null : Date.parse(node.closedAt)
  return {
    number: node.number,
    state:
      node.state === 'OPEN'
        ? ('open' as const)
        : node.state === 'MERGED' && intoDefault
          ? ('merged' as const)
          : ('closed' as const),
    branch: node.headRefName,
    headSha: node.headRefOid,
    isOwn: !node.isCrossRepository,
    closedAt,
    text: closedAt === null ? node.body : textAt(node, closedAt),
  }
}

const textAt = ({ body, lastEditedAt, userContentEdits }: PullNode, at: Millis): string =>
  lastEditedAt === null || Date.parse(lastEditedAt) <= at
    ? body
    : (versionsOf(userContentEdits).findLast((version) => version.at <= at)?.text ?? '')
