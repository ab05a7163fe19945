/** Issues that somebody else touched, until they were looked at. Durable: the webhook that said so comes only once. */
import type { Actor } from '../../../domain/actor.ts'
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'

export interface Touch {
  readonly by: Actor | null
  readonly at: number
}

export interface Touches {
  get(stream: StreamId): Promise<Touch | null>
  mark(stream: StreamId, by: Actor | null): Promise<void>
  /** Forgets this touch; a newer one stays. */
  clear(stream: StreamId, touch: Touch): Promise<void>
}

const KIND = 'replica-touched'

export const createTouches = (documents: Documents, clock: Clock): Touches => {
  const get = async (stream: StreamId): Promise<Touch | null> => {
    const text = await documents.get(KIND, stream)
    return text === null ? null : (JSON.parse(text) as Touch)
  }
  return {
    get,
    async mark(stream, by) {
      const touch: Touch = { by, at: clock.now() }
      await documents.put(KIND, stream, canonicalJson(touch))
    },
    async clear(stream, touch) {
      const newest = await get(stream)
      if (newest?.at === touch.at) await documents.delete(KIND, stream)
    },
  }
}
