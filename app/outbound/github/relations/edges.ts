/**
 * How an issue is related to others, as sets of edges: what the task wants, what has to be done for it, and what others did.
 * Pure. Only the edges that start from the issue: what is a part of it, or waits for it, is the other issue's.
 */
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { EdgeKind } from '../../../engine/person-change.ts'
import type { EdgeEvent } from './edge-events.ts'

/** `parent:task/401/3`: it is a sub-issue of that one; `blocked-by:task/401/4`: it waits for that one. Whether a task stands there or not. */
export type EdgeKey = `${EdgeKind}:${StreamId}`

/** What is known of an issue's relations on GitHub. All lists are sorted. */
export interface AppliedRelations {
  /** What stands there, as far as we last wrote or saw it. */
  readonly edges: readonly EdgeKey[]
  /** Edges to issues that are no tasks, from before this issue was one: they say nothing of tasks, and are left alone. */
  readonly theirs: readonly EdgeKey[]
  /** What GitHub would not take: it is not asked for again as it is. */
  readonly unheld: readonly EdgeKey[]
  /** Which of them people were told of. */
  readonly told: readonly EdgeKey[]
}

export const NO_RELATIONS: AppliedRelations = { edges: [], theirs: [], unheld: [], told: [] }

export type EdgeOperation = {
  /** The one parent takes the place of another. */
  readonly kind: 'add-edge' | 'remove-edge'
  readonly edge: EdgeKey
}

export const edgeKey = (kind: EdgeKind, to: StreamId): EdgeKey => `${kind}:${to}`

export const parseEdge = (edge: EdgeKey): { readonly kind: EdgeKind; readonly to: StreamId } => {
  const colon = edge.indexOf(':')
  return { kind: edge.slice(0, colon) as EdgeKind, to: edge.slice(colon + 1) as StreamId }
}

/** What corrections are counted by. */
export type EdgeField = 'parent' | 'dependencies'

export const edgeField = (edge: EdgeKey): EdgeField => (isParent(edge) ? 'parent' : 'dependencies')

const isParent = (edge: EdgeKey): boolean => edge.startsWith('parent:')

/** Tasks that are done are waited for no longer, and are shown all the same: GitHub tells them by their closed issues. */
export const desiredEdges = ({ details, dependsOn }: Task): readonly EdgeKey[] =>
  sorted([
    ...(details.parent === undefined ? [] : [edgeKey('parent', details.parent.stream)]),
    ...dependsOn.map(({ stream }) => edgeKey('blocked-by', stream)),
  ])

/** What makes `wanted` of what stands. Nothing where nobody has looked yet. Removals first: they make room. */
export const edgeOperations = (
  relations: AppliedRelations | undefined,
  wanted: readonly EdgeKey[],
): readonly EdgeOperation[] => {
  if (relations === undefined) return []
  const { edges, unheld } = relations
  const missing = without(without(wanted, edges), unheld)
  const surplus = without(edges, wanted)
  const replaced = missing.some(isParent)
  return [
    ...surplus.filter((edge) => !(replaced && isParent(edge))).map((edge) => ({ kind: 'remove-edge', edge }) as const),
    ...missing.map((edge) => ({ kind: 'add-edge', edge }) as const),
  ]
}

/** After the operation has been done. */
export const advanceEdges = (relations: AppliedRelations, { kind, edge }: EdgeOperation): AppliedRelations => {
  const { edges, theirs, unheld } = relations
  if (kind === 'remove-edge') {
    // There is room again for what GitHub had none for.
    const still = unheld.filter((other) => isParent(other) !== isParent(edge))
    return { ...relations, edges: without(edges, [edge]), unheld: still }
  }
  const isReplaced = (other: EdgeKey): boolean => isParent(edge) && isParent(other)
  return {
    ...relations,
    edges: sorted([...edges.filter((other) => !isReplaced(other)), edge]),
    theirs: theirs.filter((other) => !isReplaced(other)),
  }
}

/** After GitHub has refused it for good. What is gone need not be taken away. */
export const refuseEdge = (relations: AppliedRelations, operation: EdgeOperation): AppliedRelations =>
  operation.kind === 'remove-edge'
    ? advanceEdges(relations, operation)
    : { ...relations, unheld: sorted([...relations.unheld, operation.edge]) }

export interface EdgeDifferences {
  readonly added: readonly EdgeKey[]
  readonly removed: readonly EdgeKey[]
}

/** What stands there now against what we last knew. */
export const compareEdges = (
  { edges, theirs }: Pick<AppliedRelations, 'edges' | 'theirs'>,
  observed: readonly EdgeKey[],
): EdgeDifferences => ({ added: without(without(observed, edges), theirs), removed: without(edges, observed) })

/** A difference with GitHub's own event for it: the newest one of that edge, when it says the same. */
export const explainEdges = ({ added, removed }: EdgeDifferences, events: readonly EdgeEvent[]): readonly EdgeEvent[] =>
  [
    ...added.map((edge) => ({ edge, change: 'added' as const })),
    ...removed.map((edge) => ({ edge, change: 'removed' as const })),
  ].flatMap(({ edge, change }) => {
    const newest = events.findLast((event) => event.edge === edge)
    return newest?.change === change ? [newest] : []
  })

/** Edges are named by tasks: an issue that was transferred is still the same one. */
export const renamed = async <Item extends { readonly edge: EdgeKey }>(
  items: readonly Item[],
  streamAt: (place: StreamId) => Promise<StreamId>,
): Promise<readonly Item[]> =>
  Promise.all(
    items.map(async (item) => {
      const { kind, to } = parseEdge(item.edge)
      return { ...item, edge: edgeKey(kind, await streamAt(to)) }
    }),
  )

export const without = <Item>(all: readonly Item[], gone: readonly Item[]): readonly Item[] =>
  all.filter((one) => !gone.includes(one))

export const sorted = (edges: readonly EdgeKey[]): readonly EdgeKey[] => [...new Set(edges)].toSorted()
