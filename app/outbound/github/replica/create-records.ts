/** The reconciler's records: writes the comment that the newest state wants, and decides by the heads who wins when log and GitHub meet. */
import { projectStream, type StreamId } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import type { EventLog, Fold, Projections } from '../../../engine/ports.ts'
import type { LedgerKeeper } from '../ledger/keep-ledger.ts'
import { encodeRecord, type Origin } from '../record/encode-record.ts'
import { openRecord } from '../record/open-record.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import { verifyRecord, type Verdict } from '../record/verify-record.ts'
import { compareHeads } from '../restore/compare-heads.ts'
import { statusCard } from '../status-card.ts'
import type { IssueIds } from './base.ts'
import type { ObservedRecord } from './observed.ts'
import type { OnPersonChange } from './person-change.ts'
import type { Records } from './records.ts'

export interface RecordsOptions {
  readonly log: EventLog
  readonly projections: Projections
  readonly fold: Fold
  readonly keys: RecordKeys
  readonly appId: number
  readonly bareCommands: (project: StreamId) => Promise<boolean>
  readonly ledger: (project: Project) => LedgerKeeper
  readonly onPersonChange: OnPersonChange
}

/** Our own comments carry it; anybody else's is never believed. */
const NEVER_OURS = -1

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

  return {
    async write(stream, issue) {
      const found = await projections.task(stream)
      const project = await projectOf(issue)
      if (found === null || project === null) throw new TypeError(`${stream} is not in the log`)
      const { state, version } = await log.load(stream)
      const events = await log.read(stream)
      const { body, rev, parts } = encodeRecord(
        {
          stream,
          origin: originOf(issue),
          epoch: project.epoch,
          state: state ?? '',
          base: await log.base(stream),
          // Events that came in between belong to the next write.
          events: events.filter((event) => event.version <= version),
          card: statusCard(found.task, { bare: await options.bareCommands(project.stream) }),
        },
        { keys, fold },
      )
      // The body refers to its pieces, so they stand first.
      if (!(await options.ledger(project).keepParts(project, parts))) throw new PartsNotKeptFault(stream)
      return { body, rev }
    },

    async meet(stream, issue, record) {
      const project = await projectOf(issue)
      const verdict = record === null ? null : believe(record, issue)
      if (record !== null && verdict !== null && !verdict.ok) await reportDisbelief(stream, record, verdict)
      const believed = verdict?.ok === true && verdict.record.stream === stream ? verdict.record : null
      const { version, head, now } = await log.load(stream)
      const events = await log.read(stream)
      const who = compareHeads({ version, head, events, epoch: project?.epoch ?? 0 }, believed, null)
      switch (who.verdict) {
        case 'write':
        case 'same':
          return 'write'
        case 'forked':
        case 'newer-epoch':
          return 'apart'
        case 'import': {
          const opened = believed === null ? null : openRecord(believed)
          if (opened === null || !opened.ok) return 'apart'
          const { state, index } = fold(stream, opened.base?.state ?? null, opened.events)
          const { lease } = JSON.parse(state) as { readonly lease: { fence: never; ttlMs: number } | null }
          const leases = lease === null ? [] : [{ stream, fence: lease.fence, until: now + lease.ttlMs }]
          const { base, events: missing } = opened
          return (await log.importStream({ stream, base, events: missing, state, index, leases }))
            ? 'imported'
            : 'apart'
        }
      }
    },
  }

  function believe(record: ObservedRecord, issue: IssueIds): Verdict {
    return verifyRecord(record.body, {
      keys,
      place: originOf(issue),
      trustedApps: [appId],
      writer: {
        appId: record.ours ? appId : NEVER_OURS,
        editedByOther: record.editor !== null && !record.editedByUs,
      },
    })
  }

  async function reportDisbelief(
    stream: StreamId,
    record: ObservedRecord,
    verdict: Verdict & { readonly ok: false },
  ): Promise<void> {
    // An edit by another is reported by the look itself, with who did it.
    if (verdict.problem === 'edited') return
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

const originOf = (issue: IssueIds): Origin => ({
  repositoryId: issue.repositoryId,
  issueId: issue.id,
  issueNumber: issue.number,
})
