/**
 * Keeps the issues and pull requests of tasks as their state wants them. One GraphQL request per change when the base is
 * known and nobody else touched the issue; no request at all when nothing has changed.
 */
import type { Actor } from '../../../domain/actor.ts'
import { projectStream, type Millis, type StreamId } from '../../../domain/event/envelope.ts'
import { isClosed, type Task } from '../../../domain/task/state.ts'
import { lookAtTask, reconcileTask as reconcileItem } from '../../../engine/effects.ts'
import type { Clock, Documents, Outbox, Projections } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'
import type { GitHubLog } from '../client/limits.ts'
import { createIssueNodeIds } from '../facts/issue-node-ids.ts'
import { createPullNodeIds } from '../facts/pull-node-ids.ts'
import { desiredLabels } from '../labels/desired-labels.ts'
import { createLabelIdBook } from '../labels/label-ids.ts'
import { desiredEdges } from '../relations/edges.ts'
import { createRelatedIds } from '../relations/related-ids.ts'
import { createTurns } from '../turns.ts'
import { createReplicaBases, type ReplicaBases } from './base.ts'
import { bring, doubtsAnything, doubtsRecord, type Start } from './bring.ts'
import { heldUntil, release } from './corrections.ts'
import { SETTLE_MS } from './compare.ts'
import { look } from './look.ts'
import { ElsewhereFault } from './observe.ts'
import type { OnPersonChange } from '../../../engine/person-change.ts'
import type { Records } from './records.ts'
import { createTouches } from './touches.ts'

/**
 * What an earlier life wrote last, and never heard the answer of, may not be shown yet when this one looks first: GitHub's
 * reads lag by seconds.
 */
const SECOND_LOOK_MS: Millis = 10_000

export interface ReconcilerOptions {
  readonly github: GitHub
  readonly appId: number
  /** Whether it is our App's own account. */
  readonly isOurs: (actor: Actor) => boolean
  readonly projections: Pick<Projections, 'task' | 'taskAt' | 'project'>
  readonly documents: Documents
  readonly outbox: Pick<Outbox, 'put'>
  readonly clock: Clock
  readonly log: GitHubLog
  readonly records: Records
  readonly onPersonChange: OnPersonChange
  /** The issue of the task was not found where the log has it, or its repository has another name: true when the log knows better now. */
  readonly onElsewhere: (stream: StreamId) => Promise<boolean>
}

export interface Reconciler {
  /**
   * Throws a GitHubFault with the time to come back, or an OvertakenFault when another replica works on the same task. Calls
   * for one task run one after another.
   */
  reconcileTask(stream: StreamId): Promise<void>
  /** Somebody else did something to the issue: the next reconcile looks before it writes, and one is put up. Durable. */
  touched(stream: StreamId, by: Actor | null, reopened?: boolean): Promise<void>
  /** The slow sweep: puts up to `count` issues of open tasks up for a look that had none for `age`, longest first. */
  sweep(count: number, age: Millis): Promise<number>
}

export const createReconciler = (options: ReconcilerOptions): Reconciler => {
  const { github, appId, isOurs, projections, documents, outbox, clock, log, records, onPersonChange } = options
  const labels = createLabelIdBook(documents)
  const pulls = createPullNodeIds(documents)
  const issues = createIssueNodeIds(documents)
  const related = createRelatedIds({ documents, projections, issues })
  const touches = createTouches(documents, clock)
  /** Streams whose heads were compared since this process started. */
  const met = new Set<StreamId>()
  /** Streams that are set apart, as far as the log was told: every look finds it again. */
  const apart = new Set<StreamId>()

  const putUp = (stream: StreamId, at: Millis): Promise<void> => outbox.put([lookAtTask(stream, at)])

  /** Where to start from: the base, after a look when one is due. Null: nothing may be written. */
  const startOf = async (task: Task, bases: ReplicaBases, place: Parameters<typeof look>[2]): Promise<Start | null> => {
    const { stream } = task
    const { now } = place
    const kept = await bases.get(stream)
    // What stood in a repository that the issue has left says nothing of this one.
    const known = kept?.issue.repositoryId === place.repository.id && kept.issue.number === task.number ? kept : null
    const first = place.first || kept !== known
    const base = known === null ? null : release(known, now)
    const touch = await touches.get(stream)
    const second = (base?.secondLookAt ?? Number.POSITIVE_INFINITY) <= now
    const due =
      base === null || first || second || touch?.looked === false || base !== known || doubtsAnything(base, now)
    if (base !== null && !due) return { base, operations: [] }

    const search = base !== null && doubtsRecord(base, now)
    const settling = touch !== null && touch.by !== null && now - touch.at < SETTLE_MS
    const wasClosed = touch?.looked === false && touch.reopened === true
    const seen = await look(task, base !== null && wasClosed ? { ...base, open: false } : base, {
      ...place,
      first,
      touchedBy: touch?.by ?? null,
      settling,
      search,
    })
    if (seen === null) {
      if (!apart.has(stream))
        log.warn('the record on GitHub has another history: nothing is written there until a person decides', {
          stream,
        })
      apart.add(stream)
      return null
    }
    apart.delete(stream)
    // Whoever touched the issue may have brought the commit that a check was refused for.
    const again = seen.again ?? (settling ? touch.at + SETTLE_MS : null)
    const found = { ...seen.base, refused: {}, secondLookAt: again ?? (second ? null : (base?.secondLookAt ?? null)) }
    if (place.first && base !== null) found.secondLookAt = again ?? now + SECOND_LOOK_MS
    await bases.put(stream, found)
    await issues.learn(place.repository.id, task.number, seen.base.issue.nodeId)
    met.add(stream)
    if (touch !== null) await (again === null ? touches.clear(stream, touch) : touches.looked(stream, touch))
    return { base: found, operations: seen.operations }
  }

  const reconcile = async (stream: StreamId): Promise<void> => {
    const task = (await projections.task(stream))?.task
    const project = task === undefined ? null : await projections.project(task.project)
    if (task === undefined || project === null) return
    if (task.away !== undefined) return forgetRecord(stream)
    const client = github.installation(project.installationId, 'result')
    const [owner = '', name = ''] = project.repository.split('/')
    const repository = { id: project.repositoryId, owner, name }
    const place = { client, repository, appId, labels, records, related }
    const taskNow = async () => (await projections.task(stream))?.task
    const bases = createReplicaBases(documents)
    const start = await startOf(task, bases, {
      ...place,
      onPersonChange,
      wantedLabels: async () => {
        const now = await taskNow()
        return now === undefined ? [] : desiredLabels(now).map(({ name }) => name.toLowerCase())
      },
      wantedEdges: async () => {
        const now = await taskNow()
        return now === undefined ? [] : desiredEdges(now)
      },
      isTask: async (other) => (await projections.task(other)) !== null,
      streamAt: async (place) => {
        const [, repositoryId, number] = place.split('/').map(Number)
        return (await projections.taskAt(projectStream(repositoryId ?? 0), number ?? 0))?.task.stream ?? place
      },
      isOurs,
      touchedBy: null,
      settling: false,
      first: !met.has(stream),
      search: false,
      now: clock.now(),
    })
    if (start === null) return
    const base = await bring(stream, start, { ...place, projections, bases, pulls, touches, clock })
    const held = heldUntil(base, clock.now())
    const looks = [base.lookAgain?.at, base.secondLookAt, held].filter((at) => typeof at === 'number')
    if (looks.length > 0) await putUp(stream, Math.min(...looks))
  }

  /** Its comment went with the issue: the ledger has no mark of it any more. */
  const forgetRecord = async (stream: StreamId): Promise<void> => {
    const bases = createReplicaBases(documents)
    const base = await bases.get(stream)
    if (base !== null && base.record !== null) await bases.put(stream, { ...base, record: null })
  }

  const reconcileOrFollow = async (stream: StreamId): Promise<void> => {
    try {
      await reconcile(stream)
    } catch (error) {
      if (!(error instanceof ElsewhereFault) || !(await options.onElsewhere(stream))) throw error
      await outbox.put([reconcileItem(stream, clock.now())])
    }
  }

  const inTurn = createTurns()
  return {
    reconcileTask: (stream) => inTurn(stream, () => reconcileOrFollow(stream)),
    async touched(stream, by, reopened) {
      await touches.mark(stream, by, reopened)
      await outbox.put([reconcileItem(stream, clock.now())])
    },
    async sweep(count, age) {
      const before = clock.now() - age
      const oldest = (await createReplicaBases(documents).list())
        .filter(({ base }) => base.observedAt < before)
        .toSorted((a, b) => a.base.observedAt - b.base.observedAt)
      let put = 0
      for (const { stream } of oldest) {
        if (put >= count) break
        const task = (await projections.task(stream))?.task
        if (task === undefined || isClosed(task.status)) continue
        await touches.mark(stream, null)
        await outbox.put([{ ...reconcileItem(stream, clock.now()), lane: 'cosmetic' }])
        put++
      }
      return put
    },
  }
}
