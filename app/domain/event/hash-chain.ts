/** The hash chain over a stream: each event's hash covers its content and the hash before it. The digest itself is handed in. */
import { canonicalJson } from './canonical-json.ts'
import type { StoredEvent } from './envelope.ts'

/** SHA-256 of UTF-8 text as 64 lower-case hex digits. */
export type Sha256 = (text: string) => string

export const GENESIS_HASH = '0'.repeat(64)

/** The hash that an event must carry. */
export const hashEvent = (sha256: Sha256, event: Omit<StoredEvent, 'hash'>): string =>
  sha256(
    canonicalJson({
      stream: event.stream,
      version: event.version,
      id: event.id,
      type: event.type,
      v: event.v,
      at: event.at,
      actor: event.actor,
      cause: event.cause,
      data: event.data,
      prev: event.prev,
    }),
  )

/** The version of the first event that does not fit after `head`, or null when the whole chain holds. */
export const firstBrokenLink = (
  sha256: Sha256,
  head: { readonly version: number; readonly hash: string },
  events: readonly StoredEvent[],
): number | null => {
  let { version, hash } = head
  for (const event of events) {
    if (event.version !== version + 1 || event.prev !== hash || hashEvent(sha256, event) !== event.hash) {
      return event.version
    }
    version = event.version
    hash = event.hash
  }
  return null
}
