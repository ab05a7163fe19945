/** Finds out whether somebody laid hands on a task's chapters since we wrote them, without reading them. Pure but for what is handed in. */
import type { Actor } from '../../../domain/actor.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { PersonChange } from '../../../engine/person-change.ts'
import type { CommentState } from '../ports.ts'
import { SETTLE_MS } from '../replica/compare.ts'
import { correct, leftAlone, PAGES_GONE, release } from '../replica/corrections.ts'
import type { ChapterBase, KeptChapter } from './chapter-notes.ts'

/** The field that an edit of a chapter is counted under; one that is gone is counted as pages of the ledger are. */
export const CHAPTERS = 'chapters'

export interface LookedAtChapters {
  readonly base: ChapterBase
  readonly changes: readonly PersonChange[]
}

/** `states` are those of the comments that are not known to be gone, in order. */
export const lookAtChapters = (
  stream: StreamId,
  before: ChapterBase,
  states: readonly (CommentState | null)[],
  { by, now }: { readonly by: Actor | null; readonly now: Millis },
): LookedAtChapters => {
  const base = release(before, now)
  const there = base.chapters.filter(({ gone }) => gone !== true)
  const lost = there.filter(({ madeAt }, index) => states[index] === null && now - madeAt >= SETTLE_MS)
  const edited = there.filter(({ spoilt }, index) => spoilt !== true && states[index]?.editedByOther === true)
  if (lost.length + edited.length === 0) return { base, changes: [] }
  const editorOf = (chapter: KeptChapter): Actor | null => states[there.indexOf(chapter)]?.editor ?? null
  const alone = leftAlone(base, now)
  const first = lost.length > 0 ? correct(base, PAGES_GONE, now) : { base, gaveUp: false }
  const second = edited.length > 0 && !alone.includes(CHAPTERS) ? correct(first.base, CHAPTERS, now) : first
  const chapters = second.base.chapters.map((chapter): KeptChapter => {
    if (lost.includes(chapter)) return { ...chapter, gone: true }
    return edited.includes(chapter) ? { ...chapter, spoilt: true } : chapter
  })
  const report = (
    chapter: KeptChapter,
    what: 'chapter-deleted' | 'chapter-edited',
    who: Actor | null,
  ): PersonChange => ({
    field: 'record',
    stream,
    what,
    by: who,
    detail: `chapter ${chapter.number} of the history, comment ${chapter.comment.id}, was ${what === 'chapter-deleted' ? 'deleted' : 'edited'}; ours is put back`,
    identity: `${chapter.comment.id}:${what}:${chapter.madeAt}`,
  })
  return {
    base: { ...second.base, chapters },
    changes: [
      ...lost.map((chapter) => report(chapter, 'chapter-deleted', by)),
      ...(alone.includes(CHAPTERS) ? [] : edited).map((chapter) =>
        report(chapter, 'chapter-edited', editorOf(chapter)),
      ),
      ...(first.gaveUp || second.gaveUp ? [{ field: 'war', stream, over: 'chapters', at: now } as const] : []),
    ],
  }
}
