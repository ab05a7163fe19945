/** The three-way comparison: what was observed against what we last wrote. Pure; says what others changed and what only looks old. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { ReplicaBase } from './base.ts'
import { bodyHash } from './body-hash.ts'
import type { Observed } from './observed.ts'

/**
 * GitHub's reads may be some seconds behind its writes. A difference this soon after our own write may be our own past:
 * it is looked at again, not acted upon.
 */
export const SETTLE_MS: Millis = 15_000

export interface Differences {
  readonly labels: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly title: string | null
  readonly open: boolean | null
  readonly record:
    | 'same'
    | 'gone'
    /** One whose id we did not know. */
    | 'found'
    /** Another body, last written by our App: an older read, or a newer one by another copy of us. */
    | 'ours'
    /** Somebody else had the last word. */
    | 'edited'
  /** Whether our own last write is so recent that the view may be older. */
  readonly fresh: boolean
}

export const compare = (base: ReplicaBase, observed: Observed, now: Millis): Differences => ({
  labels: {
    added: observed.labels.filter((name) => !base.labels.includes(name)),
    removed: base.labels.filter((name) => !observed.labels.includes(name)),
  },
  title: observed.title === base.title ? null : observed.title,
  open: observed.open === base.open ? null : observed.open,
  record: compareRecord(base, observed),
  fresh: now - base.writtenAt < SETTLE_MS,
})

const compareRecord = (base: ReplicaBase, { record }: Observed): Differences['record'] => {
  if (record === null) return base.record === null ? 'same' : 'gone'
  if (base.record?.nodeId !== record.nodeId) return 'found'
  if (bodyHash(record.body) === base.record.hash) return 'same'
  return record.ours && (record.editor === null || record.editedByUs) ? 'ours' : 'edited'
}
