/** Looks at a task's issue: one GraphQL query when the record comment's id is known, else also a walk through the comments. */
import type { InstallationClient } from '../client.ts'
import { partlyFailed } from '../client/fault.ts'
import type { GraphqlError } from '../client/graphql.ts'
import { labelLookUp, lookedUp } from '../labels/ensure-labels.ts'
import type { LabelIds } from '../labels/label-ids.ts'
import { familyOf } from '../labels/label-table.ts'
import { findSealed } from '../record/seal.ts'
import { EDGE_FIELDS, isAboutEdges, observedEdges, type RelatedIssues } from '../relations/observed-edges.ts'
import {
  actorOf,
  COMMENT_FIELDS,
  FIRST_COMMENTS,
  commentPlace,
  isByAuthor,
  readComments,
  type CommentNode,
  type CommentsPage,
} from './read-comments.ts'
import type { Observed, ObservedRecord } from './observed.ts'

export interface ObserveInput {
  readonly client: InstallationClient
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
  readonly number: number
  /** Node id of the record comment, or null when it is not known: then it is searched for. */
  readonly recordNodeId: string | null
  /** Labels whose ids are wanted with it. */
  readonly labelNames: readonly string[]
}

interface Answer {
  readonly repository: {
    readonly id: string
    readonly databaseId: number
    readonly issue: RelatedIssues & {
      readonly id: string
      readonly databaseId: number
      readonly number: number
      readonly repository: { readonly databaseId: number }
      readonly title: string
      readonly state: 'OPEN' | 'CLOSED'
      readonly labels: { readonly nodes: readonly { readonly name: string }[] }
      readonly assignees: { readonly nodes: readonly ({ readonly login: string } | null)[] }
      readonly milestone: { readonly number: number; readonly title: string } | null
      /** Only when the record comment is searched for. */
      readonly comments?: CommentsPage
    }
  }
  readonly record?: CommentNode | null
}

/** `labelIds` are those of `labelNames`. Throws `not-found` when the issue is not there any more. */
export const observe = async (
  input: ObserveInput,
): Promise<{ readonly observed: Observed; readonly labelIds: LabelIds }> => {
  const { client, repository, number, recordNodeId, labelNames } = input
  const query = `query Observe($owner: String!, $name: String!, $number: Int!${recordNodeId === null ? '' : ', $record: ID!'}) {
    repository(owner: $owner, name: $name) {
      id databaseId
      issue(number: $number) { id databaseId number repository { databaseId } title state labels(first: 100) { nodes { name } }
        assignees(first: 10) { nodes { login } } milestone { number title } ${EDGE_FIELDS} ${recordNodeId === null ? FIRST_COMMENTS : ''} }
      ${labelLookUp(labelNames)}
    }
    ${recordNodeId === null ? '' : `record: node(id: $record) { ... on IssueComment { ${COMMENT_FIELDS} } }`}
  }`
  const { owner, name } = repository
  const variables = { owner, name, number, ...(recordNodeId === null ? {} : { record: recordNodeId }) }
  const { data, errors } = await client.graphqlPartly<Answer>(query, variables)
  if (errors.some(isBreakdown)) throw partlyFailed('Observe', { forbidden: false, retryAt: null })
  const found = data.repository
  if (found?.issue === undefined || found.issue === null) return missing(input)
  const { issue } = found
  // A name that was given to another repository since, or an issue that GitHub follows to where it is.
  const isHere = found.databaseId === repository.id && issue.repository.databaseId === repository.id
  if (!isHere || issue.number !== number) throw new ElsewhereFault(input)
  const records =
    recordNodeId === null
      ? await searchRecords(input, issue.id, issue.comments)
      : [data.record].flatMap((node) => (node?.id === undefined ? [] : [recordOf(node)]))
  const [record = null, ...doubles] = records
  return {
    labelIds: lookedUp(labelNames, { ...found }),
    observed: {
      issue: {
        nodeId: issue.id,
        id: issue.databaseId,
        number,
        repositoryNodeId: found.id,
        repositoryId: found.databaseId,
      },
      title: issue.title,
      open: issue.state === 'OPEN',
      labels: issue.labels.nodes
        .map(({ name }) => name.toLowerCase())
        .filter((name) => familyOf(name) !== null)
        .sort(),
      related: observedEdges(issue, errors),
      assignees: issue.assignees.nodes.flatMap((person) => (person === null ? [] : [person.login])).sort(),
      milestone: issue.milestone,
      record,
      doubles: doubles.map(({ nodeId, id }) => ({ nodeId, id })),
    },
  }
}

/** Labels and related issues may be missing; an issue or comment that GitHub failed to show must not be taken for one that is gone. */
const isBreakdown = (error: GraphqlError): boolean =>
  error.type !== 'NOT_FOUND' && !/^l\d/.test(String(error.path[1])) && !isAboutEdges(error)

/** The issue, or its repository, is not where it was: transferred or renamed. Nothing was read of it, and nothing may be written there. */
export class ElsewhereFault extends Error {
  override readonly name = 'ElsewhereFault'
  readonly code = 'elsewhere'
  readonly retryable = true
  constructor({ repository, number }: Pick<ObserveInput, 'repository' | 'number'>) {
    super(
      `issue ${number} of ${repository.owner}/${repository.name} was transferred, or the repository is another one now`,
    )
  }
}

/** Asked again so that what throws says why: repository and issue look the same when they are hidden. */
const missing = async (input: ObserveInput): Promise<never> => {
  const { client, repository, number } = input
  const { owner, name } = repository
  const { data } = await client.rest.issues.get({ owner, repo: name, issue_number: number })
  const at = data.repository_url.split('/').slice(-2).join('/')
  if (data.number !== number || at.toLowerCase() !== `${owner}/${name}`.toLowerCase()) throw new ElsewhereFault(input)
  throw new Error(`GitHub has issue ${number} of ${repository.owner}/${repository.name} by REST and not by GraphQL`)
}

const recordOf = (node: CommentNode): ObservedRecord => ({
  ...commentPlace(node),
  body: node.body,
  ours: node.viewerDidAuthor,
  editor: node.editor === null ? null : actorOf(node.editor),
  editedByUs: node.viewerDidAuthor && isByAuthor(node),
  ...(node.isMinimized ? { minimised: true } : {}),
})

/** Our own comments that hold a record, oldest first: what others wrote is no candidate, whatever it says. */
const searchRecords = async (
  { client }: ObserveInput,
  issueNodeId: string,
  first: CommentsPage | undefined,
): Promise<readonly ObservedRecord[]> => {
  const comments = await readComments(client, issueNodeId, first)
  return comments
    .filter(({ viewerDidAuthor, body }) => viewerDidAuthor && findSealed('record', body).found !== 'none')
    .map(recordOf)
    .toSorted((a, b) => a.id - b.id)
}
