/**
 * Keeps a project's ledger issue as it should be: looks at it before the first write of a process's life, and then writes only
 * what changed. It decides nothing about who wins: a ledger that is further is reported, not overwritten.
 */
import type { StoredEvent, StreamId } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import type { Documents, Fold } from '../../../engine/ports.ts'
import type { BaseState } from '../record/encode-record.ts'
import type { RecordPart } from '../record/move-out.ts'
import type { RecordProblem, RevMark } from '../record/verify-record.ts'
import { compareHeads, type WhoWins } from '../restore/compare-heads.ts'
import { withOwnVersions } from '../restore/own-versions.ts'
import { desiredLedger, type LedgerPage } from './desired-ledger.ts'
import { partKey, readLedgerBase, writeLedgerBase, type LedgerBase } from './ledger-base.ts'
import { bodyHash, ledgerWrites, settleLedger, type LedgerWrite } from './ledger-writes.ts'
import type { RecordMark } from './marks-page.ts'
import { meetLedger, type LedgerTampering, type MeetLedgerOptions } from './meet-ledger.ts'
import { partComments, type PartComment } from './part-comments.ts'
import { EMPTY_LEDGER, originOf, readLedger, type ReadLedger } from './read-ledger.ts'
import { createTurns } from './turns.ts'

export interface LedgerKeeperOptions extends MeetLedgerOptions {
  readonly documents: Documents
  readonly fold: Fold
}

export interface KeepInput {
  readonly project: Project
  readonly version: number
  readonly head: string
  readonly state: string
  readonly base: BaseState | null
  readonly events: readonly StoredEvent[]
  readonly marks: readonly RecordMark[]
}

export type Kept =
  /** `written`: how many comments changed. `tampering`: what was not as we left it, one line each, to be put on record. */
  | {
      readonly outcome: 'kept'
      readonly issue: number
      readonly written: number
      readonly tampering: readonly LedgerTampering[]
    }
  /** Not everything was written, or nobody knows: keep again soon. */
  | { readonly outcome: 'unsure'; readonly issue: number; readonly tampering: readonly LedgerTampering[] }
  /** The ledger is further, or another history: nothing was written. */
  | { readonly outcome: 'set-apart'; readonly issue: number; readonly who: WhoWins }

/** One for the whole process: it remembers what it has looked at, and writes to one project one at a time. */
export interface LedgerKeeper {
  /**
   * `opened` is called before the first write when the ledger stands on another issue than the project knows of; it answers
   * with the newest input.
   */
  keep(input: KeepInput, opened?: (issue: number) => Promise<KeepInput>): Promise<Kept>
  /** Keeps pieces of a record that grew too large, before the record that refers to them is written. False: not yet. */
  keepParts(project: Project, parts: readonly RecordPart[]): Promise<boolean>
  /** The highest mark that the ledger has shown of a task's record; null before the first look, or when there is none. */
  markOf(task: StreamId): RevMark | null
  /** Marks that somebody else has read from the project's ledger. */
  learn(project: StreamId, marks: readonly RecordMark[]): void
  /** What the ledger holds now, its marks learned. Writes nothing; empty when there is none. */
  read(project: Project): Promise<ReadLedger>
  /** Reads the ledger, unless its marks are known already or there was never one. */
  look(project: Project): Promise<void>
  /** Somebody touched the issue or its comments: the next keep looks before it writes. */
  lookAgain(project: StreamId): void
}

type LedgerOpened = ((issue: number) => Promise<KeepInput>) | undefined

/** A ledger that we merely cannot read is not ours to write over. */
const UNREADABLE: ReadonlySet<RecordProblem> = new Set(['unknown-key', 'unsupported'])

export const createLedgerKeeper = (options: LedgerKeeperOptions): LedgerKeeper => {
  const { documents, keys, fold, writer } = options
  const looked = new Set<StreamId>()
  const seen = new Map<StreamId, RecordMark>()
  /** Projects whose marks are in `seen`. */
  const known = new Set<StreamId>()
  const inTurn = createTurns()

  const write = async (project: StreamId, base: LedgerBase, writes: readonly LedgerWrite[]): Promise<LedgerBase> => {
    if (writes.length === 0) return base
    const creates = writes.some(({ write }) => write.kind === 'create')
    // Noted before it is sent, so that a crash in between is known of.
    if (creates) await writeLedgerBase(documents, project, { ...base, unsure: true })
    const written = await writer.write(
      base.issue,
      writes.map(({ write }) => write),
    )
    const after = settleLedger(base, writes, written)
    await writeLedgerBase(documents, project, after)
    return after
  }

  const learn = (project: StreamId, marks: readonly RecordMark[]): void => {
    for (const mark of marks) raise(seen, mark)
    known.add(project)
  }

  const read = async (project: Project): Promise<ReadLedger> => {
    const { issues, reader, trustedApps } = options
    const [issue] = await issues.find({ id: project.repositoryId, name: project.repository })
    const ledger =
      issue === undefined
        ? EMPTY_LEDGER
        : readLedger(await withOwnVersions(reader, await reader.commentsOf(issue), trustedApps), options)
    learn(project.stream, [...ledger.marks.values()])
    return ledger
  }

  const keep = async (given: KeepInput, opened: LedgerOpened): Promise<Kept> => {
    const { project } = given
    let base = await readLedgerBase(documents, project.stream)
    let tampering: readonly LedgerTampering[] = []
    if (base === null || base.unsure || !looked.has(project.stream)) {
      const met = await meetLedger(options, project)
      const who = compareProject(given, met.ledger)
      if (who.verdict !== 'write' && who.verdict !== 'same') {
        return { outcome: 'set-apart', issue: met.base.issue.number, who }
      }
      learn(project.stream, [...met.ledger.marks.values()])
      tampering = met.tampering
      base = met.base
      await writeLedgerBase(documents, project.stream, base)
      looked.add(project.stream)
    }
    const isNew = project.ledgerIssue !== base.issue.number
    const input = isNew && opened !== undefined ? await opened(base.issue.number) : given
    for (const mark of input.marks) raise(seen, mark)
    const origin = originOf(base.issue)
    const marks = [...seen.values()].filter(({ stream }) => belongsTo(stream, project.stream))
    const { pages, parts } = desiredLedger({ ...input, origin, marks }, { keys, fold })
    const pieces = parts.flatMap((part) => partComments(project.stream, origin, part, keys))
    const writes = ledgerWrites(base, pages, pieces)
    const after = await write(project.stream, base, writes)
    const issue = base.issue.number
    return isKept(after, pages, pieces)
      ? { outcome: 'kept', issue, written: writes.length, tampering }
      : { outcome: 'unsure', issue, tampering }
  }

  const keepParts = async (project: Project, parts: readonly RecordPart[]): Promise<boolean> => {
    const last = await readLedgerBase(documents, project.stream)
    const base = last === null || last.unsure ? (await meetLedger(options, project)).base : last
    const pieces = parts.flatMap((part) => partComments(project.stream, originOf(base.issue), part, keys))
    return isKept(await write(project.stream, base, ledgerWrites(base, [], pieces)), [], pieces)
  }

  return {
    keep: (input, opened) => inTurn(input.project.stream, () => keep(input, opened)),
    keepParts: (project, parts) =>
      parts.length === 0 ? Promise.resolve(true) : inTurn(project.stream, () => keepParts(project, parts)),
    markOf: (task) => seen.get(task) ?? null,
    learn,
    read,
    async look(project) {
      if (!known.has(project.stream) && project.ledgerIssue !== null) await read(project)
    },
    lookAgain: (project) => void looked.delete(project),
  }
}

/** Marks never go back: what the ledger has seen higher than we have stays until we have caught up. */
const raise = (seen: Map<StreamId, RecordMark>, mark: RecordMark): void => {
  if ((seen.get(mark.stream)?.rev ?? 0) <= mark.rev) seen.set(mark.stream, mark)
}

/** `task/7/12` belongs to `project/7`. */
const belongsTo = (task: StreamId, project: StreamId): boolean => task.split('/')[1] === project.split('/')[1]

const compareProject = ({ version, head, events, project }: KeepInput, ledger: ReadLedger): WhoWins => {
  const unread = ledger.notBelieved.find(({ verdict }) => UNREADABLE.has(verdict.problem))
  if (unread !== undefined) {
    return { verdict: 'forked', reason: `a page of the ledger cannot be read: ${unread.verdict.detail}` }
  }
  return compareHeads({ version, head, events, epoch: project.epoch }, ledger.project?.record ?? null, null)
}

const isKept = (base: LedgerBase, pages: readonly LedgerPage[], pieces: readonly PartComment[]): boolean =>
  !base.unsure &&
  pages.every(({ key, rev, body }) => {
    const kept = base.pages[key]
    return kept !== undefined && (kept.hash === bodyHash(body) || kept.rev > rev)
  }) &&
  pieces.every(({ digest, chunk }) => base.parts.includes(partKey(digest, chunk)))
