/** One look at an issue: reads it, lets log and record meet before anything is decided or written, and takes in what others did. */
import type { Actor } from '../../../domain/actor.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { InstallationClient } from '../client.ts'
import type { LabelIdBook } from '../labels/label-ids.ts'
import { STANDING_LABELS } from '../labels/label-table.ts'
import { findSealed } from '../record/seal.ts'
import { byTask, type StreamAt } from '../relations/by-task.ts'
import { readEdgeEvents } from '../relations/edge-events.ts'
import type { EdgeKey } from '../relations/edges.ts'
import type { RelatedIds } from '../relations/related-ids.ts'
import type { ReplicaBase } from './base.ts'
import { bodyHash } from './body-hash.ts'
import { readLabelEvents } from './label-changes.ts'
import { observe } from './observe.ts'
import type { ObservedRecord } from './observed.ts'
import { EVERYTHING_KEY, RECORD_KEY } from './operations.ts'
import type { OnPersonChange } from '../../../engine/person-change.ts'
import { firstSight, react, type Reaction } from './react.ts'
import type { Records } from './records.ts'

export interface LookContext {
  readonly client: InstallationClient
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
  readonly appId: number
  readonly labels: LabelIdBook
  readonly records: Records
  readonly onPersonChange: OnPersonChange
  readonly related: RelatedIds
  readonly wantedLabels: () => Promise<readonly string[]>
  readonly wantedEdges: () => Promise<readonly EdgeKey[]>
  readonly isTask: (stream: StreamId) => Promise<boolean>
  readonly streamAt: StreamAt
  readonly isOurs: (actor: Actor) => boolean
  readonly touchedBy: Actor | null
  readonly settling: boolean
  /** The first look in this process's life. */
  readonly first: boolean
  /** Search for the record comment even when its id is known: there may be a double. */
  readonly search: boolean
  readonly now: Millis
}

/** Null: the record there has another history, and nothing may be written. */
export const look = async (task: Task, base: ReplicaBase | null, context: LookContext): Promise<Reaction | null> => {
  const { client, repository, labels, records } = context
  const known = await labels.of(repository.id)
  const labelNames = STANDING_LABELS.map(({ name }) => name).filter((name) => known[name] === undefined)
  const view = (recordNodeId: string | null) =>
    observe({
      client,
      repository,
      number: task.number,
      recordNodeId,
      labelNames,
    })
  const expected = context.search ? null : (base?.record?.nodeId ?? null)
  const seen = await view(expected)
  // One that is gone may have been replaced by a later life than this data knows of.
  const { observed: found, labelIds } = expected !== null && seen.observed.record === null ? await view(null) : seen
  const edges = await byTask(found.related.edges, context.streamAt)
  const observed = { ...found, related: { ...found.related, edges } }
  if (labelNames.length > 0) await labels.learn(repository.id, labelIds)

  const { record } = observed
  const strange = record !== null && base?.record?.hash !== bodyHash(record.body)
  if (context.first || strange) {
    const meeting = await records.meet(task.stream, observed.issue, record)
    if (meeting === 'apart') return null
  }
  const reactContext = {
    appId: context.appId,
    onPersonChange: context.onPersonChange,
    touchedBy: context.touchedBy,
    settling: context.settling,
    now: context.now,
    wantedLabels: context.wantedLabels,
    edges: {
      retry: context.first,
      isOurs: context.isOurs,
      isTask: context.isTask,
      learnId: (other: StreamId, nodeId: string) => context.related.learn(other, nodeId),
      readEdgeEvents: async () => byTask(await readEdgeEvents(client, observed.issue.nodeId), context.streamAt),
      wantedEdges: context.wantedEdges,
    },
    readLabelEvents: () =>
      readLabelEvents({
        client,
        repository: { owner: repository.owner, name: repository.name },
        number: task.number,
        appId: context.appId,
      }),
  }
  if (base === null) return firstSight(task, observed, reactContext)
  const reaction = await react(task, isBehind(base, record) ? doubted(base) : base, observed, reactContext)
  if (reaction.lost.length > 0) await labels.forgetNames(repository.id, reaction.lost)
  return reaction
}

/** A record that is newer than what we remember writing: our data is older than GitHub, and so is what we know of the rest. */
const isBehind = (base: ReplicaBase, record: ObservedRecord | null): boolean => {
  if (record === null || !record.ours || base.unsure.includes(RECORD_KEY)) return false
  const sealed = findSealed('record', record.body)
  return sealed.found === 'one' && sealed.rev > (base.record?.rev ?? 0)
}

const doubted = (base: ReplicaBase): ReplicaBase => ({
  ...base,
  unsure: [...new Set([...base.unsure, EVERYTHING_KEY])],
})
