/** Everything the reconciler can do to GitHub, as values: diff makes them, apply carries them out, advance notes what came of them. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Label } from '../labels/label-table.ts'
import type { CheckRun } from '../checks/check-run.ts'
import type { Place } from '../ports.ts'
import type { EdgeOperation } from '../relations/edges.ts'

export type Operation =
  /** Deltas only: what people and other Apps wear beside ours stays. */
  | { readonly kind: 'add-labels'; readonly labels: readonly Label[] }
  /** After the additions, so that the issue never stands without a status. */
  | { readonly kind: 'remove-labels'; readonly names: readonly string[] }
  /** `comment` null creates. */
  | {
      readonly kind: 'write-record'
      readonly body: string
      readonly hash: string
      readonly rev: number
      readonly comment: Place | null
    }
  | {
      readonly kind: 'write-pull-comment'
      readonly pull: number
      readonly body: string
      readonly hash: string
      readonly comment: Place | null
    }
  /** The annotations from `from` up to `to` go with it. */
  | { readonly kind: 'create-check'; readonly check: CheckRun; readonly hash: string; readonly to: number }
  | {
      readonly kind: 'update-check'
      readonly check: CheckRun
      readonly hash: string
      readonly place: Place
      readonly from: number
      readonly to: number
    }
  /** A commit that the attempt has left behind: its check run ends without a verdict. */
  | {
      readonly kind: 'leave-check'
      readonly key: string
      readonly place: Place
      readonly externalId: string
      readonly movedTo: string
      /** ISO 8601, or null: GitHub's own time. */
      readonly at: string | null
    }
  /** A double cannot be deleted: it loses its name, so that nothing counts it, and ends as skipped. */
  | { readonly kind: 'retire-check'; readonly place: Place }
  | { readonly kind: 'delete-comment'; readonly comment: Place }
  /** The record, which somebody has folded up. */
  | { readonly kind: 'unfold-comment'; readonly comment: Place }
  /** As completed. A task is done also by a merge for which GitHub closes nothing. */
  | { readonly kind: 'close-issue'; readonly closeFor: Millis }
  | EdgeOperation
  /** One line to people about a change of theirs that was put back. */
  | { readonly kind: 'explain'; readonly text: string }

export const isEdge = (operation: Operation): operation is EdgeOperation =>
  operation.kind === 'add-edge' || operation.kind === 'remove-edge'

/** Nothing is known of what we made: every create is looked for first. */
export const EVERYTHING_KEY = 'everything'
export const RECORD_KEY = 'record'
/** What the issue wears is not what we last knew: a state that came in between would leave a label of ours behind. */
export const LABELS_KEY = 'labels'
export const pullUnsureKey = (pull: number): string => `pull ${pull}`
export const checkUnsureKey = ({ externalId, headSha }: Pick<CheckRun, 'externalId' | 'headSha'>): string =>
  `check ${externalId} ${headSha}`
/** What such a key says, or null for a key of something else. */
export const checkOfUnsureKey = (key: string): Pick<CheckRun, 'externalId' | 'headSha'> | null => {
  const [, externalId, headSha] = /^check (.+) (\S+)$/.exec(key) ?? []
  return externalId === undefined || headSha === undefined ? null : { externalId, headSha }
}

/** The key under which a change whose answer never came is remembered; null when repeating it does no harm. */
export const unsureKey = (operation: Operation): string | null => {
  switch (operation.kind) {
    case 'write-record':
      return operation.comment === null ? RECORD_KEY : null
    case 'write-pull-comment':
      return operation.comment === null ? pullUnsureKey(operation.pull) : null
    case 'create-check':
      return checkUnsureKey(operation.check)
    case 'update-check':
      // Annotations are appended: the same batch twice would show twice.
      return operation.to > operation.from ? checkUnsureKey(operation.check) : null
    case 'add-labels':
    case 'remove-labels':
      return LABELS_KEY
    case 'close-issue':
    case 'leave-check':
    case 'retire-check':
    case 'delete-comment':
    case 'add-edge':
    case 'remove-edge':
    case 'unfold-comment':
    case 'explain':
      return null
  }
}

export type Result =
  | { readonly operation: Operation; readonly outcome: 'done'; readonly place: Place | null }
  /** GitHub said no, and nothing was done. `type` is its kind of error. */
  | { readonly operation: Operation; readonly outcome: 'refused'; readonly type: string | null }
  /** Nobody knows whether it was done. */
  | { readonly operation: Operation; readonly outcome: 'unsure' }
  /** Not sent, because what it needs was refused. */
  | { readonly operation: Operation; readonly outcome: 'skipped' }
