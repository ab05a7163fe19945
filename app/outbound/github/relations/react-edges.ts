/**
 * What a look shows of an issue's edges: those that people drew or took away are handed over to be decided, and what was seen
 * becomes the base. Writes nothing to GitHub.
 */
import type { Actor } from '../../../domain/actor.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { OnPersonChange } from '../../../engine/person-change.ts'
import { SETTLE_MS } from '../replica/compare.ts'
import type { EdgeEvent } from './edge-events.ts'
import { adoptedLine, unheldLine } from './edge-lines.ts'
import {
  NO_RELATIONS,
  compareEdges,
  desiredEdges,
  edgeField,
  explainEdges,
  parseEdge,
  sorted,
  without,
  type AppliedRelations,
  type EdgeField,
  type EdgeKey,
} from './edges.ts'
import type { ObservedEdge, ObservedEdges } from './observed-edges.ts'

export interface EdgeContext {
  readonly onPersonChange: OnPersonChange
  readonly now: Millis
  /** Our last write, or somebody's touch, is so recent that GitHub may not show all of it yet. */
  readonly fresh: boolean
  /** Ask GitHub once more for what it would not take. */
  readonly retry: boolean
  isOurs(actor: Actor): boolean
  isTask(stream: StreamId): Promise<boolean>
  learnId(stream: StreamId, nodeId: string): Promise<void>
  /** Called only when an edge is not as we left it. */
  readEdgeEvents(): Promise<readonly EdgeEvent[]>
  /** As the task wants them now; called after the changes were decided. */
  wantedEdges(): Promise<readonly EdgeKey[]>
}

/** A line to people; `over`: what it says is put back, which may be given up. */
export interface EdgeLine {
  readonly text: string
  readonly over: EdgeField | null
}

export interface EdgeReaction {
  readonly relations: AppliedRelations
  readonly lines: readonly EdgeLine[]
  /** Fields whose changes were not accepted: they are put back. */
  readonly putBack: readonly EdgeField[]
  readonly again: Millis | null
}

/** `before` undefined: nobody has looked at the edges here yet, so that all of them are people's. */
export const reactToEdges = async (
  task: Task,
  before: AppliedRelations | undefined,
  { edges: observed, hidden }: ObservedEdges,
  /** Fields that are left alone: people were told of the quarrel already. */
  alone: readonly string[],
  context: EdgeContext,
): Promise<EdgeReaction> => {
  // What was not shown counts as standing as we know it.
  const assumed = [...(before?.edges ?? []), ...(before?.theirs ?? [])].filter((edge) =>
    hidden.includes(parseEdge(edge).kind),
  )
  const seen = sorted([...observed.map(({ edge }) => edge), ...assumed])
  const base = await withTheirs(before, seen, context)
  const { kept, lines } = unheldOf(task, base, seen, context)
  const found = compareEdges(base, seen)
  if (found.added.length + found.removed.length === 0) return { relations: kept, lines, putBack: [], again: null }

  for (const { edge, nodeId } of observed) {
    if (found.added.includes(edge)) await context.learnId(parseEdge(edge).to, nodeId)
  }
  const changes = explainEdges(found, await context.readEdgeEvents())
  const isExplained = (edge: EdgeKey): boolean => changes.some((change) => change.edge === edge)
  const told: EdgeLine[] = [...lines]
  for (const change of inOrder(changes.filter(({ by }) => !context.isOurs(by)))) {
    const { kind, to } = parseEdge(change.edge)
    const { explain } = await context.onPersonChange({
      field: 'edge',
      stream: task.stream,
      change: change.change,
      kind,
      to,
      seen: placeOf(observed.find(({ edge }) => edge === change.edge)),
      by: change.by,
      eventId: change.id,
      at: change.at,
    })
    const over = edgeField(change.edge)
    if (explain !== null && !alone.includes(over)) told.push({ text: explain, over })
  }
  const waits = context.fresh && ![...found.added, ...found.removed].every(isExplained)
  const taken = (edge: EdgeKey): boolean => !waits || isExplained(edge)
  const [come, gone] = [found.added.filter(taken), found.removed.filter(taken)]
  const wanted = await context.wantedEdges()
  const notAccepted = [
    ...without(come, wanted),
    ...gone.filter((edge) => wanted.includes(edge) && !kept.unheld.includes(edge)),
  ]
  return {
    relations: { ...kept, edges: sorted([...without(kept.edges, gone), ...come]) },
    lines: told,
    putBack: [...new Set(notAccepted.map(edgeField))],
    again: waits ? context.now + SETTLE_MS : null,
  }
}

const placeOf = (seen: ObservedEdge | undefined) =>
  seen === undefined ? null : { repository: seen.repository, repositoryId: seen.repositoryId, number: seen.number }

/** Nothing is remembered of what we wrote: the log wins once, and people are told what that changes. */
export const adoptEdges = async (
  task: Task,
  { edges: observed }: ObservedEdges,
  context: Pick<EdgeContext, 'isTask' | 'learnId' | 'wantedEdges'>,
): Promise<EdgeReaction> => {
  const relations = await withTheirs(undefined, sorted(observed.map(({ edge }) => edge)), context)
  for (const { edge, nodeId } of observed) await context.learnId(parseEdge(edge).to, nodeId)
  const edges = sorted(
    without(
      observed.map(({ edge }) => edge),
      relations.theirs,
    ),
  )
  const wanted = await context.wantedEdges()
  const line = adoptedLine(task, { taken: without(edges, wanted), put: without(wanted, edges) })
  return { relations: { ...relations, edges }, lines: said(line), putBack: [], again: null }
}

/** Edges to what is no task are nobody's command when they are older than the task; later ones are refused like any other. */
const withTheirs = async (
  before: AppliedRelations | undefined,
  seen: readonly EdgeKey[],
  { isTask }: Pick<EdgeContext, 'isTask'>,
): Promise<AppliedRelations> => {
  const theirs: EdgeKey[] = []
  for (const edge of before === undefined ? seen : before.theirs) {
    if (seen.includes(edge) && !(await isTask(parseEdge(edge).to))) theirs.push(edge)
  }
  return { ...(before ?? NO_RELATIONS), theirs: sorted(theirs) }
}

/** What GitHub would not take, as far as it is still so. Told once it is certain that the edge is not there after all. */
const unheldOf = (
  task: Task,
  base: AppliedRelations,
  seen: readonly EdgeKey[],
  { retry, fresh }: EdgeContext,
): { readonly kept: AppliedRelations; readonly lines: readonly EdgeLine[] } => {
  const wanted = desiredEdges(task)
  const missing = (edge: EdgeKey): boolean => wanted.includes(edge) && !seen.includes(edge)
  const unheld = base.unheld.filter(missing)
  const told = base.told.filter(missing)
  const news = fresh ? [] : without(unheld, told)
  return {
    kept: { ...base, unheld: retry ? [] : unheld, told: sorted([...told, ...news]) },
    lines: said(unheldLine(task, news)),
  }
}

const said = (text: string | null): readonly EdgeLine[] => (text === null ? [] : [{ text, over: null }])

/** A parent that was taken away in favour of another is said with that other one; and what takes away makes room first. */
const inOrder = (changes: readonly EdgeEvent[]): readonly EdgeEvent[] => {
  const isParent = ({ edge }: EdgeEvent): boolean => parseEdge(edge).kind === 'parent'
  const replaced = changes.some((change) => isParent(change) && change.change === 'added')
  const said = changes.filter((change) => !(replaced && isParent(change) && change.change === 'removed'))
  return said.toSorted((a, b) => Number(a.change === 'added') - Number(b.change === 'added') || a.at - b.at)
}
