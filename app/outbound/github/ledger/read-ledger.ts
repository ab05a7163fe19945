/** What the comments of a ledger issue say, as far as they are believed. Pure; what is not believed is listed, never dropped silently. */
import type { MarksPagePayload } from '../../../../schemas/ledger.ts'
import type { PartPayload } from '../../../../schemas/record.ts'
import type { IssuePlace } from '../ports.ts'
import type { OwnComment } from '../restore/own-versions.ts'
import type { Origin } from '../record/encode-record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { findSealed } from '../record/seal.ts'
import { refuse, verifyRecord, type NotBelieved, type VerifiedRecord } from '../record/verify-record.ts'
import { readMarks, type RecordMark } from './marks-page.ts'
import { joinParts, readPart } from './part-comments.ts'

export interface ProjectPage {
  readonly record: VerifiedRecord
  readonly comment: OwnComment
}

export interface ReadLedger {
  /** The page of the project's own stream; should there be several, the newest. */
  readonly project: ProjectPage | null
  readonly projects: readonly ProjectPage[]
  /** By stream; where pages overlap, the higher revision. */
  readonly marks: ReadonlyMap<string, RecordMark>
  readonly pages: readonly { readonly page: MarksPagePayload; readonly comment: OwnComment }[]
  /** Text by digest. */
  readonly parts: ReadonlyMap<string, string>
  readonly partComments: readonly { readonly part: PartPayload; readonly comment: OwnComment }[]
  readonly notBelieved: readonly { readonly comment: OwnComment; readonly verdict: NotBelieved }[]
}

export const EMPTY_LEDGER: ReadLedger = {
  project: null,
  projects: [],
  marks: new Map(),
  pages: [],
  parts: new Map(),
  partComments: [],
  notBelieved: [],
}

export interface ReadLedgerOptions {
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
}

export const originOf = ({ id, number, repositoryId }: IssuePlace): Origin => ({
  repositoryId,
  issueId: id,
  issueNumber: number,
})

type Page =
  | { readonly kind: 'project'; readonly record: VerifiedRecord; readonly comment: OwnComment }
  | { readonly kind: 'marks'; readonly page: MarksPagePayload; readonly comment: OwnComment }
  | { readonly kind: 'part'; readonly part: PartPayload; readonly comment: OwnComment }
  | { readonly kind: 'other'; readonly verdict: NotBelieved; readonly comment: OwnComment }

/** `comments` are those of the ledger issue, oldest first, so that of two equal pages the first counts. */
export const readLedger = (comments: readonly OwnComment[], options: ReadLedgerOptions): ReadLedger => {
  const read = comments.map((comment) => readPage(comment, options)).filter((page) => page !== null)
  const projects = read.filter((page) => page.kind === 'project').toSorted((a, b) => b.record.rev - a.record.rev)
  const pages = read.filter((page) => page.kind === 'marks')
  const parts = read.filter((page) => page.kind === 'part')
  const marks = new Map<string, RecordMark>()
  for (const mark of pages.flatMap(({ page }) => page.marks)) {
    if ((marks.get(mark.stream)?.rev ?? 0) < mark.rev) marks.set(mark.stream, mark)
  }
  return {
    project: projects[0] ?? null,
    projects,
    marks,
    pages,
    parts: joinParts(parts.map(({ part }) => part)),
    partComments: parts,
    notBelieved: read.filter((page) => page.kind === 'other'),
  }
}

/** Null for what is no page at all: the lock keeps most people out, not all. */
const readPage = (comment: OwnComment, { keys, trustedApps }: ReadLedgerOptions): Page | null => {
  const { body, appId, editedByOther, issue } = comment
  const isPart = findSealed('part', body).found !== 'none'
  if (!isPart && findSealed('ledger', body).found === 'none') return null
  const other = (verdict: NotBelieved): Page => ({ kind: 'other', verdict, comment })
  if (appId === null || !trustedApps.includes(appId)) return other(refuse('not-ours', 'it was not written by our App'))
  if (editedByOther) return other(refuse('edited', 'its newest version is not by our App'))
  const place = originOf(issue)
  if (isPart) {
    const read = readPart(body, place, keys)
    return read.ok ? { kind: 'part', part: read.part, comment } : other(read)
  }
  const marks = readMarks(body, place, keys)
  if (marks !== null) return marks.ok ? { kind: 'marks', page: marks.page, comment } : other(marks)
  const record = verifyRecord(body, { keys, place, kind: 'ledger' })
  return record.ok ? { kind: 'project', record: record.record, comment } : other(record)
}
