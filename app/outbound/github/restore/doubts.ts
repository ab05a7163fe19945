/** What could not be believed, with what a person can do about it. One next step per problem; the compiler holds the table complete. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import { neutraliseLine } from '../../../domain/text/neutralise.ts'
import type { Doubt } from '../../../../schemas/restore-report.ts'
import type { RecordProblem } from '../record/verify-record.ts'

export type DoubtProblem =
  | RecordProblem
  | 'missing-chapter'
  | 'forked'
  | 'newer-epoch'
  | 'no-ledger'
  | 'no-project-page'
  | 'refused'
  | 'fold-differs'

const REPAIRED = 'nothing: Muster writes it anew from its own state when it next reconciles the issue'
const KEYS = 'add the key to MUSTER_RECORD_KEYS (any place but the first only verifies), then restore again'
const LOST = 'if the work still matters, make the issue a task again with /task; what only that comment held is lost'
const DECIDE =
  'decide which history counts: npm run restore -- owner/repo into an empty data folder takes what GitHub has; npm run -s dump shows what this database knows'

const NEXT: Record<DoubtProblem, string> = {
  missing: LOST,
  malformed: LOST,
  unsupported: 'update Muster to the version that wrote it, then restore again',
  'unknown-key': KEYS,
  'bad-signature': `check that MUSTER_RECORD_KEYS holds the key that signed it; if it does, the comment was forged or damaged: ${LOST}`,
  'wrong-place': 'delete that comment: it is a copy of the record of another issue',
  'card-changed': LOST,
  'broken-chain': LOST,
  'not-ours':
    'delete that comment, or add the id of the App that wrote it to the trusted Apps if it is an earlier one of yours',
  edited: LOST,
  'older-than-mark':
    'look at the edit history of the comment: somebody put an older version back, and newer ones are gone',
  'forked-from-mark': DECIDE,
  'missing-part': 'look whether comments of the ledger issue were deleted: they held parts of this record',
  'missing-chapter':
    'nothing: the state is whole; what happened before is known by its effect only, and commands of that age that come again are carried out again',
  forked: DECIDE,
  'newer-epoch':
    'another Muster has taken over since this data was last in use: stop one of the two; for this one to go on, restore into an empty data folder',
  'no-ledger':
    'nothing, if this project was never run: a ledger is made at the first start; else look for who deleted it',
  'no-project-page': 'nothing: the project is opened anew, with a higher epoch',
  refused:
    'run the restore again; if it stays, the log holds another history of this stream: restore into an empty data folder',
  'fold-differs': REPAIRED,
}

/** Both epochs, so that people can tell which of two Musters is meant. */
export const newerEpoch = (theirs: number, ours: number): string =>
  `it was written in epoch ${theirs}, and this log knows ${ours}`

const SET_APART: ReadonlySet<DoubtProblem> = new Set(['forked', 'forked-from-mark', 'newer-epoch', 'refused'])

export const doubt = (
  what: Doubt['what'],
  place: { readonly stream: StreamId | null; readonly issue: number | null },
  problem: DoubtProblem,
  detail: string,
): Doubt => ({
  what,
  stream: place.stream,
  issue: place.issue,
  problem,
  detail: neutraliseLine(detail, 500),
  next: NEXT[problem],
  setApart: SET_APART.has(problem),
})
