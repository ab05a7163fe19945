/** What the reconciler needs of the record comments: their text, and who wins when log and GitHub meet. */
import type { Actor } from '../../../domain/actor.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { IssueIds } from './base.ts'
import type { WrittenRecord } from './desired.ts'
import type { ObservedRecord } from './observed.ts'

/**
 * `write`: the log is as far or further. `imported`: GitHub was further and the log has caught up. `apart`: two histories or
 * a newer epoch; nothing may be written there, and a person was told.
 */
export type Meeting = 'write' | 'imported' | 'apart'

/** `news` is the version of the newest event that does more than put a quarrel over what is written here on record. */
export type NewestRecord = WrittenRecord & { readonly news: number }

export interface Records {
  /** The comment that the task's newest state wants; whatever it refers to is kept already. */
  write(stream: StreamId, issue: IssueIds): Promise<NewestRecord>
  /** At every look: chapters of older events that somebody else laid hands on are put on record, and right by the next write. */
  lookAtOlder(stream: StreamId, issue: IssueIds, by: Actor | null): Promise<void>
  /** Before the first write to an issue in a process's life, and when our comment is not as we left it. */
  meet(stream: StreamId, issue: IssueIds, record: ObservedRecord | null): Promise<Meeting>
}
