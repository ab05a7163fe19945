/** Each operation as the one GraphQL mutation that carries it out, and where its answer tells what was made. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { MutationField } from '../graphql/mutation-document.ts'
import { checkInput } from '../graphql/check-input.ts'
import type { IssueIds } from './base.ts'
import type { Place } from '../ports.ts'
import { parseEdge, type EdgeOperation } from '../relations/edges.ts'
import type { Operation } from './operations.ts'

export interface FieldContext {
  readonly issue: IssueIds
  /** Node id of a label by its lower-case name, or null when there is none. */
  labelId(name: string): string | null
  /** Node id of another issue, or null when it is gone or hidden. */
  issueNodeId(place: StreamId): string | null
  /** Node id of a pull request, or null when it is not known. */
  pullNodeId(number: number): string | null
}

const COMMENT = 'commentEdge { node { id databaseId } }'
const CHECK = 'checkRun { id databaseId }'

/** Null when it cannot be sent yet: a label or pull request that it names is not known. */
export const operationField = (operation: Operation, context: FieldContext): MutationField | null => {
  const { issue } = context
  switch (operation.kind) {
    case 'add-labels': {
      const labelIds = operation.labels.map(({ name }) => context.labelId(name.toLowerCase()))
      if (labelIds.includes(null)) return null
      return { field: 'addLabelsToLabelable', input: { labelableId: issue.nodeId, labelIds }, selection: '' }
    }
    case 'remove-labels': {
      // A label that is no more is not worn either.
      const labelIds = operation.names.map((name) => context.labelId(name)).filter((id) => id !== null)
      return { field: 'removeLabelsFromLabelable', input: { labelableId: issue.nodeId, labelIds }, selection: '' }
    }
    case 'write-record':
      return write(operation, issue.nodeId)
    case 'write-pull-comment': {
      const subject = operation.comment === null ? context.pullNodeId(operation.pull) : ''
      return subject === null ? null : write(operation, subject)
    }
    case 'create-check': {
      const { check, to } = operation
      const input = {
        repositoryId: issue.repositoryNodeId,
        headSha: check.headSha,
        ...checkInput(check, 0, to),
      }
      return { field: 'createCheckRun', input, selection: CHECK }
    }
    case 'update-check': {
      const { check, place, from, to } = operation
      const input = { repositoryId: issue.repositoryNodeId, checkRunId: place.nodeId, ...checkInput(check, from, to) }
      return { field: 'updateCheckRun', input, selection: CHECK }
    }
    case 'leave-check': {
      const input = {
        repositoryId: issue.repositoryNodeId,
        checkRunId: operation.place.nodeId,
        status: 'COMPLETED',
        conclusion: 'NEUTRAL',
        ...(operation.at === null ? {} : { completedAt: operation.at }),
        output: {
          title: 'The attempt went on to a newer commit',
          summary: `Its result is shown on ${operation.movedTo}.`,
        },
        actions: [],
      }
      return { field: 'updateCheckRun', input, selection: CHECK }
    }
    case 'retire-check': {
      const input = {
        repositoryId: issue.repositoryNodeId,
        checkRunId: operation.place.nodeId,
        name: 'muster (double)',
        externalId: 'double',
        status: 'COMPLETED',
        conclusion: 'SKIPPED',
        output: { title: 'A double', summary: 'Made twice by mistake; another check run counts.' },
        actions: [],
      }
      return { field: 'updateCheckRun', input, selection: CHECK }
    }
    case 'delete-comment':
      return { field: 'deleteIssueComment', input: { id: operation.comment.nodeId }, selection: '' }
    case 'unfold-comment':
      return { field: 'unminimizeComment', input: { subjectId: operation.comment.nodeId }, selection: '' }
    case 'close-issue':
      return { field: 'closeIssue', input: { issueId: issue.nodeId, stateReason: 'COMPLETED' }, selection: '' }
    case 'add-edge':
    case 'remove-edge':
      return edge(operation, context)
    case 'explain':
      return { field: 'addComment', input: { subjectId: issue.nodeId, body: operation.text }, selection: COMMENT }
  }
}

const edge = (operation: EdgeOperation, context: FieldContext): MutationField | null => {
  const { issue } = context
  const { kind, to } = parseEdge(operation.edge)
  const other = context.issueNodeId(to)
  if (other === null) return null
  const adds = operation.kind === 'add-edge'
  if (kind === 'blocked-by') {
    const input = { issueId: issue.nodeId, blockingIssueId: other }
    return { field: adds ? 'addBlockedBy' : 'removeBlockedBy', input, selection: '' }
  }
  const input = { issueId: other, subIssueId: issue.nodeId, ...(adds ? { replaceParent: true } : {}) }
  return { field: adds ? 'addSubIssue' : 'removeSubIssue', input, selection: '' }
}

const write = (
  { comment, body }: { readonly comment: Place | null; readonly body: string },
  subjectId: string,
): MutationField =>
  comment === null
    ? { field: 'addComment', input: { subjectId, body }, selection: COMMENT }
    : { field: 'updateIssueComment', input: { id: comment.nodeId, body }, selection: '' }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Where the answer of a create says that the new thing is, or null. */
export const placeIn = (answer: Readonly<Record<string, unknown>>): Place | null => {
  const edge = answer['commentEdge']
  const node = isRecord(edge) ? edge['node'] : answer['checkRun']
  if (!isRecord(node)) return null
  const { id, databaseId } = node
  return typeof id === 'string' && typeof databaseId === 'number' ? { nodeId: id, id: databaseId } : null
}
