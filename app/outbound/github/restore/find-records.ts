/** The records that a restore goes by: those that the ledger names and, for a whole restore, those that it may not know of yet. Reads only. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { EventLog } from '../../../engine/ports.ts'
import { sealedFieldsSchema } from '../../../../schemas/record.ts'
import type { Doubt, Noted } from '../../../../schemas/restore-report.ts'
import type { RecordMark } from '../ledger/marks-page.ts'
import { originOf, type ReadLedger } from '../ledger/read-ledger.ts'
import type { IssuePlace } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import {
  verifyRecord,
  verifySeal,
  type NotBelieved,
  type VerifiedRecord,
  type VerifyOptions,
} from '../record/verify-record.ts'
import { isByOthers, noteOthers } from './by-others.ts'
import { doubt } from './doubts.ts'
import { withOwnVersions, type OwnComment } from './own-versions.ts'
import type { RestoreOptions } from './restore-project.ts'

export interface FoundRecord {
  readonly record: VerifiedRecord
  readonly number: number
  readonly issue: IssuePlace
}

/** Records written while the ledger was being written are looked for among comments this much older than it. */
const LEDGER_LAG_MS: Millis = 3_600_000

export interface FoundRecords {
  /** One believed record per stream, the newest, by number of their issue. */
  readonly records: readonly FoundRecord[]
  /** One for every issue with a comment of ours that cannot be believed, and for every mark that nothing could be found for. */
  readonly doubts: readonly Doubt[]
  readonly notes: readonly Noted[]
}

type Options = Pick<RestoreOptions, 'reader' | 'trustedApps' | 'keys' | 'scope' | 'log' | 'redirectsTo'>

export const findRecords = async (ledger: ReadLedger, options: Options): Promise<FoundRecords> => {
  const { reader, trustedApps, keys } = options
  const marks = options.scope === 'all' ? [...ledger.marks.values()] : await behind(ledger, options.log)
  const marked = await reader.comments(marks.map(({ comment }) => comment.nodeId))
  const others = options.scope === 'all' ? await reader.recordsSince(sinceOf(ledger)) : []
  const comments = new Map([...marked, ...others].filter((one) => one !== null).map((one) => [one.nodeId, one]))
  const best = new Map<string, FoundRecord>()
  const unbelieved: { readonly comment: OwnComment; readonly read: Unbelieved }[] = []
  for (const comment of await withOwnVersions(reader, [...comments.values()], trustedApps)) {
    const read = await believeMoved(comment, options, ledger)
    if (!read.ok) unbelieved.push({ comment, read })
    else if ((best.get(read.record.stream)?.record.rev ?? 0) < read.record.rev) {
      best.set(read.record.stream, { record: read.record, number: comment.issue.number, issue: comment.issue })
    }
  }
  const whole = new Set([...best.values()].map(({ number }) => number))
  const isNoise = (comment: OwnComment): boolean =>
    isByOthers(comment, trustedApps) && (whole.has(comment.issue.number) || !isCopyInPlace(comment, keys))
  const disbelieved = new Map<number, Doubt>()
  for (const { comment, read } of unbelieved) {
    const { number } = comment.issue
    if (isNoise(comment)) continue
    disbelieved.set(number, doubt('record', { stream: read.stream, issue: number }, read.problem, read.detail))
  }
  return {
    records: [...best.values()].toSorted((a, b) => a.number - b.number),
    doubts: [...disbelieved.values(), ...unfound(marks, best, disbelieved)],
    notes: unbelieved.filter(({ comment }) => isNoise(comment)).map(({ comment }) => noteOthers('record', comment)),
  }
}

/** What we once wrote for this very issue, in another's hand: where ours is gone, it is all that is left of it. */
const isCopyInPlace = ({ body, issue }: OwnComment, keys: RecordKeys): boolean =>
  verifyRecord(body, { keys, place: originOf(issue) }).ok

/** A record that was not signed anew yet when its issue was transferred: GitHub itself says whether it is this one. */
const believeMoved = async (comment: OwnComment, options: Options, ledger: ReadLedger) => {
  const { keys, trustedApps, redirectsTo } = options
  const here = believe(comment, { keys, trustedApps }, ledger)
  if (here.ok || here.problem !== 'wrong-place') return here
  const sealed = verifySeal('record', comment.body, keys)
  const origin = sealed.ok ? sealedFieldsSchema.parse(sealed.json).origin : null
  if (origin === null || !(await redirectsTo(origin, comment.issue))) return here
  return believe(comment, { keys, trustedApps, alsoFrom: [origin] }, ledger)
}

type Unbelieved = NotBelieved & { readonly stream: StreamId | null }

const believe = (
  comment: OwnComment,
  options: Pick<VerifyOptions, 'keys' | 'alsoFrom'> & { readonly trustedApps: readonly number[] },
  ledger: ReadLedger,
): { readonly ok: true; readonly record: VerifiedRecord } | Unbelieved => {
  const { appId, editedByOther, issue, body } = comment
  const verdict = verifyRecord(body, { ...options, place: originOf(issue), writer: { appId, editedByOther } })
  if (!verdict.ok) return { ...verdict, stream: null }
  const { stream } = verdict.record
  // The mark of that very stream, which is only known once the record has said whose it is.
  const mark = ledger.marks.get(stream) ?? null
  const again = verifyRecord(body, { ...options, place: originOf(issue), mark })
  return again.ok ? again : { ...again, stream }
}

const behind = async (ledger: ReadLedger, log: EventLog): Promise<readonly RecordMark[]> => {
  const marks: RecordMark[] = []
  for (const mark of ledger.marks.values()) {
    const { version, head } = await log.load(mark.stream)
    if (version < mark.rev || (version === mark.rev && head !== mark.head)) marks.push(mark)
  }
  return marks
}

/** A page that was read from its edit history, or has no readable time, says nothing about when it was written: then everything is looked at. */
const sinceOf = (ledger: ReadLedger): Millis | null => {
  const pages = [...ledger.projects, ...ledger.pages].map(({ comment }) => comment)
  if (pages.length === 0 || ledger.notBelieved.length > 0 || pages.some(({ recovered }) => recovered)) return null
  const newest = Math.max(...pages.map(({ updatedAt }) => updatedAt))
  return Number.isFinite(newest) ? newest - LEDGER_LAG_MS : null
}

const unfound = (
  marks: readonly RecordMark[],
  best: ReadonlyMap<string, FoundRecord>,
  disbelieved: ReadonlyMap<number, Doubt>,
): readonly Doubt[] =>
  marks
    .filter(({ stream, number }) => !best.has(stream) && !disbelieved.has(number))
    .map(({ stream, number, rev }) =>
      doubt(
        'record',
        { stream, issue: number },
        'missing',
        `its record comment, last seen at revision ${rev}, is gone`,
      ),
    )
