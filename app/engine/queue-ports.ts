/** The queues at both ends of the loop: what came in and is still to be worked on, and what is still to be done outside. */
import type { Millis } from '../domain/event/envelope.ts'

export type Lane = 'command' | 'result' | 'cosmetic'

/** Work to do outside after the commit. Items with the same key coalesce: the newest payload and the earliest due time win. */
export interface OutboxItem {
  readonly key: string
  readonly kind: string
  /** Items of one queue are worked on one at a time, by all replicas together; null: beside everything else. */
  readonly queue: string | null
  /** JSON. */
  readonly payload: unknown
  readonly dueAt: Millis
  readonly lane: Lane
}

export interface Delivery {
  /** X-GitHub-Delivery. */
  readonly id: string
  /** X-GitHub-Event. */
  readonly name: string
  /** Items of one queue run one at a time, in order; null: no order needed. */
  readonly queue: string | null
  /** Order within the queue when items arrive shuffled within the hold: the comment id for comments, else 0. */
  readonly order: number
  /** The body as received. */
  readonly body: string
  readonly receivedAt: Millis
  /** Not handed out before this time, so that shuffled deliveries can be put in order. */
  readonly notBefore: Millis
}

export interface InboxItem extends Delivery {
  /** 1 for the first try. */
  readonly tries: number
}

export interface SetAside {
  readonly id: string
  readonly name: string
  readonly reason: string
}

export interface Inbox {
  /** Durable when it resolves. Returns the ids that were new. */
  put(deliveries: readonly Delivery[]): Promise<readonly string[]>
  /**
   * At most one item per queue at a time, none of a queue that is being worked on; claims expire after `holdMs`. What has an
   * order of its own only when it came at least `patienceMs` ago.
   */
  take(limit: number, holdMs: Millis, patienceMs?: Millis): Promise<readonly InboxItem[]>
  done(id: string): Promise<void>
  retryLater(id: string, error: string, at: Millis): Promise<void>
  /** Poison: kept with its reason, never tried again by itself. */
  setAside(id: string, reason: string): Promise<void>
  setAsideCount(): Promise<number>
  /** What was set aside waits again, as if it were new. Returns it with the reasons, in the order of arrival. */
  replay(): Promise<readonly SetAside[]>
  /** Not done, not set aside; of this name only, when one is given. */
  pending(name?: string): Promise<number>
  /** Forgets finished deliveries older than this. */
  sweep(before: Millis): Promise<number>
}

export interface OutboxTaken extends OutboxItem {
  /** Names this claim and no other one: whoever holds an old one changes nothing. */
  readonly claim: string
  readonly tries: number
}

export interface Outbox {
  put(items: readonly OutboxItem[]): Promise<void>
  /** Due items, lane order first, claimed for `holdMs`; at most one of a queue, and none while another of it is claimed. */
  take(limit: number, holdMs: Millis): Promise<readonly OutboxTaken[]>
  /** Holds a claim for `holdMs` from now. False: it has run out, and others may be at work. */
  renew(key: string, claim: string, holdMs: Millis): Promise<boolean>
  /** What was put since the claim was made stays, free at once. */
  done(key: string, claim: string): Promise<void>
  retryLater(key: string, claim: string, at: Millis, error: string): Promise<void>
  pending(): Promise<{ readonly count: number; readonly oldestDueAt: Millis | null }>
  /**
   * For whoever wants GitHub up to date now: what waits only for company is due at once. What failed keeps its time, and so
   * do the kinds in `except`. Returns how many items of other kinds there are.
   */
  hurry(except: readonly string[]): Promise<number>
}
