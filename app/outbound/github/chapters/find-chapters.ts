/** Reads all comments of an issue for chapters: after a create whose answer never came, and where nobody remembers. Writes nothing. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { GENESIS_HASH } from '../../../domain/event/hash-chain.ts'
import type { EventLog } from '../../../engine/ports.ts'
import type { IssuePlace, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { findSealed } from '../record/seal.ts'
import { withOwnVersions } from '../restore/own-versions.ts'
import { endOf, readChapter, type ReadChapter } from './chapter.ts'
import { adoptChapters, type Adopted } from './adopt-chapters.ts'
import type { KeptChapter } from './chapter-notes.ts'

export interface FindContext {
  readonly reader: Pick<ReplicaReader, 'commentsOf' | 'ownVersions'>
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
}

export interface HeldChapter {
  readonly kept: KeptChapter
  readonly read: ReadChapter
}

/** Every chapter of the stream on the issue that is believed, in whatever place it was first written. */
export const readAllChapters = async (
  stream: StreamId,
  issue: IssuePlace,
  { reader, keys, trustedApps }: FindContext,
): Promise<readonly HeldChapter[]> => {
  const comments = (await reader.commentsOf(issue)).filter(
    ({ body, appId, editedByOther }) =>
      appId !== null && trustedApps.includes(appId) && (editedByOther || findSealed('sealed', body).found !== 'none'),
  )
  return (await withOwnVersions(reader, comments, trustedApps)).flatMap((comment): readonly HeldChapter[] => {
    const read = readChapter(comment.body, { stream, place: null, keys })
    if (!read.ok || comment.editedByOther) return []
    const { number, from, rev, head, hash, piece, previous } = read.chapter
    const kept: KeptChapter = {
      number,
      from,
      rev,
      head,
      hash,
      previous: previous?.hash ?? null,
      madeAt: comment.updatedAt,
      ...(piece === undefined ? {} : { piece }),
      ...(comment.recovered ? { spoilt: true } : {}),
      comment: { id: comment.id, nodeId: comment.nodeId },
    }
    return [{ kept, read: read.chapter }]
  })
}

/** The chapters that go with our log, out of what is known and what is there. */
export const findChapters = async (
  stream: StreamId,
  issue: IssuePlace,
  known: readonly KeptChapter[],
  context: FindContext & { readonly log: Pick<EventLog, 'read' | 'base'> },
): Promise<Adopted> => {
  const found = (await readAllChapters(stream, issue, context)).map(({ kept }) => kept)
  if (found.length === 0) return { chapters: known, strays: [] }
  const base = await context.log.base(stream)
  const events = await context.log.read(stream)
  const hashes = new Map(events.map(({ version, hash }) => [version, hash]))
  for (const { version, prev } of events) if (!hashes.has(version - 1)) hashes.set(version - 1, prev)
  hashes.set(0, GENESIS_HASH)
  if (base !== null) hashes.set(base.version, base.head)
  const newest = Math.max(...hashes.keys())
  /** What our log does not know because it was imported without it may well be so. */
  const isOurs = (version: number, hash: string): boolean => version <= newest && (hashes.get(version) ?? hash) === hash
  return adoptChapters(known, found, (chapter) => {
    const end = endOf(chapter)
    return isOurs(end.version, end.head) && isOurs(chapter.from.version, chapter.from.head)
  })
}
