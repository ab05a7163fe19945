/** Brings one believed record into the log, if the log is behind it. Writes nothing to GitHub. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { EventLog, Fold, LeaseRow } from '../../../engine/ports.ts'
import type { Doubt, RestoredStream } from '../../../../schemas/restore-report.ts'
import { openRecord } from '../record/open-record.ts'
import type { FindPart } from '../record/put-back.ts'
import type { RevMark, VerifiedRecord } from '../record/verify-record.ts'
import { compareHeads, type WhoWins } from './compare-heads.ts'
import { doubt, newerEpoch } from './doubts.ts'

export interface ImportTools {
  readonly log: EventLog
  readonly fold: Fold
  readonly findPart: FindPart
  /** The project's epoch as the log knew it before anything was imported; 0 when it knew none. */
  readonly epoch: number
}

export interface ImportResult {
  readonly restored: RestoredStream | null
  readonly doubts: readonly Doubt[]
}

export const importRecord = async (
  record: VerifiedRecord,
  issue: number,
  mark: RevMark | null,
  { log, fold, findPart, epoch }: ImportTools,
): Promise<ImportResult> => {
  const { stream, rev } = record
  const what = stream.startsWith('task/') ? 'record' : 'project'
  const doubtful = (...[problem, detail]: [Parameters<typeof doubt>[2], string]): ImportResult => ({
    restored: null,
    doubts: [doubt(what, { stream, issue }, problem, detail)],
  })

  const before = await log.load(stream)
  const events = before.version === 0 ? [] : await log.read(stream)
  const who = compareHeads({ version: before.version, head: before.head, events, epoch }, record, mark)
  if (who.verdict === 'forked') return doubtful('forked', who.reason)
  if (who.verdict === 'newer-epoch') {
    return doubtful('newer-epoch', newerEpoch(who.epoch, epoch))
  }
  if (who.verdict !== 'import') return { restored: standing(stream, before.version, rev, who), doubts: [] }

  const opened = openRecord(record, findPart)
  if (!opened.ok) return doubtful(opened.problem, opened.detail)
  const { state, index } = fold(stream, opened.base?.state ?? null, opened.events)
  const imported = await log.importStream({
    stream,
    base: opened.base,
    events: opened.events,
    state,
    index,
    leases: leasesOf(stream, state, before.now),
  })
  if (!imported) return doubtful('refused', 'the log did not take it: it holds another beginning')
  return {
    restored: { stream, outcome: who.gap ? 'gap' : 'imported', rev, from: before.version },
    // The events are the truth: an older version's snapshot may lack what today's fold adds.
    doubts: state === opened.state ? [] : doubtful('fold-differs', 'its state and its events differ').doubts,
  }
}

const standing = (stream: StreamId, version: number, rev: number, { verdict }: WhoWins): RestoredStream => ({
  stream,
  outcome: verdict === 'same' ? 'same' : 'ahead',
  rev,
  from: version,
})

/** Matters to nobody: a row that goes is found by its stream. */
const NO_FENCE = { epoch: 0, n: 0 } as const

/** A live lease gets one full term from now: time that Muster itself was away is nobody's strike. One that has ended takes its row along. */
const leasesOf = (stream: StreamId, state: string, now: Millis): readonly LeaseRow[] => {
  if (!stream.startsWith('task/')) return []
  const { lease } = JSON.parse(state) as Task
  return lease === null
    ? [{ stream, fence: NO_FENCE, until: null }]
    : [{ stream, fence: lease.fence, until: now + lease.ttlMs }]
}
