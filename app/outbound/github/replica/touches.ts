/** Issues that somebody else touched, until they were looked at. Durable: the webhook that said so comes only once. */
import type { Actor } from '../../../domain/actor.ts'
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'

export interface Touch {
  readonly by: Actor | null
  readonly at: Millis
  /** Looked at already, perhaps before GitHub showed it: one more look is due later. */
  readonly looked: boolean
  /** The issue was opened again, so that it had been closed, whether or not a look ever found it so. */
  readonly reopened?: true
}

export interface Touches {
  get(stream: StreamId): Promise<Touch | null>
  mark(stream: StreamId, by: Actor | null, reopened?: boolean): Promise<void>
  /** Notes that this touch was looked at; a newer one stays as it is. */
  looked(stream: StreamId, touch: Touch): Promise<void>
  /** Forgets this touch; a newer one stays. */
  clear(stream: StreamId, touch: Touch): Promise<void>
}

const KIND = 'replica-touched'

const textOf = (touch: Touch): string => canonicalJson({ ...touch })

export const createTouches = (documents: Documents, clock: Clock): Touches => {
  const get = async (stream: StreamId): Promise<Touch | null> => {
    const text = await documents.get(KIND, stream)
    return text === null ? null : (JSON.parse(text) as Touch)
  }
  return {
    get,
    async mark(stream, by, reopened = false) {
      const before = await get(stream)
      // What was not looked at yet is not forgotten over what comes after it.
      const still = reopened || (before?.looked === false && before.reopened === true)
      await documents.put(
        KIND,
        stream,
        textOf({ by, at: clock.now(), looked: false, ...(still && { reopened: true }) }),
      )
    },
    async looked(stream, touch) {
      await documents.replace(KIND, stream, textOf(touch), textOf({ ...touch, looked: true }))
    },
    async clear(stream, touch) {
      await documents.replace(KIND, stream, textOf(touch), null)
    },
  }
}
