/** What a look at an issue means: others' changes are handed over to be decided, and what was seen becomes the base. Writes nothing to GitHub. */
import type { Actor } from '../../../domain/actor.ts'
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import { findSealed } from '../record/seal.ts'
import type { EdgeField } from '../relations/edges.ts'
import { adoptEdges, reactToEdges, type EdgeContext, type EdgeReaction } from '../relations/react-edges.ts'
import type { ReplicaBase, AppliedRecord } from './base.ts'
import { bodyHash } from './body-hash.ts'
import { SETTLE_MS, compare } from './compare.ts'
import { correct, leftAlone, RECORD_FOLDED, RECORD_GONE } from './corrections.ts'
import { explainLabels, type LabelEvent } from './label-changes.ts'
import type { Observed, ObservedRecord } from './observed.ts'
import { EVERYTHING_KEY, LABELS_KEY, type Operation } from './operations.ts'
import type { OnPersonChange, PersonChange } from '../../../engine/person-change.ts'

export interface ReactContext {
  readonly appId: number
  readonly onPersonChange: OnPersonChange
  /** Who touched the issue, when a webhook said so. */
  readonly touchedBy: Actor | null
  /** That was moments ago: GitHub may not show all of it yet. */
  readonly settling: boolean
  readonly now: Millis
  readonly edges: Omit<EdgeContext, 'onPersonChange' | 'now' | 'fresh'>
  /** Called only when labels differ. */
  readLabelEvents(): Promise<readonly LabelEvent[]>
  /** Our labels as the task wants them now, lower case; called after the changes were decided. */
  wantedLabels(): Promise<readonly string[]>
}

export interface Reaction {
  readonly base: ReplicaBase
  /** Lines to people, and doubles to delete. */
  readonly operations: readonly Operation[]
  /** Look once more then: what was seen may be GitHub's past. */
  readonly again: Millis | null
  /** Labels that vanished and nobody took off: they were renamed or deleted, and have another id now, or none. */
  readonly lost: readonly string[]
}

/** Nothing is known of what we wrote: what is there becomes the base, and the desired state wins over it once. */
export const firstSight = async (task: Task, observed: Observed, context: ReactContext): Promise<Reaction> => {
  const { record } = observed
  if (record !== null && record.editor !== null && !record.editedByUs) {
    await context.onPersonChange(tampering(task, null, observed, context.touchedBy))
  }
  // Check runs and pull request comments of a forgotten life may be there, unless there is no trace of one.
  const isNew = record === null && observed.labels.length === 0
  const seen = { ...context, ...context.edges, fresh: context.settling }
  const edges = isNew
    ? await reactToEdges(task, undefined, observed.related, [], seen)
    : await adoptEdges(task, observed.related, seen)
  await tellPeople(task, observed, context)
  const base: ReplicaBase = {
    v: 1,
    issue: observed.issue,
    title: observed.title,
    open: observed.open,
    // Whether it was closed for this, nobody remembers: who opened it again may have had a reason.
    closedFor: record !== null && task.status === 'done' ? task.statusSince : null,
    labels: observed.labels,
    relations: edges.relations,
    record: adopt(observed, null),
    checks: {},
    pullComments: {},
    unsure: isNew ? [] : [EVERYTHING_KEY],
    lookAgain: null,
    writtenAt: 0,
    observedAt: context.now,
    corrections: edges.putBack.map((field) => ({ field, at: context.now })),
    held: [],
  }
  const isFolded = record?.ours === true && record.minimised === true
  if (isFolded) await context.onPersonChange(folded(task, record, 0))
  const unfold: readonly Operation[] = isFolded ? [{ kind: 'unfold-comment', comment: record }] : []
  return { base, operations: [...doubles(observed), ...explained(edges), ...unfold], again: edges.again, lost: [] }
}

export const react = async (
  task: Task,
  base: ReplicaBase,
  observed: Observed,
  context: ReactContext,
): Promise<Reaction> => {
  const { now, touchedBy } = context
  const differences = compare(base, observed, now)
  const operations: Operation[] = [...doubles(observed)]
  let next: ReplicaBase = { ...base, issue: observed.issue, observedAt: now }
  let again: Millis | null = null
  let lost: readonly string[] = []

  const say = async (change: PersonChange): Promise<void> => {
    const { explain } = await context.onPersonChange(change)
    if (explain !== null) operations.push({ kind: 'explain', text: explain })
  }
  const putBack = async (field: string): Promise<boolean> => {
    const corrected = correct(next, field, now)
    next = corrected.base
    const over = field === RECORD_GONE || field === RECORD_FOLDED ? 'record' : field
    if (corrected.gaveUp) await say({ field: 'war', stream: task.stream, over, at: now })
    return corrected.gaveUp
  }
  /** Known already, and people were told: neither put on record nor explained each time. */
  const alone = leftAlone(base, now)
  const inDoubt = [...base.unsure, ...(base.lookAgain?.keys ?? [])].includes(LABELS_KEY)

  if (differences.title !== null) {
    next = { ...next, title: differences.title }
    const told = differences.title === task.title
    if (!told) await say({ field: 'title', stream: task.stream, title: differences.title, by: touchedBy })
  }
  // We have just closed it: that it is open may be GitHub's past.
  if (differences.open === true && differences.fresh && typeof base.closedFor === 'number') again = now + SETTLE_MS
  else if (differences.open !== null) {
    next = { ...next, open: differences.open }
    await say({ field: 'state', stream: task.stream, open: differences.open, by: touchedBy })
  }

  const { added, removed } = differences.labels
  if (added.length + removed.length > 0) {
    const events = await context.readLabelEvents()
    const changes = explainLabels(task.stream, differences.labels, events, context.appId)
    for (const change of changes) {
      if (alone.includes('labels')) await context.onPersonChange(change)
      else await say(change)
    }
    const isExplained = (label: string): boolean => changes.some((change) => change.label === label)
    const waits = (differences.fresh || context.settling) && ![...added, ...removed].every(isExplained)
    if (waits) again = now + SETTLE_MS
    const taken = (label: string): boolean => !waits || isExplained(label)
    const gone = removed.filter(taken)
    const come = added.filter(taken)
    next = { ...next, labels: [...base.labels.filter((label) => !gone.includes(label)), ...come].toSorted() }
    lost = gone.filter((label) => !isExplained(label))
    // A change that was accepted is no correction.
    const wanted = await context.wantedLabels()
    // Nor is what a request of ours did whose answer never came.
    const theirs = (label: string): boolean => !inDoubt || isExplained(label)
    if (
      come.some((label) => theirs(label) && !wanted.includes(label)) ||
      gone.some((label) => theirs(label) && wanted.includes(label))
    ) {
      await putBack('labels')
    }
  }

  const fresh = differences.fresh || context.settling
  const edges = await reactToEdges(task, base.relations, observed.related, alone, {
    ...context,
    ...context.edges,
    fresh,
  })
  next = { ...next, relations: edges.relations }
  const givenUp: EdgeField[] = []
  for (const field of edges.putBack) if (await putBack(field)) givenUp.push(field)
  operations.push(...explained(edges, givenUp))
  again = edges.again ?? again
  await tellPeople(task, observed, context)
  const { record } = observed
  if (record?.ours === true && record.minimised === true && !alone.includes(RECORD_FOLDED)) {
    // We may have shown it again just now.
    if (differences.fresh) again = now + SETTLE_MS
    else {
      await say(folded(task, record, base.writtenAt))
      await putBack(RECORD_FOLDED)
      operations.push({ kind: 'unfold-comment', comment: record })
    }
  }

  switch (differences.record) {
    case 'same':
      return { base: next, operations, again, lost }
    case 'found':
      break
    case 'ours':
      // Long after our last write, an older text of ours is not GitHub's past: it was put back with our name.
      if (!alone.includes('record') && !differences.fresh && isOlder(observed.record, base.record)) {
        await say({ ...tampering(task, base, observed, touchedBy), by: null })
        await putBack('record')
      }
      break
    case 'gone':
      if (differences.fresh) return { base: next, operations, again: now + SETTLE_MS, lost }
      await say(tampering(task, base, observed, touchedBy))
      await putBack(RECORD_GONE)
      break
    case 'edited':
      if (alone.includes('record')) break
      await say(tampering(task, base, observed, touchedBy))
      await putBack('record')
      break
  }
  return { base: { ...next, record: adopt(observed, base.record) }, operations, again, lost }
}

/** What is not put back after all is told in other words. */
const explained = ({ lines }: EdgeReaction, givenUp: readonly EdgeField[] = []): readonly Operation[] =>
  lines.filter(({ over }) => over === null || !givenUp.includes(over)).map(({ text }) => ({ kind: 'explain', text }))

/** Who is assigned and what it is planned for is for people to say on GitHub: both are taken down as they stand there. */
const tellPeople = async (
  task: Task,
  observed: Observed,
  { onPersonChange, touchedBy }: ReactContext,
): Promise<void> => {
  const { stream } = task
  const { assignees, milestone } = observed
  if (canonicalJson(assignees) !== canonicalJson(task.assignees ?? [])) {
    await onPersonChange({ field: 'assignees', stream, assignees, by: touchedBy })
  }
  if (canonicalJson(milestone) !== canonicalJson(task.milestone ?? null)) {
    await onPersonChange({ field: 'milestone', stream, milestone, by: touchedBy })
  }
}

/** What stands there now, so that the next comparison with the desired body finds out whether it has to be written. */
const adopt = ({ record }: Observed, known: AppliedRecord | null): AppliedRecord | null =>
  record === null
    ? null
    : { nodeId: record.nodeId, id: record.id, hash: bodyHash(record.body), rev: revOf(record) ?? known?.rev ?? 0 }

const isOlder = (record: ObservedRecord | null, known: AppliedRecord | null): boolean => {
  const rev = record === null ? null : revOf(record)
  return rev !== null && known !== null && rev < known.rev
}

/** As it says of itself, where we had the last word. */
const revOf = (record: ObservedRecord): number | null => {
  if (!record.ours || (record.editor !== null && !record.editedByUs)) return null
  const sealed = findSealed('record', record.body)
  return sealed.found === 'one' ? sealed.rev : null
}

const doubles = (observed: Observed): readonly Operation[] =>
  observed.doubles.map((comment) => ({ kind: 'delete-comment', comment }))

/** GitHub tells nobody who it was. */
const folded = (task: Task, { id }: ObservedRecord, since: Millis): PersonChange & { readonly field: 'record' } => ({
  field: 'record',
  stream: task.stream,
  what: 'record-minimised',
  by: null,
  detail: `record comment ${id} was folded up; it is shown again`,
  identity: `${id}:minimised:${since}`,
})

const tampering = (
  task: Task,
  base: ReplicaBase | null,
  { record }: Observed,
  touchedBy: Actor | null,
): PersonChange & { readonly field: 'record' } => {
  const id = record?.id ?? base?.record?.id ?? 0
  const editor = record?.editor ?? null
  return {
    field: 'record',
    stream: task.stream,
    what: record === null ? 'record-deleted' : 'record-edited',
    by: editor ?? touchedBy,
    detail: `record comment ${id} was ${record === null ? 'deleted' : 'edited'}; ours is put back`,
    identity: `${id}:${record === null ? 'gone' : bodyHash(record.body)}:${base?.record?.rev ?? 0}`,
  }
}
