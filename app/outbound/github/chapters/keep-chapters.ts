/**
 * Keeps tasks' chapters: before a record is written, what is missing of them is put back, and what the record has no room for goes
 * into the next one. A chapter that was written is never written again, so that a record costs the same however long the history
 * is. Decides nothing about who wins: that was settled before (see replica/create-records.ts).
 */
import type { Actor } from '../../../domain/actor.ts'
import type { Millis, StoredEvent } from '../../../domain/event/envelope.ts'
import { GENESIS_HASH } from '../../../domain/event/hash-chain.ts'
import type { Documents, Fold } from '../../../engine/ports.ts'
import type { OnPersonChange } from '../../../engine/person-change.ts'
import { isGitHubFault } from '../client/fault.ts'
import type { CommentState } from '../ports.ts'
import type { BaseState, SealedTip } from '../record/encode-record.ts'
import { endOf, type Draft, type Version } from './chapter.ts'
import { createChapterComments, type ChapterCommentsOptions, type ChapteredTask } from './chapter-comments.ts'
import { createChapterNotes, createStatesThen, type KeptChapter } from './chapter-notes.ts'
import { nextDraft } from './draft-chapter.ts'
import { readAllChapters } from './find-chapters.ts'
import { lookAtChapters } from './look-at-chapters.ts'

export interface ChaptersOptions extends ChapterCommentsOptions {
  readonly fold: Fold
  readonly documents: Documents
  readonly onPersonChange: OnPersonChange
}

/** What the record holds: the newest chapter, the state that it ends with, and the events since. */
export interface SinceChapters {
  readonly sealed: SealedTip | null
  readonly base: BaseState | null
  readonly events: readonly StoredEvent[]
}

export interface ChaptersAtWork {
  since(): SinceChapters
  /** Seals the oldest of the events. False: not now, and somebody comes back to it. */
  seal(): Promise<boolean>
}

export interface Chapters {
  /** Before a record is written. Events after `version` belong to the next write. */
  open(task: ChapteredTask, version: number): Promise<ChaptersAtWork>
  /** Somebody may have laid hands on them: what was done is put on record, to be put right by the next write. */
  look(task: Omit<ChapteredTask, 'key'>, by: Actor | null): Promise<void>
}

/** Of the newest events: stay in the record, so that others can tell what it goes on from. */
const KEPT_BYTES = 4 * 1024
/** So many in one go; then the record is written, and the rest follows. */
const MOST_AT_ONCE = 5
const WAIT_MS: Millis = 60_000

const untouched = ({ comment: { id, nodeId } }: KeptChapter): CommentState => ({
  id,
  nodeId,
  editedByOther: false,
  editor: null,
})

export const createChapters = (options: ChaptersOptions): Chapters => {
  const { log, fold, documents, clock, onPersonChange, later } = options
  const statesThen = createStatesThen(documents)

  const open = async (task: ChapteredTask, version: number): Promise<ChaptersAtWork> => {
    const { stream } = task
    const notes = createChapterNotes(documents)
    const noted = await notes.get(stream)
    const comments = createChapterComments(task, options, notes, noted)
    let sealed = 0

    /** What GitHub or our own lanes keep from being done now is no reason not to write the record. */
    const unlessLimited = async (work: () => Promise<unknown>, behind: boolean): Promise<void> => {
      try {
        await work()
      } catch (error) {
        if (!isGitHubFault(error) || error.ambiguous) throw error
        await later(stream, error.retryAt ?? clock.now() + WAIT_MS, behind)
      }
    }

    const stateAt = async (end: Version): Promise<BaseState> => {
      const known = await statesThen.get(stream, end)
      if (known !== null) return known
      const logBase = await log.base(stream)
      const events = (await log.read(stream, logBase?.version ?? 0)).filter((event) => event.version <= end.version)
      const then = { ...end, state: fold(stream, logBase?.state ?? null, events).state }
      await statesThen.put(stream, then)
      return then
    }

    const load = async (): Promise<SinceChapters> => {
      const tip = comments.base.chapters.at(-1)
      const logBase = await log.base(stream)
      const end = tip === undefined ? { version: 0, head: GENESIS_HASH } : endOf(tip)
      const start = end.version > (logBase?.version ?? 0) ? await stateAt(end) : logBase
      return {
        sealed: tip === undefined ? null : { count: tip.number, hash: tip.hash, rev: tip.rev, comment: tip.comment },
        base: start,
        events: (await log.read(stream, start?.version ?? 0)).filter((event) => event.version <= version),
      }
    }

    if (noted !== null) {
      const isDoubted = noted.unsure || (noted.lookAgainAt ?? Number.POSITIVE_INFINITY) <= clock.now()
      await unlessLimited(async () => {
        if (isDoubted) await comments.find()
        await comments.mend()
        await comments.foldUp()
      }, false)
    }
    let since = await load()

    const add = async (draft: Draft): Promise<boolean> => {
      const kept = await comments.add(draft)
      if (kept === null) return false
      const end = endOf(kept)
      const inside = since.events.filter((event) => event.version <= end.version)
      if (inside.length > 0) {
        await statesThen.put(stream, { ...end, state: fold(stream, since.base?.state ?? null, inside).state })
      }
      await unlessLimited(() => comments.foldUp(), false)
      return true
    }

    return {
      since: () => since,
      async seal() {
        // Without having looked, the record would no longer name what is there already.
        if (comments.base.unsure) await comments.find()
        const found = await load()
        if (found.sealed?.hash !== since.sealed?.hash) {
          since = found
          return true
        }
        sealed += 1
        if (sealed > MOST_AT_ONCE) {
          await later(stream, clock.now(), true)
          return false
        }
        const tip = comments.base.chapters.at(-1) ?? null
        const start = since.base ?? { version: 0, head: GENESIS_HASH }
        const draft = nextDraft(tip, start, since.events, KEPT_BYTES) ?? nextDraft(tip, start, since.events, 0)
        if (draft === null) return false
        let done = false
        await unlessLimited(async () => {
          done = await add(draft)
        }, true)
        if (done) since = await load()
        return done
      },
    }
  }

  return {
    open,
    async look({ stream, issue, github }, by) {
      const notes = createChapterNotes(documents)
      const base = await notes.get(stream)
      const there = base?.chapters.filter(({ gone }) => gone !== true) ?? []
      if (base === null || there.length === 0) return
      const states = await github.states(there.map(({ comment }) => comment.nodeId))
      const missing = there.filter((_, index) => states[index] === null)
      // Comments of an issue that was transferred have other ids there: those are looked for before anything counts as deleted.
      const found = missing.length === 0 ? [] : await readAllChapters(stream, issue, { reader: github, ...options })
      const moved = new Map(found.map(({ kept }) => [kept.hash, kept]))
      const isMoved = (chapter: KeptChapter): boolean => missing.includes(chapter) && moved.has(chapter.hash)
      const chapters = base.chapters.map((one) => (isMoved(one) ? (moved.get(one.hash) ?? one) : one))
      const seen = there.map((one, index) => (isMoved(one) ? untouched(one) : (states[index] ?? null)))
      const known = moved.size === 0 ? base : { ...base, chapters }
      const looked = lookAtChapters(stream, known, seen, { by, now: clock.now() })
      // On record first: whoever puts it right must not be the only one who knew.
      for (const change of looked.changes) await onPersonChange(change)
      if (looked.base !== base) await notes.put(stream, looked.base)
    },
  }
}
