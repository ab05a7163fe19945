/** The reconciler's records: writes the comment that the newest state wants, and decides by the heads who wins when log and GitHub meet. */
import { projectStream, type StreamId } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import type { EventLog, Fold, Projections } from '../../../engine/ports.ts'
import type { Doubt } from '../../../../schemas/restore-report.ts'
import type { LedgerKeeper } from '../ledger/keep-ledger.ts'
import type { ChapterGitHub } from '../chapters/chapter-comments.ts'
import type { Chapters } from '../chapters/keep-chapters.ts'
import { readHistory } from '../chapters/read-history.ts'
import type { ReplicaReader } from '../ports.ts'
import { originOf } from '../ledger/read-ledger.ts'
import { encodeRecord } from '../record/encode-record.ts'
import type { FindPart } from '../record/put-back.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import {
  verifyRecord,
  type FormerOrigin,
  type RevMark,
  type VerifiedRecord,
  type Verdict,
} from '../record/verify-record.ts'
import { compareHeads } from '../restore/compare-heads.ts'
import { doubt, type DoubtProblem } from '../restore/doubts.ts'
import { importRecord, type ImportResult } from '../restore/import-record.ts'
import { statusCard } from '../status-card.ts'
import type { IssueIds } from './base.ts'
import type { ObservedRecord } from './observed.ts'
import type { OnPersonChange } from '../../../engine/person-change.ts'
import type { Meeting, Records } from './records.ts'

export interface RecordsOptions {
  readonly log: EventLog
  readonly projections: Projections
  readonly fold: Fold
  readonly keys: RecordKeys
  readonly appId: number
  readonly bareCommands: (project: StreamId) => Promise<boolean>
  readonly ledger: (project: Project) => LedgerKeeper
  readonly github: (project: Project) => ChapterGitHub & ReplicaReader
  readonly chapters: Chapters
  readonly onPersonChange: OnPersonChange
  /** Events between the log and what was imported are nowhere: the project's epoch has to rise above this one. */
  readonly onGap: (project: StreamId, epoch: number) => Promise<void>
}

/** Our own comments carry it; anybody else's is never believed. */
const NEVER_OURS = -1

const NO_PARTS: FindPart = () => undefined

export class PartsNotKeptFault extends Error {
  override readonly name = 'PartsNotKeptFault'
  readonly code = 'parts-not-kept'
  readonly retryable = true
  constructor(stream: StreamId) {
    super(`pieces of the record of ${stream} are not in the ledger yet; it is written again later`)
  }
}

export const createRecords = (options: RecordsOptions): Records => {
  const { log, projections, fold, keys, appId } = options

  const projectOf = async (issue: IssueIds): Promise<Project | null> =>
    projections.project(projectStream(issue.repositoryId))

  /** What stands there; where somebody else has had the last word, the newest version of ours. */
  const believe = async (
    record: ObservedRecord,
    issue: IssueIds,
    project: Project,
    mark: RevMark | null,
    alsoFrom: readonly FormerOrigin[],
  ): Promise<Verdict> => {
    const check = (body: string, editedByOther: boolean): Verdict =>
      verifyRecord(body, {
        keys,
        place: originOf(issue),
        alsoFrom,
        trustedApps: [appId],
        writer: { appId: record.ours ? appId : NEVER_OURS, editedByOther },
        mark,
      })
    const verdict = check(record.body, record.editor !== null && !record.editedByUs)
    if (verdict.ok || !record.ours) return verdict
    const [newest] = await options.github(project).ownVersions(record.nodeId)
    const ours = newest === undefined || newest === record.body ? null : check(newest, false)
    return ours?.ok === true ? ours : verdict
  }

  const take = async (
    record: VerifiedRecord,
    issue: IssueIds,
    project: Project,
    mark: RevMark | null,
  ): Promise<ImportResult> => {
    const { issueNumber, repositoryId } = record.origin
    // What was written before a transfer is of the epoch of the project that it was written in.
    const home =
      repositoryId === project.repositoryId ? project : await projections.project(projectStream(repositoryId))
    const epoch = home?.epoch ?? record.epoch
    const sources = { reader: options.github(project), keys, trustedApps: [appId] }
    const tools = { log, fold, epoch, readHistory: (after: number) => readHistory(record, issue, after, sources) }
    const imported = await importRecord(record, issueNumber, mark, { ...tools, findPart: NO_PARTS })
    if (!imported.doubts.some(({ problem }) => problem === 'missing-part')) return imported
    const { parts } = await options.ledger(project).read(project)
    return importRecord(record, issueNumber, mark, { ...tools, findPart: (digest) => parts.get(digest) })
  }

  /** Where the log says that the issue stood before. */
  const formerOf = async (stream: StreamId) => {
    const spots = (await projections.task(stream))?.task.formerly ?? []
    const all = await Promise.all(
      spots.map(async ({ project, number }) => ({ project: await projections.project(project), number })),
    )
    return all.flatMap(({ project, number }) => (project === null ? [] : [{ project, number }]))
  }

  /** Of this ledger and of those of the repositories that the issue has left. */
  const newestMark = (
    stream: StreamId,
    project: Project,
    former: readonly { readonly project: Project }[],
  ): RevMark | null => {
    const keepers = [project, ...former.map((one) => one.project)].map((one) => options.ledger(one))
    const marks = keepers.map((keeper) => keeper.markOf(stream)).filter((mark) => mark !== null)
    return marks.toSorted((a, b) => b.rev - a.rev)[0] ?? null
  }

  const setApart = async (project: Project, doubt: Doubt | undefined): Promise<Meeting> => {
    if (doubt !== undefined) await options.ledger(project).setApart.note(project.stream, doubt)
    return 'apart'
  }

  /** Nothing there can be believed: it is written over, unless we know that there was more than we have. */
  const meetNothing = async (
    stream: StreamId,
    issue: IssueIds,
    project: Project,
    mark: RevMark | null,
  ): Promise<Meeting> => {
    const { version, head } = await log.load(stream)
    const events = await log.read(stream)
    const who = compareHeads({ version, head, events, epoch: project.epoch }, null, mark)
    if (mark !== null && (await options.ledger(project).setApart.isGone(stream, mark))) return 'write'
    return who.verdict === 'forked' ? setApart(project, doubtOf(stream, issue, 'forked', who.reason)) : 'write'
  }

  const meet = async (
    stream: StreamId,
    issue: IssueIds,
    record: ObservedRecord | null,
    project: Project,
  ): Promise<Meeting> => {
    const keeper = options.ledger(project)
    await keeper.look(project)
    const former = await formerOf(stream)
    const mark = newestMark(stream, project, former)
    const alsoFrom = former.map(({ project: { repositoryId }, number }) => ({ repositoryId, issueNumber: number }))
    const verdict = record === null ? null : await believe(record, issue, project, mark, alsoFrom)
    if (record !== null && verdict !== null && !verdict.ok) await reportDisbelief(stream, record, verdict)
    if (verdict === null || !verdict.ok || verdict.record.stream !== stream) {
      return meetNothing(stream, issue, project, mark)
    }
    const { restored, doubts } = await take(verdict.record, issue, project, mark)
    await reportMissing(stream, record?.nodeId ?? '', doubts)
    switch (restored?.outcome) {
      case undefined:
        return setApart(project, doubts[0])
      case 'same':
      case 'ahead':
        return 'write'
      case 'gap':
        await options.onGap(project.stream, Math.max(project.epoch, verdict.record.epoch))
        return 'imported'
      case 'imported':
        return 'imported'
    }
  }

  return {
    async write(stream, issue) {
      const found = await projections.task(stream)
      const project = await projectOf(issue)
      if (found === null || project === null) throw new TypeError(`${stream} is not in the log`)
      const { state, version } = await log.load(stream)
      const card = statusCard(found.task, { bare: await options.bareCommands(project.stream) })
      const place = { stream, origin: originOf(issue), epoch: project.epoch, state: state ?? '', card }
      const { key } = found.task
      const older = await options.chapters.open({ stream, key, issue, github: options.github(project) }, version)
      const encode = () => encodeRecord({ ...place, ...older.since() }, { keys, fold })
      let encoded = encode()
      // The body refers to the newest chapter, so that stands first.
      while (encoded.left > 0 && (await older.seal())) encoded = encode()
      const { body, rev, parts } = encoded
      // The body refers to its pieces, so they stand first.
      if (!(await options.ledger(project).keepParts(project, parts))) throw new PartsNotKeptFault(stream)
      const { events, sealed } = older.since()
      return { body, rev, news: events.findLast(({ type }) => type !== 'tampering-found')?.version ?? sealed?.rev ?? 0 }
    },

    async lookAtOlder(stream, issue, by) {
      const project = await projectOf(issue)
      if (project !== null) await options.chapters.look({ stream, issue, github: options.github(project) }, by)
    },

    async meet(stream, issue, record) {
      const project = await projectOf(issue)
      if (project === null) return 'apart'
      const meeting = await meet(stream, issue, record, project)
      if (meeting !== 'apart') await options.ledger(project).setApart.clear(project.stream, stream)
      return meeting
    },
  }

  async function reportMissing(stream: StreamId, nodeId: string, doubts: readonly Doubt[]): Promise<void> {
    for (const { detail } of doubts.filter(({ problem }) => problem === 'missing-chapter')) {
      const identity = `${nodeId}:${detail}`
      await options.onPersonChange({ field: 'record', stream, what: 'chapter-deleted', by: null, detail, identity })
    }
  }

  async function reportDisbelief(
    stream: StreamId,
    record: ObservedRecord,
    verdict: Verdict & { readonly ok: false },
  ): Promise<void> {
    // An edit by another is reported by the look itself, with who did it.
    if (record.editor !== null && !record.editedByUs) return
    // An older text of ours may be GitHub's own past.
    if (verdict.problem === 'older-than-mark') return
    await options.onPersonChange({
      field: 'record',
      stream,
      what: 'record-edited',
      by: null,
      detail: `${verdict.problem}: ${verdict.detail}`,
      identity: `${record.nodeId}:${verdict.problem}:${verdict.detail}`,
    })
  }
}

const doubtOf = (stream: StreamId, { number }: IssueIds, problem: DoubtProblem, detail: string): Doubt =>
  doubt('record', { stream, issue: number }, problem, detail)
