/**
 * What a believed record has sealed into chapters: the comments that it and they name, many at once, and only where some of them
 * are not there all comments of the issue. Reads only; says what is missing.
 */
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import type { IssuePlace, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import type { VerifiedRecord } from '../record/verify-record.ts'
import { withOwnVersions } from '../restore/own-versions.ts'
import { readChapter, type ReadChapter } from './chapter.ts'
import { readAllChapters } from './find-chapters.ts'
import { joinChapters } from './join-chapters.ts'

export interface ReadHistory {
  /** An unbroken run of events up to where those of the record itself begin. */
  readonly events: readonly StoredEvent[]
  /** Others, from before a gap. */
  readonly older: readonly StoredEvent[]
  /** What is missing, for people; null: nothing. */
  readonly problem: string | null
}

export interface HistorySources {
  readonly reader: Pick<ReplicaReader, 'comments' | 'commentsOf' | 'ownVersions'>
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
}

const NOTHING: ReadHistory = { events: [], older: [], problem: null }

/** Events at or before `after` are not needed. `issue` null: not known, so that only comments that are named are read. */
export const readHistory = async (
  record: VerifiedRecord,
  issue: IssuePlace | null,
  after: number,
  sources: HistorySources,
): Promise<ReadHistory> => {
  const { stream, base } = record
  if (base === null || record.sealed === undefined) return NOTHING
  let chapters = await named(record, after, sources)
  let joined = joinChapters(chapters, base)
  const isWhole = (): boolean => (joined.events[0]?.version ?? base.version + 1) <= after + 1
  if (!isWhole() && issue !== null) {
    chapters = [...chapters, ...(await readAllChapters(stream, issue, sources)).map(({ read }) => read)]
    joined = joinChapters(chapters, base)
  }
  if (isWhole()) return { ...joined, problem: null }
  const first = joined.events[0]?.version ?? base.version + 1
  const before = joined.older.at(-1)?.version ?? after
  return {
    ...joined,
    problem: `chapters of its history are missing or cannot be believed: events ${before + 1} to ${first - 1} are nowhere`,
  }
}

/** Backwards from the newest: each names a hundred before it. */
const named = async (
  { stream, sealed }: VerifiedRecord,
  after: number,
  { reader, keys, trustedApps }: HistorySources,
): Promise<readonly ReadChapter[]> => {
  const chapters: ReadChapter[] = []
  const asked = new Set<string>()
  let next = sealed === undefined ? [] : [sealed.comment.nodeId]
  while (next.length > 0) {
    for (const nodeId of next) asked.add(nodeId)
    const held = (await reader.comments(next)).filter((comment) => comment !== null)
    const ours = held.filter(({ appId }) => appId !== null && trustedApps.includes(appId))
    const read = (await withOwnVersions(reader, ours, trustedApps)).flatMap((comment) => {
      const reading = comment.editedByOther ? null : readChapter(comment.body, { stream, place: null, keys })
      return reading?.ok === true ? [reading.chapter] : []
    })
    chapters.push(...read)
    const [oldest] = chapters.toSorted((a, b) => a.number - b.number)
    if (oldest === undefined || oldest.from.version <= after) break
    next = oldest.earlier.filter((nodeId) => !asked.has(nodeId))
  }
  return chapters
}
