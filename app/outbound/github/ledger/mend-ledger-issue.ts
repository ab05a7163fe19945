/** Puts a ledger issue itself right, when somebody closed or unlocked it or changed its text: at most three times an hour each, then it is left so for the hour. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { LedgerIssue, LedgerIssueField, LedgerIssues } from '../ports.ts'
import type { Correction } from '../replica/base.ts'
import { correct } from '../replica/corrections.ts'

/** `identity` says which tampering it is, so that finding it twice reports it once. */
export interface LedgerTampering {
  readonly detail: string
  readonly identity: string
}

/** See replica/corrections.ts. */
interface Counted {
  readonly corrections: readonly Correction[]
  readonly held: readonly string[]
}

export interface MendContext {
  /** Written to before: what is not as it should be was changed by somebody. Else it may never have been done. */
  readonly isKnown: boolean
  readonly counted: Counted
  readonly now: Millis
}

export interface MendedIssue {
  readonly counted: Counted
  readonly tampering: readonly LedgerTampering[]
}

interface Finding {
  readonly field: LedgerIssueField
  readonly what: string
  readonly at: string
}

export const mendLedgerIssue = async (
  issues: Pick<LedgerIssues, 'mend'>,
  issue: LedgerIssue,
  { isKnown, counted, now }: MendContext,
): Promise<MendedIssue> => {
  let kept = counted
  const tampering: LedgerTampering[] = []
  const asked: Finding[] = []
  for (const finding of findingsIn(issue)) {
    const { field, what } = finding
    const { base, gaveUp } = correct(kept, field, now)
    kept = base
    if (!kept.held.includes(field)) asked.push(finding)
    const left = `the ledger issue ${issue.number} was ${what} a fourth time within an hour; it is left so until the hour is over. Find out who does it, and stop it`
    if (gaveUp) tampering.push({ detail: left, identity: `${issue.nodeId}:gave-up:${field}:${now}` })
  }
  const refused = await issues.mend(
    issue,
    asked.map(({ field }) => field),
  )
  for (const { field, what, at } of asked) {
    // Never locked, because the life that made it ended before: nobody's doing.
    if (field === 'lock' && !isKnown) continue
    const done = refused.includes(field)
      ? 'GitHub does not let Muster put that right: do it by hand'
      : 'that is put right'
    const detail = `the ledger issue ${issue.number} was ${what}; ${done}`
    tampering.push({ detail, identity: `${issue.nodeId}:${field}:${at}` })
  }
  return { counted: kept, tampering }
}

const findingsIn = ({ open, marked, locked, closedAt, updatedAt }: LedgerIssue): readonly Finding[] => [
  ...(open ? [] : [{ field: 'open', what: 'closed', at: closedAt ?? updatedAt } as const]),
  ...(marked ? [] : [{ field: 'text', what: 'given another text', at: updatedAt } as const]),
  ...(locked ? [] : [{ field: 'lock', what: 'unlocked', at: updatedAt } as const]),
]
