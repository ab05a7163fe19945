/** Carries operations out in one GraphQL request, shared with other issues in a crowd, and says what came of each. Decides nothing and remembers nothing but label ids. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { FieldAnswer } from '../graphql/mutation-document.ts'
import { labelField, labelsToMake, lookUpLabels, madeLabels } from '../labels/ensure-labels.ts'
import type { LabelIdBook, LabelIds } from '../labels/label-ids.ts'
import type { IssueIds } from './base.ts'
import { operationField, placeIn } from './operation-field.ts'
import { isEdge, unsureKey, type Operation, type Result } from './operations.ts'

export interface ApplyContext {
  readonly client: InstallationClient
  readonly repository: { readonly owner: string; readonly name: string }
  readonly issue: IssueIds
  readonly labels: LabelIdBook
  /** Node ids of other issues by where they stand; null: gone or hidden. */
  readonly related: Readonly<Record<StreamId, string | null>>
  /** Node ids of pull requests by number. */
  readonly pulls: Readonly<Record<number, string>>
}

/** Errors by which GitHub says that it did nothing. Any other failed create may have happened. */
const REFUSALS = new Set(['NOT_FOUND', 'FORBIDDEN', 'UNPROCESSABLE', 'INSUFFICIENT_SCOPES'])

/**
 * One request. Labels that do not exist yet are made in it and worn in the next round: their ids are only known then, so
 * that label operations come back as skipped. Throws a GitHubFault when the whole request failed.
 */
export const apply = async (operations: readonly Operation[], context: ApplyContext): Promise<readonly Result[]> => {
  const { client, issue } = context
  const known = await knownLabels(operations, context)
  const toMake = labelsToMake(
    operations.flatMap((operation) => (operation.kind === 'add-labels' ? operation.labels : [])),
    known,
  )
  const fieldContext = {
    issue,
    labelId: (name: string) => known[name] ?? null,
    issueNodeId: (place: StreamId) => context.related[place] ?? null,
    pullNodeId: (number: number) => context.pulls[number] ?? null,
  }
  const making = toMake.map((label) => labelField(issue.repositoryNodeId, label))
  const isIdle = (operation: Operation): boolean =>
    operation.kind === 'remove-labels' && operation.names.every((name) => known[name] === null)
  const planned = operations.map((operation) => {
    // Nothing is taken off before its successor is on.
    const waits = operation.kind === 'remove-labels' && (toMake.length > 0 || isIdle(operation))
    return { operation, field: waits ? null : operationField(operation, fieldContext) }
  })
  const fields = [...making, ...planned.flatMap(({ field }) => (field === null ? [] : [field]))]
  const unsent = (operation: Operation): Result => {
    if (isEdge(operation)) return { operation, outcome: 'refused', type: 'NOT_FOUND' }
    return isIdle(operation) ? { operation, outcome: 'done', place: null } : { operation, outcome: 'skipped' }
  }
  if (fields.length === 0) return operations.map(unsent)

  const answers = await client.mutate('Reconcile', fields)
  if (toMake.length > 0) await learnLabels(toMake, answers.slice(0, making.length), context)
  let next = making.length
  return planned.map(({ operation, field }) => {
    const answer = field === null ? undefined : answers[next++]
    return answer === undefined ? unsent(operation) : resultOf(operation, answer)
  })
}

const resultOf = (operation: Operation, answer: FieldAnswer): Result => {
  if (answer.ok) return { operation, outcome: 'done', place: placeIn(answer.data) }
  const repeatable = unsureKey(operation) === null
  return repeatable || (answer.type !== null && REFUSALS.has(answer.type))
    ? { operation, outcome: 'refused', type: answer.type }
    : { operation, outcome: 'unsure' }
}

/**
 * Ids at hand. Names to take off that have none are looked up first: the memory was lost, or the label was made while, or after,
 * it was looked for in vain.
 */
const knownLabels = async (operations: readonly Operation[], context: ApplyContext): Promise<LabelIds> => {
  const known = await context.labels.of(context.issue.repositoryId)
  const unknown = operations
    .flatMap((operation) => (operation.kind === 'remove-labels' ? operation.names : []))
    .filter((name) => (known[name] ?? null) === null)
  if (unknown.length === 0) return known
  const found = await lookUpLabels(context.client, context.repository, unknown)
  await context.labels.learn(context.issue.repositoryId, found)
  return { ...known, ...found }
}

/** A label that could not be made may be there already: looked up, so that the next round can wear it. */
const learnLabels = async (
  toMake: readonly { readonly name: string }[],
  answers: readonly FieldAnswer[],
  { client, repository, issue, labels }: ApplyContext,
): Promise<void> => {
  await labels.learn(issue.repositoryId, madeLabels(answers))
  const failed = toMake.filter((_, index) => answers[index]?.ok !== true).map(({ name }) => name)
  if (failed.length === 0) return
  try {
    await labels.learn(issue.repositoryId, await lookUpLabels(client, repository, failed))
  } catch (error) {
    // The request is done, and what came of it counts: the next round makes the label again, or looks again.
    if (!isGitHubFault(error)) throw error
  }
}
