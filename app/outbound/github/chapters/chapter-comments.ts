/**
 * The comments of one task's chapters, for one piece of work: made one at a time, found again where an answer was lost, put right
 * where somebody laid hands on them. Every step is noted before and after it is taken. What goes into a chapter is decided elsewhere.
 */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, EventLog } from '../../../engine/ports.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { CommentWrite, CommentWriter, IssuePlace, Place, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { heldUntil, leftAlone, PAGES_GONE } from '../replica/corrections.ts'
import { LOOK_AGAIN_MS } from '../replica/probe.ts'
import { chapterHash, encodeChapter, type Draft } from './chapter.ts'
import { UNKNOWN_CHAPTERS, type ChapterBase, type ChapterNotes, type KeptChapter } from './chapter-notes.ts'
import { draftAgain } from './draft-chapter.ts'
import { findChapters } from './find-chapters.ts'
import { CHAPTERS } from './look-at-chapters.ts'

export type ChapterGitHub = Pick<ReplicaReader, 'states' | 'commentsOf' | 'ownVersions'> & CommentWriter

export interface ChapteredTask {
  readonly stream: StreamId
  /** `DEV-12`. */
  readonly key: string
  readonly issue: IssuePlace
  readonly github: ChapterGitHub
}

/** Something is left to do then. `behind`: GitHub does not show everything until it is done. */
export type Later = (stream: StreamId, at: Millis, behind: boolean) => Promise<void>

export interface ChapterCommentsOptions {
  readonly log: Pick<EventLog, 'read' | 'base'>
  readonly keys: RecordKeys
  readonly clock: Clock
  readonly trustedApps: readonly number[]
  readonly later: Later
}

export interface ChapterComments {
  readonly base: ChapterBase
  /** Reads all comments of the issue; doubles, and what goes with no log, are taken away. */
  find(): Promise<void>
  /** Null: GitHub refused. */
  add(draft: Draft): Promise<KeptChapter | null>
  /** Puts back what somebody deleted or wrote over. */
  mend(): Promise<void>
  /** For people, new ones are folded up. */
  foldUp(): Promise<void>
}

export class ChapterUnsureFault extends Error {
  override readonly name = 'ChapterUnsureFault'
  readonly code = 'chapter-unsure'
  readonly retryable = true
  constructor(stream: StreamId) {
    super(`nobody knows whether a chapter of ${stream} was written; it is looked for`)
  }
}

type Written = { readonly outcome: 'done'; readonly place: Place | null } | { readonly outcome: 'refused' }

/** What GitHub refused is not asked for again at once. */
const REFUSED_MS: Millis = 60 * 60_000

/** `noted` is what `notes` holds; null: nothing. */
export const createChapterComments = (
  { stream, key, issue, github }: ChapteredTask,
  { log, keys, clock, trustedApps, later }: ChapterCommentsOptions,
  notes: ChapterNotes,
  noted: ChapterBase | null,
): ChapterComments => {
  const { id: issueId, number: issueNumber, repositoryId } = issue
  const place = { stream, key, origin: { repositoryId, issueId, issueNumber } }
  let base = noted ?? UNKNOWN_CHAPTERS

  const put = async (next: ChapterBase): Promise<void> => {
    await notes.put(stream, next)
    base = next
  }

  /** One comment made or put right. What becomes of it is noted by whoever asked. */
  const write = async (write: CommentWrite): Promise<Written> => {
    const before = base
    const isCreate = write.kind === 'create'
    // Also where nothing is created: who was overtaken finds out before it writes, and not after.
    await put({ ...base, unsure: base.unsure || isCreate })
    const [written] = await github.write(issue, [write]).catch(async (error: unknown) => {
      if (isGitHubFault(error) && !error.ambiguous) await put(before)
      throw error
    })
    if (written?.outcome === 'refused') {
      await put(before)
      return { outcome: 'refused' }
    }
    const made = written?.outcome === 'done' ? written.place : null
    if (written?.outcome !== 'done' || (isCreate && made === null)) throw new ChapterUnsureFault(stream)
    base = before
    return { outcome: 'done', place: made }
  }

  const replaced = (chapter: KeptChapter): readonly KeptChapter[] =>
    base.chapters.map((one) => (one.number === chapter.number ? chapter : one))

  const remake = async ({ gone: _, ...chapter }: KeptChapter, draft: Draft): Promise<boolean> => {
    const written = await write({ kind: 'create', body: encodeChapter(draft, place, base.chapters, keys) })
    if (written.outcome === 'refused' || written.place === null) return false
    const chapters = replaced({ ...chapter, comment: written.place, madeAt: clock.now() })
    await put({ ...base, chapters, toFold: [...base.toFold, written.place.nodeId] })
    return true
  }

  const rewrite = async ({ spoilt: _, ...chapter }: KeptChapter, body: string | undefined): Promise<void> => {
    const { nodeId } = chapter.comment
    const written = body === undefined ? null : await write({ kind: 'update', nodeId, body })
    const isGone = written?.outcome === 'refused'
    await put({ ...base, chapters: replaced({ ...chapter, madeAt: clock.now(), ...(isGone ? { gone: true } : {}) }) })
    if (isGone) await later(stream, clock.now(), true)
  }

  return {
    get base() {
      return base
    },

    async find() {
      const context = { reader: github, keys, trustedApps, log }
      const { chapters, strays } = await findChapters(stream, issue, base.chapters, context)
      const found = chapters.filter(({ hash }) => !base.chapters.some((known) => known.hash === hash))
      // GitHub may not show yet what was made by the create whose answer never came.
      const lookAgainAt = noted !== null && base.unsure && found.length === 0 ? clock.now() + LOOK_AGAIN_MS : null
      const writes = strays.map((nodeId): CommentWrite => ({ kind: 'delete', nodeId }))
      if (writes.length > 0) await github.write(issue, writes)
      const toFold = noted === null ? [] : found.map(({ comment }) => comment.nodeId)
      await put({ ...base, chapters, unsure: false, lookAgainAt, toFold: [...base.toFold, ...toFold] })
      if (lookAgainAt !== null) await later(stream, lookAgainAt, false)
    },

    async add(draft) {
      const previous = base.chapters.at(-1)?.hash ?? null
      const written = await write({ kind: 'create', body: encodeChapter(draft, place, base.chapters, keys) })
      if (written.outcome === 'refused' || written.place === null) {
        await later(stream, clock.now() + REFUSED_MS, false)
        return null
      }
      const { number, from, rev, head, piece } = draft
      const hash = chapterHash(stream, draft, previous)
      const kept: KeptChapter = {
        number,
        from,
        rev,
        head,
        hash,
        previous,
        comment: written.place,
        madeAt: clock.now(),
        ...(piece === undefined ? {} : { piece }),
      }
      await put({ ...base, chapters: [...base.chapters, kept], toFold: [...base.toFold, written.place.nodeId] })
      return kept
    },

    async mend() {
      const alone = leftAlone(base, clock.now())
      for (const chapter of base.chapters) {
        const { comment, gone, spoilt, from } = chapter
        if (gone !== true && spoilt !== true) continue
        if (alone.includes(gone === true ? PAGES_GONE : CHAPTERS)) continue
        const draft = draftAgain(chapter, await log.read(stream, from.version))
        if (draft === null && gone === true) {
          // Nobody has these events any more.
          await put({ ...base, chapters: base.chapters.filter(({ number }) => number !== chapter.number) })
        } else if (draft !== null && gone === true) {
          if (!(await remake(chapter, draft))) return later(stream, clock.now() + REFUSED_MS, false)
        } else {
          const [newest] = draft === null ? await github.ownVersions(comment.nodeId) : []
          await rewrite(chapter, draft === null ? newest : encodeChapter(draft, place, base.chapters, keys))
        }
      }
      const until = heldUntil(base, clock.now())
      if (until !== null) await later(stream, until, false)
    },

    async foldUp() {
      if (base.toFold.length === 0) return
      const writes = base.toFold.map((nodeId): CommentWrite => ({ kind: 'minimise', nodeId }))
      const written = await github.write(issue, writes)
      // One that may not be folded up only takes more room.
      await put({ ...base, toFold: base.toFold.filter((_, index) => written[index]?.outcome === 'unsure') })
    },
  }
}
