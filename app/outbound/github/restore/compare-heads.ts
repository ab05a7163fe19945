/**
 * Who wins when the log and the record on GitHub meet for the first time in a process's life. Pure: what is compared has
 * been read and believed before. Nothing that is further than we are is ever overwritten.
 */
import { GENESIS_HASH } from '../../../domain/event/hash-chain.ts'
import type { StoredEvent } from '../../../domain/event/envelope.ts'

export interface LogHead {
  /** 0 when the stream is not in the log. */
  readonly version: number
  readonly head: string
  /** The events that the log has; gaps from earlier imports are allowed. */
  readonly events: readonly StoredEvent[]
  /** The project's epoch as the log knows it; 0 when it knows no project. */
  readonly epoch: number
}

/** Every VerifiedRecord is one. */
export interface RecordHead {
  readonly rev: number
  readonly head: string
  readonly epoch: number
  readonly base: { readonly version: number; readonly head: string } | null
  readonly events: readonly StoredEvent[]
}

export type WhoWins =
  /** The log is further, or GitHub has nothing: bring GitHub up to date. */
  | { readonly verdict: 'write' }
  | { readonly verdict: 'same' }
  /** GitHub is further on the same chain. `gap`: events in between are in neither, so that the epoch has to rise. */
  | { readonly verdict: 'import'; readonly gap: boolean }
  /** Two histories, or GitHub held more than it shows: write nothing there, tell a person. */
  | { readonly verdict: 'forked'; readonly reason: string }
  /** Another Muster has taken over since this log was last in use: write nothing there, tell a person. */
  | { readonly verdict: 'newer-epoch'; readonly epoch: number }

const WRITE: WhoWins = { verdict: 'write' }
const forked = (reason: string): WhoWins => ({ verdict: 'forked', reason })

/** `record` is null when the issue has none that can be believed; `mark` is what the ledger has last seen of it. */
export const compareHeads = (
  log: LogHead,
  record: RecordHead | null,
  mark: { readonly rev: number; readonly head: string } | null,
): WhoWins => {
  if (record !== null && log.version > 0 && record.epoch > log.epoch) {
    return { verdict: 'newer-epoch', epoch: record.epoch }
  }
  const held = markHolds(log, record, mark)
  if (held !== null) return held
  if (record === null) return WRITE
  if (log.version === record.rev) {
    return log.head === record.head ? { verdict: 'same' } : forked(`both stand at ${record.rev}, with different events`)
  }
  return log.version > record.rev ? logFurther(log, record) : recordFurther(log, record)
}

/** Null when the mark is met: by the record, or by a log that has what the mark has seen. */
const markHolds = (
  log: LogHead,
  record: RecordHead | null,
  mark: { readonly rev: number; readonly head: string } | null,
): WhoWins | null => {
  if (mark === null || (record !== null && record.rev >= mark.rev)) return null
  if (log.version < mark.rev) {
    const found = record === null ? 'its record is gone' : `its record stands at ${record.rev}`
    return forked(`the ledger has seen revision ${mark.rev}, ${found}, and the log ends at ${log.version}`)
  }
  const ours = hashAt(log.events, { version: log.version, hash: log.head }, mark.rev)
  return ours === undefined || ours === mark.head ? null : forked(`the ledger has seen other events up to ${mark.rev}`)
}

/** What the log has no hash for is older than what it was imported from, which was believed then. */
const logFurther = (log: LogHead, record: RecordHead): WhoWins => {
  const ours = hashAt(log.events, { version: log.version, hash: log.head }, record.rev)
  return ours === undefined || ours === record.head ? WRITE : forked(`the events up to ${record.rev} differ`)
}

const recordFurther = (log: LogHead, record: RecordHead): WhoWins => {
  if (log.version === 0) return { verdict: 'import', gap: false }
  const theirs =
    record.base?.version === log.version
      ? record.base.head
      : hashAt(record.events, { version: record.rev, hash: record.head }, log.version)
  if (theirs === undefined) return { verdict: 'import', gap: true }
  return theirs === log.head ? { verdict: 'import', gap: false } : forked(`the events up to ${log.version} differ`)
}

const hashAt = (
  events: readonly StoredEvent[],
  newest: { readonly version: number; readonly hash: string },
  version: number,
): string | undefined => {
  if (version === newest.version) return newest.hash
  if (version === 0) return GENESIS_HASH
  return (
    events.find((event) => event.version === version)?.hash ??
    events.find((event) => event.version === version + 1)?.prev
  )
}
