/** No war with another bot: at most three repairs of one field an hour, then the field is left alone until the hour is over. Pure. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Correction, ReplicaBase } from './base.ts'
import type { Operation } from './operations.ts'

export const MAX_CORRECTIONS = 3
const WINDOW_MS: Millis = 60 * 60_000

type Kept = Pick<ReplicaBase, 'corrections' | 'held'>

export interface Correcting<Base extends Kept> {
  readonly base: Base
  /** The field has just been given up. */
  readonly gaveUp: boolean
}

/** Notes that `field` has to be put back now, or gives it up. */
export const correct = <Base extends Kept>(base: Base, field: string, at: Millis): Correcting<Base> => {
  const recent = base.corrections.filter((correction) => isRecent(correction, at))
  const count = recent.filter((correction) => correction.field === field).length
  if (count < MAX_CORRECTIONS) {
    return { base: { ...base, corrections: [...recent, { field, at }] }, gaveUp: false }
  }
  const gaveUp = !base.held.includes(field)
  return { base: { ...base, corrections: recent, held: gaveUp ? [...base.held, field] : base.held }, gaveUp }
}

/** Fields whose last correction is an hour old are taken up again. */
export const release = <Base extends Kept>(base: Base, now: Millis): Base => {
  const held = base.held.filter((field) =>
    base.corrections.some((correction) => correction.field === field && isRecent(correction, now)),
  )
  return held.length === base.held.length ? base : { ...base, held }
}

const isRecent = ({ at }: Correction, now: Millis): boolean => now - at < WINDOW_MS

/** When the fields that are left alone now may be taken up again, as far as is known; null: nothing is left alone. */
export const heldUntil = ({ corrections, held }: Kept): Millis | null =>
  held.length === 0
    ? null
    : Math.max(0, ...corrections.filter(({ field }) => held.includes(field)).map(({ at }) => at + WINDOW_MS))

/** The operations that may be carried out while some fields are left alone. */
export const allowed = (operations: readonly Operation[], held: readonly string[]): readonly Operation[] =>
  operations.filter((operation) => {
    switch (operation.kind) {
      case 'add-labels':
      case 'remove-labels':
        return !held.includes('labels')
      case 'write-record':
        return !held.includes('record')
      case 'write-pull-comment':
      case 'create-check':
      case 'update-check':
      case 'leave-check':
      case 'retire-check':
      case 'delete-comment':
      case 'explain':
        return true
    }
  })
