/**
 * What a query costs against the hour's budget, as GitHub documents it: the requests needed for every connection, as if
 * each returned all it was asked for, divided by a hundred; at least one point. More than 500,000 nodes is refused.
 */
import { type DocumentNode, type FieldNode, type GraphQLError, Kind, type SelectionSetNode } from 'graphql'
import { graphqlFault } from './graphql-fault.ts'

const MAX_NODES = 500_000

export interface QueryCost {
  readonly cost: number
  readonly nodeCount: number
  /** Set when the query asks for more nodes than GitHub gives at once: it is then not carried out. */
  readonly fault: GraphQLError | null
}

export function costOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): QueryCost {
  const fragments = new Map<string, SelectionSetNode>()
  for (const one of document.definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one.selectionSet)

  let requests = 0
  let nodes = 0
  function visit(set: SelectionSetNode | undefined, times: number, depth: number): void {
    if (!set || depth > 40) return
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const size = pageSize(selection, variables)
        if (size !== null) {
          requests += times
          nodes += times * size
        }
        visit(selection.selectionSet, times * (size ?? 1), depth + 1)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, times, depth + 1)
      else visit(fragments.get(selection.name.value), times, depth + 1)
    }
  }
  for (const one of document.definitions) if (one.kind === Kind.OPERATION_DEFINITION) visit(one.selectionSet, 1, 0)

  const fault =
    nodes > MAX_NODES
      ? graphqlFault(
          'MAX_NODE_LIMIT_EXCEEDED',
          `This query requests up to ${nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of ${MAX_NODES.toLocaleString('en')}.`,
        )
      : null
  return { cost: Math.max(1, Math.round(requests / 100)), nodeCount: nodes, fault }
}

/** `first` or `last` of a connection field; null for a field that is no connection. */
function pageSize(field: FieldNode, variables: Readonly<Record<string, unknown>>): number | null {
  const argument = field.arguments?.find((one) => one.name.value === 'first' || one.name.value === 'last')
  if (!argument) return null
  if (argument.value.kind === Kind.INT) return Number(argument.value.value)
  if (argument.value.kind !== Kind.VARIABLE) return null
  const value = variables[argument.value.name.value]
  return typeof value === 'number' ? value : 0
}
