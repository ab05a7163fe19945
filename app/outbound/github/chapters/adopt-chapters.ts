/** Which comments are a task's chapters, when all of them were read: one per chapter, on one chain. Pure; the rest is to be taken away. */
import type { KeptChapter } from './chapter-notes.ts'

export interface Adopted {
  readonly chapters: readonly KeptChapter[]
  /** Node ids of doubles, and of chapters of a life whose events are in no log. */
  readonly strays: readonly string[]
}

/** `fits`: whether the chapter begins and ends as our own log does. Of two comments with one chapter that with the lower id stays. */
export const adoptChapters = (
  known: readonly KeptChapter[],
  found: readonly KeptChapter[],
  fits: (chapter: KeptChapter) => boolean,
): Adopted => {
  const byHash = new Map(known.map((chapter) => [chapter.hash, chapter]))
  const strays: string[] = []
  for (const chapter of found.toSorted((a, b) => idOf(a) - idOf(b))) {
    const before = byHash.get(chapter.hash)
    if (before === undefined && !fits(chapter)) strays.push(chapter.comment.nodeId)
    else if (before === undefined || before.gone === true) byHash.set(chapter.hash, chapter)
    else if (before.comment.nodeId !== chapter.comment.nodeId) {
      const [first, double] = idOf(before) < idOf(chapter) ? [before, chapter] : [chapter, before]
      byHash.set(chapter.hash, first)
      strays.push(double.comment.nodeId)
    }
  }
  const chain: KeptChapter[] = []
  for (const [number, same] of [...Map.groupBy(byHash.values(), (chapter) => chapter.number)].sort(
    ([a], [b]) => a - b,
  )) {
    const last = chain.at(-1)
    const chosen = same.find(({ previous }) => last?.number !== number - 1 || previous === last.hash)
    if (chosen !== undefined) chain.push(chosen)
    strays.push(
      ...same.filter((chapter) => chapter !== chosen && chapter.gone !== true).map(({ comment }) => comment.nodeId),
    )
  }
  return { chapters: chain, strays }
}

const idOf = ({ comment }: KeptChapter): number => comment.id
