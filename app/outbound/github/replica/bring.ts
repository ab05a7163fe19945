/** Brings GitHub from the base to the desired state, round by round, noting every step before and after it is taken. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, Projections } from '../../../engine/ports.ts'
import type { InstallationClient } from '../client.ts'
import { isGitHubFault, partlyFailed } from '../client/fault.ts'
import type { PullNodeIds } from '../facts/pull-node-ids.ts'
import type { LabelIdBook } from '../labels/label-ids.ts'
import { OvertakenFault } from '../notes.ts'
import { parseEdge } from '../relations/edges.ts'
import type { RelatedIds } from '../relations/related-ids.ts'
import { intend, isRefusedForGood, settle } from './advance.ts'
import { apply } from './apply.ts'
import type { ReplicaBase, ReplicaBases } from './base.ts'
import { SETTLE_MS } from './compare.ts'
import { fieldOf, leftAlone } from './corrections.ts'
import { desired, type Desired } from './desired.ts'
import { diff } from './diff.ts'
import { holdLine } from './hold-line.ts'
import {
  EVERYTHING_KEY,
  RECORD_KEY,
  checkUnsureKey,
  isEdge,
  pullUnsureKey,
  type Operation,
  type Result,
} from './operations.ts'
import { probe, settleProbe } from './probe.ts'
import type { Records } from './records.ts'
import type { Touches } from './touches.ts'

export interface BringContext {
  readonly client: InstallationClient
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
  readonly appId: number
  readonly projections: Pick<Projections, 'task'>
  readonly bases: ReplicaBases
  readonly labels: LabelIdBook
  readonly pulls: PullNodeIds
  readonly related: RelatedIds
  readonly records: Records
  readonly touches: Touches
  readonly clock: Clock
}

export interface Start {
  readonly base: ReplicaBase
  /** Operations beside the difference: doubles to delete, lines to people. */
  readonly operations: readonly Operation[]
}

/** New labels, then wearing them; batches of annotations; and a bound against going in circles. */
const MAX_ROUNDS = 8
const OPERATION = 'Reconcile'
/** What GitHub may have done is looked for after this; what it refused waits as long as the outbox says. */
const RETRY_MS: Millis = 2_000

export const bring = async (stream: StreamId, start: Start, context: BringContext): Promise<ReplicaBase> => {
  const { projections, bases, records, clock, client, repository } = context
  let { base, operations: extra } = start
  let noted = base
  let hasNews = false
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const task = (await projections.task(stream))?.task
    if (task === undefined) return base
    const record = await records.write(stream, base.issue)
    const want = desired(task, record)
    // Once it was so, it stays so for all rounds: some of the change may have been written by then.
    hasNews ||= record.news > (base.shown ?? base.record?.rev ?? Number.POSITIVE_INFINITY)
    const doubted = round === 0 ? [...base.unsure, ...dueAgain(base, clock.now())] : []
    const numbers = want.pullComments
      .map(({ pull }) => pull)
      .filter((pull) => base.pullComments[pull] === undefined || doubted.includes(pullUnsureKey(pull)))
    const pulls = await context.pulls.of(client, repository, numbers)

    if (round === 0 && doubtsAnything(base, clock.now())) {
      const keys = doubtful(base, want, clock.now())
      const probed = await probe(base, { client, repository, appId: context.appId, task, desired: want, pulls, keys })
      // What nobody wants any more is not made anew, so that it would be looked for again for ever.
      const again = keys.filter((key) => base.unsure.includes(key) || wantedKeys(want).includes(key))
      base = settleProbe(probed.base, base.unsure.includes(EVERYTHING_KEY) ? [] : again, clock.now())
      extra = [...extra, ...probed.healing]
    }

    const lines = holdLines(base)
    const all = [...diff(base, want), ...extra, ...lines.keys()]
    const alone = leftAlone(base, clock.now(), hasNews)
    const operations = all.filter((operation) => !alone.includes(fieldOf(operation) ?? ''))
    base = withholding(base, all, operations)
    extra = []
    if (operations.length === 0) {
      if (base !== noted) await bases.put(stream, base)
      return base
    }
    const intended = intend(base, operations)
    // Also when nothing is created: who was overtaken finds out before it writes, and not after.
    await bases.put(stream, intended)
    const results = await applyOrUndo(stream, intended, base, operations, pulls, context)
    base = { ...noteShown(settle(intended, results), results, lines), writtenAt: clock.now() }
    if (await wereEdgesRefused(results, context)) base = { ...base, secondLookAt: clock.now() + SETTLE_MS }
    await noteWritten(stream, base, context)
    noted = base
    const failed = results.filter(
      (result) => result.outcome === 'unsure' || (result.outcome === 'refused' && !isRefusedForGood(result)),
    )
    if (failed.length > 0) await giveUpForNow(stream, failed, context)
    if (results.every(({ outcome }) => outcome === 'skipped') && round > 0)
      throw partlyFailed(OPERATION, { forbidden: false, retryAt: clock.now() + RETRY_MS })
  }
  throw partlyFailed(OPERATION, { forbidden: false, retryAt: clock.now() + RETRY_MS })
}

/** They may be there already, or cannot be: what is so is seen once GitHub shows all that we wrote. */
const wereEdgesRefused = async (results: readonly Result[], { related }: BringContext): Promise<boolean> => {
  const refused = results.filter((result) => isEdge(result.operation) && isRefusedForGood(result))
  for (const { operation } of refused) if (isEdge(operation)) await related.forget(parseEdge(operation.edge).to)
  return refused.length > 0
}

/** What people have to be told of, and were not yet; by what field it is about. */
const holdLines = ({ held, told = [] }: ReplicaBase): ReadonlyMap<Operation, string> =>
  new Map(
    held.filter((field) => !told.includes(field)).map((field) => [{ kind: 'explain', text: holdLine(field) }, field]),
  )

/** Notes which fields are left as they are although they should be otherwise. The same list stays the same value. */
const withholding = (base: ReplicaBase, all: readonly Operation[], done: readonly Operation[]): ReplicaBase => {
  const left = all.filter((operation) => !done.includes(operation)).map(fieldOf)
  const withheld = [...new Set(left.filter((field) => field !== null))]
  return withheld.join() === (base.withheld ?? []).join() ? base : { ...base, withheld }
}

const noteShown = (
  base: ReplicaBase,
  results: readonly Result[],
  lines: ReadonlyMap<Operation, string>,
): ReplicaBase => {
  const done = results.filter(({ outcome }) => outcome === 'done').map(({ operation }) => operation)
  const told = done.map((operation) => lines.get(operation)).filter((field) => field !== undefined)
  const revs = done.flatMap((operation) => (operation.kind === 'write-record' ? [operation.rev] : []))
  return {
    ...base,
    ...(told.length === 0 ? {} : { told: [...(base.told ?? []), ...told] }),
    ...(revs.length === 0 ? {} : { shown: Math.max(base.shown ?? 0, ...revs) }),
  }
}

/** What a create may have left behind unseen; after a lost base, all that is desired. */
const doubtful = (base: ReplicaBase, want: Desired, now: Millis): readonly string[] => [
  ...new Set([
    ...base.unsure,
    ...dueAgain(base, now),
    ...(base.unsure.includes(EVERYTHING_KEY) ? wantedKeys(want) : []),
  ]),
]

const wantedKeys = (want: Desired): readonly string[] => [
  RECORD_KEY,
  ...want.checks.map(checkUnsureKey),
  ...want.pullComments.map(({ pull }) => pullUnsureKey(pull)),
]

const dueAgain = ({ lookAgain }: ReplicaBase, now: Millis): readonly string[] =>
  lookAgain !== null && lookAgain.at <= now ? lookAgain.keys : []

export const doubtsAnything = (base: ReplicaBase, now: Millis): boolean =>
  base.unsure.length > 0 || dueAgain(base, now).length > 0

/** Whether the record comment has to be searched for. */
export const doubtsRecord = (base: ReplicaBase, now: Millis): boolean =>
  [...base.unsure, ...dueAgain(base, now)].includes(RECORD_KEY)

/** Overtaken while the request was under way, it may have written over newer things. */
const noteWritten = async (stream: StreamId, base: ReplicaBase, { bases, touches }: BringContext): Promise<void> => {
  try {
    await bases.put(stream, base)
  } catch (error) {
    if (!(error instanceof OvertakenFault)) throw error
    await touches.mark(stream, null)
    await bases.distrust(stream)
    throw error
  }
}

/** When the whole request failed and nothing can have been done, the intent is taken back; in doubt it stays. */
const applyOrUndo = async (
  stream: StreamId,
  intended: ReplicaBase,
  before: ReplicaBase,
  operations: readonly Operation[],
  pulls: Readonly<Record<number, string>>,
  { client, repository, labels, bases, ...context }: BringContext,
): Promise<readonly Result[]> => {
  try {
    const others = operations.filter(isEdge).map(({ edge }) => parseEdge(edge).to)
    const related = await context.related.of(client, others)
    return await apply(operations, { client, repository, issue: intended.issue, labels, pulls, related })
  } catch (error) {
    if (isGitHubFault(error) && !error.ambiguous && intended !== before) await bases.put(stream, before)
    throw error
  }
}

const giveUpForNow = async (stream: StreamId, failed: readonly Result[], context: BringContext): Promise<never> => {
  const { labels, repository, touches, clock } = context
  const isLabels = ({ operation }: Result): boolean =>
    operation.kind === 'add-labels' || operation.kind === 'remove-labels'
  if (failed.some(isLabels)) await labels.forget(repository.id)
  // What GitHub refused is not as we think: the next reconcile looks first.
  await touches.mark(stream, null)
  const forbidden = failed.some((result) => result.outcome === 'refused' && result.type === 'FORBIDDEN')
  const refused = failed.some(({ outcome }) => outcome === 'refused')
  throw partlyFailed(OPERATION, { forbidden, retryAt: refused ? null : clock.now() + RETRY_MS })
}
