/** Brings one believed record into the log, if the log is behind it. Writes nothing to GitHub. */
import type { Millis, StoredEvent, StreamId } from '../../../domain/event/envelope.ts'
import type { Task } from '../../../domain/task/state.ts'
import type { EventLog, Fold, LeaseRow, LoadedStream } from '../../../engine/ports.ts'
import type { Doubt, RestoredStream } from '../../../../schemas/restore-report.ts'
import type { ReadHistory } from '../chapters/read-history.ts'
import type { BaseState } from '../record/encode-record.ts'
import { openRecord } from '../record/open-record.ts'
import type { FindPart } from '../record/put-back.ts'
import type { RevMark, VerifiedRecord } from '../record/verify-record.ts'
import { compareHeads, type WhoWins } from './compare-heads.ts'
import { doubt, newerEpoch } from './doubts.ts'

export interface ImportTools {
  readonly log: EventLog
  readonly fold: Fold
  readonly findPart: FindPart
  /** Reads what the record has sealed into chapters, as far back as the version. Left out: nobody asks. */
  readonly readHistory?: (after: number) => Promise<ReadHistory>
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
  { log, fold, findPart, readHistory, epoch }: ImportTools,
): Promise<ImportResult> => {
  const { stream, rev } = record
  const what = stream.startsWith('task/') ? 'record' : 'project'
  const doubtful = (...[problem, detail]: [Parameters<typeof doubt>[2], string]): ImportResult => ({
    restored: null,
    doubts: [doubt(what, { stream, issue }, problem, detail)],
  })

  const before = await log.load(stream)
  const events = before.version === 0 ? [] : await log.read(stream)
  const ours = { version: before.version, head: before.head, events, epoch }
  const who = compareHeads(ours, record, mark)
  if (who.verdict === 'forked') return doubtful('forked', who.reason)
  if (who.verdict === 'newer-epoch') {
    return doubtful('newer-epoch', newerEpoch(who.epoch, epoch))
  }
  if (who.verdict !== 'import') return { restored: standing(stream, before.version, rev, who), doubts: [] }

  const opened = openRecord(record, findPart)
  if (!opened.ok) return doubtful(opened.problem, opened.detail)
  const isFar = opened.base !== null && opened.base.version > before.version
  const history = isFar && readHistory !== undefined ? await readHistory(before.version) : null
  const whole: Whole = history === null ? opened : withHistory(opened, history, before)
  const met = compareHeads(ours, { ...record, base: whole.base, events: whole.events }, mark)
  if (met.verdict === 'forked') return doubtful('forked', met.reason)
  const { state, index } = fold(stream, whole.base?.state ?? null, whole.events)
  const imported = await log.importStream({
    stream,
    base: whole.base,
    events: whole.events,
    older: whole.older ?? [],
    state,
    index,
    leases: leasesOf(stream, state, before.now),
  })
  if (!imported) return doubtful('refused', 'the log did not take it: it holds another beginning')
  return {
    restored: { stream, outcome: met.verdict === 'import' && met.gap ? 'gap' : 'imported', rev, from: before.version },
    doubts: [
      // The events are the truth: an older version's snapshot may lack what today's fold adds.
      ...(state === opened.state ? [] : doubtful('fold-differs', 'its state and its events differ').doubts),
      ...(history?.problem == null ? [] : doubtful('missing-chapter', history.problem).doubts),
    ],
  }
}

interface Whole {
  readonly base: BaseState | null
  readonly events: readonly StoredEvent[]
  readonly older?: readonly StoredEvent[]
}

/** The record's own events with those of its chapters before them: from the stream's first, or from where our log leaves off. */
const withHistory = ({ base, events }: Whole, { events: sealed, older }: ReadHistory, before: LoadedStream): Whole => {
  const [first] = sealed
  if (first?.version === 1 && before.version === 0) return { base: null, events: [...sealed, ...events], older: [] }
  const from = sealed.findIndex(({ version }) => version === before.version + 1)
  if (from === -1 || before.state === null) return { base, events, older: [...older, ...sealed] }
  const { version, head, state } = before
  // Another beginning than ours is found out where the heads are compared.
  const start = { version, head: sealed[from]?.prev ?? head, state }
  return { base: start, events: [...sealed.slice(from), ...events], older: [] }
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
