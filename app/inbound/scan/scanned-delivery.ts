/**
 * What a scan found, as rows of the same inbox that deliveries are stored in, with an id that comes from what caused them: the
 * same finding is the same row. Their names have a colon, which no event that comes through the door has.
 */
import type { Actor } from '../../domain/actor.ts'
import type { Millis } from '../../domain/event/envelope.ts'
import type { Delivery, InboxItem, ScannedAccount, ScanPlace } from '../../engine/ports.ts'
import type { CommentSeen } from '../webhook/handlers/issue-comment.ts'

export interface Scanned {
  /** Commands that nobody has carried out. */
  comment: { readonly comment: CommentSeen }
  /** A comment of somebody else that carries a record. */
  record: { readonly id: number; readonly nodeId: string; readonly issue: number; readonly by: Actor }
  /** The issue of a task, or the record on it, is not as we know it. */
  touched: { readonly issue: number; readonly title: string; readonly open: boolean }
  /** An issue that is no task carries the label that asks for one. */
  label: {
    readonly issue: number
    readonly nodeId: string
    readonly labels: readonly string[]
    readonly author: ScannedAccount | null
  }
  /** The ledger issue is not as it should be. */
  ledger: { readonly issue: number }
  /** `text`: what it said when it was closed; null: it says nothing new about whose it is. */
  pull: { readonly number: number; readonly text: string | null }
}

export type ScannedKind = keyof Scanned

const PREFIX = 'scan:'

/** `scan:comment@401`: those of one repository can be counted. */
export const nameOf = (kind: ScannedKind, { repositoryId }: ScanPlace): string => `${PREFIX}${kind}@${repositoryId}`

export const isScanned = ({ name }: Pick<InboxItem, 'name'>): boolean => name.startsWith(PREFIX)

/** `identity`: what caused it, hashed by the caller. `issue`: whose queue it waits in. */
export const scannedDelivery = <Kind extends ScannedKind>(
  kind: Kind,
  found: Scanned[Kind],
  about: {
    readonly place: ScanPlace
    readonly issue: number
    readonly identity: string
    readonly now: Millis
    readonly order?: number
  },
): Delivery => ({
  id: `${PREFIX}${kind}:${about.identity}`,
  name: nameOf(kind, about.place),
  queue: `issue:${about.place.repositoryId}:${about.issue}`,
  order: about.order ?? 0,
  body: JSON.stringify({ place: about.place, found }),
  receivedAt: about.now,
  notBefore: about.now,
})

export type ScannedItem = {
  [Kind in ScannedKind]: { readonly kind: Kind; readonly place: ScanPlace; readonly found: Scanned[Kind] }
}[ScannedKind]

/** Our own rows, written by scannedDelivery. */
export const readScanned = ({ name, body }: Pick<InboxItem, 'name' | 'body'>): ScannedItem =>
  ({ kind: name.slice(PREFIX.length).split('@')[0], ...(JSON.parse(body) as object) }) as ScannedItem
