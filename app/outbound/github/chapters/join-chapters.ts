/** The events of chapters put together again. Pure; what lies before a gap is kept apart, because no state leads up to it. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import { hashEvent } from '../../../domain/event/hash-chain.ts'
import { parseJson } from '../record/seal.ts'
import { sha256 } from '../record/sha256.ts'
import type { ReadChapter } from './chapter.ts'

export interface JoinedChapters {
  /** The longest unbroken run of events that ends at the version asked for; empty when not even its last event is there. */
  readonly events: readonly StoredEvent[]
  /** What is there beside it, in order, with gaps. */
  readonly older: readonly StoredEvent[]
}

/** `chapters` of one stream in any order; doubles do no harm. `end` is where the events that are known already begin. */
export const joinChapters = (
  chapters: readonly ReadChapter[],
  end: { readonly version: number; readonly head: string },
): JoinedChapters => {
  const byVersion = new Map<number, StoredEvent>()
  for (const event of [...chapters.flatMap(({ events }) => events), ...wholeEvents(chapters)]) {
    if (event.version <= end.version) byVersion.set(event.version, event)
  }
  const events: StoredEvent[] = []
  let { version, head } = end
  for (;;) {
    const event = byVersion.get(version)
    if (event?.hash !== head) break
    events.push(event)
    byVersion.delete(version)
    version -= 1
    head = event.prev
  }
  return { events: events.toReversed(), older: [...byVersion.values()].toSorted((a, b) => a.version - b.version) }
}

/** Events that were carried in stretches, as far as all stretches are there. */
const wholeEvents = (chapters: readonly ReadChapter[]): readonly StoredEvent[] => {
  const pieces = chapters.filter(({ piece }) => piece !== undefined)
  return [...Map.groupBy(pieces, ({ head }) => head)].flatMap(([head, some]) => {
    const texts = new Map(some.map(({ piece, text }) => [piece?.index ?? 0, text ?? '']))
    const joined = Array.from({ length: some[0]?.piece?.of ?? 0 }, (_, index) => texts.get(index) ?? '').join('')
    const event = parseJson(joined) as StoredEvent | undefined
    const { stream, rev } = some[0] ?? {}
    const isWhole =
      typeof event === 'object' &&
      event !== null &&
      canonicalJson(event) === joined &&
      event.stream === stream &&
      event.version === rev &&
      event.hash === head &&
      hashEvent(sha256, event) === head
    return isWhole ? [event] : []
  })
}
