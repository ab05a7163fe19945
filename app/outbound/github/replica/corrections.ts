/**
 * No war with another bot, and no silent loss: a field that others keep changing is put back three times an hour and then left
 * alone for a while, which people are told once. What our own state changes is no correction and is written all the same; and
 * what is gone is made anew for ever, only less and less often. For the issues of tasks and for ledgers alike. Pure.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import { edgeField } from '../relations/edges.ts'
import type { Correction, ReplicaBase } from './base.ts'
import type { Operation } from './operations.ts'

export const MAX_CORRECTIONS = 3
const WINDOW_MS: Millis = 60 * 60_000
/** How long what is gone stays so after the fourth time within an hour; each further time doubles it. */
const FIRST_WAIT_MS: Millis = 60_000
/** Until then nothing but the database holds what was there. */
const LONGEST_WAIT_MS: Millis = 10 * 60_000

/** Our record, folded up. */
export const RECORD_FOLDED = 'record-minimised'
/** Comments of ours that were deleted. Without them a lost database loses what they held. */
export const RECORD_GONE = 'record-gone'
export const PAGES_GONE = 'pages-gone'
const NEEDED: ReadonlySet<string> = new Set([RECORD_GONE, PAGES_GONE])

type Kept = Pick<ReplicaBase, 'corrections' | 'held' | 'told'>

export interface Correcting<Base extends Kept> {
  readonly base: Base
  /** The field has just been given up. */
  readonly gaveUp: boolean
}

/** Notes that `field` has to be put back now, or gives it up. */
export const correct = <Base extends Kept>(base: Base, field: string, at: Millis): Correcting<Base> => {
  const recent = base.corrections.filter((correction) => isRecent(correction, at))
  const counted = { ...base, corrections: [...recent, { field, at }] }
  if (recent.filter((correction) => correction.field === field).length < MAX_CORRECTIONS) {
    return { base: counted, gaveUp: false }
  }
  const gaveUp = !base.held.includes(field)
  const held = gaveUp ? [...base.held, field] : base.held
  return { base: NEEDED.has(field) ? { ...counted, held } : { ...base, corrections: recent, held }, gaveUp }
}

/** Fields whose last correction is an hour old are taken up again, which counts as one: the war may not be over. */
export const release = <Base extends Kept>(base: Base, now: Millis): Base => {
  const isOver = (field: string): boolean =>
    !base.corrections.some((correction) => correction.field === field && isRecent(correction, now))
  const over = base.held.filter(isOver)
  if (over.length === 0) return base
  const taken = over.filter((field) => !NEEDED.has(field)).map((field) => ({ field, at: now }))
  const held = base.held.filter((field) => !isOver(field))
  const told = base.told === undefined ? {} : { told: base.told.filter((field) => held.includes(field)) }
  return { ...base, ...told, held, corrections: [...base.corrections, ...taken] }
}

const isRecent = ({ at }: Correction, now: Millis): boolean => now - at < WINDOW_MS

const until = ({ corrections }: Kept, field: string): Millis => {
  const times = corrections.filter((correction) => correction.field === field).map(({ at }) => at)
  const last = Math.max(0, ...times)
  if (!NEEDED.has(field)) return last + WINDOW_MS
  return last + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, times.length - MAX_CORRECTIONS - 1))
}

/** Fields that are not put back now. `hasNews`: our own state has changed since they were last written. */
export const leftAlone = (base: Kept, now: Millis, hasNews = false): readonly string[] =>
  base.held.filter((field) => until(base, field) > now && (NEEDED.has(field) || !hasNews))

/** When the first of the fields that are left alone now may be put back; null: none is. */
export const heldUntil = (base: Kept, now: Millis): Millis | null => {
  const alone = leftAlone(base, now)
  return alone.length === 0 ? null : Math.min(...alone.map((field) => until(base, field)))
}

/** The field that an operation puts right; null: one that nobody fights over. */
export const fieldOf = (operation: Operation): string | null => {
  switch (operation.kind) {
    case 'add-labels':
    case 'remove-labels':
      return 'labels'
    case 'write-record':
      return operation.comment === null ? RECORD_GONE : 'record'
    case 'add-edge':
    case 'remove-edge':
      return edgeField(operation.edge)
    case 'unfold-comment':
      return RECORD_FOLDED
    case 'write-pull-comment':
    case 'create-check':
    case 'update-check':
    case 'close-issue':
    case 'leave-check':
    case 'retire-check':
    case 'delete-comment':
    case 'explain':
      return null
  }
}
