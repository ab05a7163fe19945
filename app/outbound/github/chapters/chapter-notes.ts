/** What we know of a task's chapters on GitHub, and the state that the newest one ends with. Documents beside the log: without them the comments are read, and the log replayed. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import { createNotes, type Note, type Notes } from '../notes.ts'
import type { Place } from '../ports.ts'
import type { Correction } from '../replica/base.ts'
import type { Chapter } from './chapter.ts'

export interface KeptChapter extends Chapter {
  /** Hash of the chapter before it; null: there is none. */
  readonly previous: string | null
  readonly comment: Place
  /** The comment is not there any more: it has to be made anew. */
  readonly gone?: true
  /** Somebody else has written over it. */
  readonly spoilt?: true
  /** When it was last made. */
  readonly madeAt: Millis
}

export interface ChapterBase extends Note {
  /** By number; some may be gone for good. */
  readonly chapters: readonly KeptChapter[]
  /** A create was sent whose answer never came, or nobody ever looked: the comments are read before the next one. */
  readonly unsure: boolean
  /** When to look for what GitHub did not show yet. */
  readonly lookAgainAt: Millis | null
  /** Comments that are still to be folded up, by node id. */
  readonly toFold: readonly string[]
  /** What was put back lately, and what is left alone because somebody fights over it (see replica/corrections.ts). */
  readonly corrections: readonly Correction[]
  readonly held: readonly string[]
}

export const UNKNOWN_CHAPTERS: ChapterBase = {
  v: 1,
  chapters: [],
  unsure: true,
  lookAgainAt: null,
  toFold: [],
  corrections: [],
  held: [],
}

const KIND = 'chapters'
const STATE_KIND = 'chapter-state'

export type ChapterNotes = Pick<Notes<ChapterBase>, 'get' | 'put'>

/** For one piece of work; see notes.ts. */
export const createChapterNotes = (documents: Documents): ChapterNotes => createNotes<ChapterBase>(documents, KIND)

export interface StateThen {
  readonly version: number
  readonly head: string
  /** Canonical JSON. */
  readonly state: string
}

/** Only the newest is kept: it is what every write of the head begins from. */
export const createStatesThen = (documents: Documents) => ({
  async get(stream: StreamId, { version, head }: Omit<StateThen, 'state'>): Promise<StateThen | null> {
    const text = await documents.get(STATE_KIND, stream)
    const known = text === null ? null : (JSON.parse(text) as StateThen)
    return known?.version === version && known.head === head ? known : null
  },
  put: (stream: StreamId, { version, head, state }: StateThen): Promise<void> =>
    documents.put(STATE_KIND, stream, JSON.stringify({ version, head, state })),
})
