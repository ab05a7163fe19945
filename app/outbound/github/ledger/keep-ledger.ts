/**
 * Keeps a project's ledger issue as it should be: looks at it before the first write of a process's life, and then writes only
 * what changed. It decides nothing about who wins: a ledger that is further is reported, not overwritten.
 */
import { randomUUID } from 'node:crypto'
import type { Millis, StoredEvent, StreamId } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import type { Fold } from '../../../engine/ports.ts'
import type { BaseState } from '../record/encode-record.ts'
import type { RecordPart } from '../record/move-out.ts'
import type { RevMark } from '../record/verify-record.ts'
import { OvertakenFault } from '../notes.ts'
import { bodyHash } from '../replica/body-hash.ts'
import { SETTLE_MS } from '../replica/compare.ts'
import { heldUntil, leftAlone, release } from '../replica/corrections.ts'
import type { WhoWins } from '../restore/compare-heads.ts'
import { doubt } from '../restore/doubts.ts'
import { withOwnVersions, type OwnComment } from '../restore/own-versions.ts'
import { compareProject } from './compare-project.ts'
import { desiredLedger, SET_APART_PAGE, type LedgerPage } from './desired-ledger.ts'
import { createLedgerNotes, partKey, type LedgerBase, type LedgerNotes } from './ledger-base.ts'
import { heldBy, ledgerWrites, settleLedger, type LedgerWrite } from './ledger-writes.ts'
import type { RecordMark } from './marks-page.ts'
import { baseOf, isTooSoon, lookAtLedger, mendLedger, type LookedAt, type MeetLedgerOptions } from './meet-ledger.ts'
import type { LedgerTampering } from './mend-ledger-issue.ts'
import { partComments, type PartComment } from './part-comments.ts'
import { originOf, readLedger, type ReadLedger } from './read-ledger.ts'
import type { SetApartNotes } from './set-apart-notes.ts'
import { createTurns } from '../turns.ts'

export interface LedgerKeeperOptions extends MeetLedgerOptions {
  readonly fold: Fold
  /** What nothing is written to any more: told on the ledger, as long as that is ours. */
  readonly setApart: SetApartNotes
  /** Those of these tasks that the log has elsewhere: their issues were transferred, and another ledger marks their records. */
  readonly elsewhere: (project: StreamId, tasks: readonly StreamId[]) => Promise<ReadonlySet<StreamId>>
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

/** `tampering`: what was not as we left it, one line each, to be put on record. */
export type Kept =
  /** `written`: how many comments changed. `instead`: of which ledger it is now the one that counts. `again`: when to look once more. */
  | {
      readonly outcome: 'kept'
      readonly issue: number
      readonly written: number
      readonly tampering: readonly LedgerTampering[]
      readonly instead: LookedAt['instead']
      readonly again: Millis | null
    }
  /** Not everything was written, or nobody knows: keep again soon. */
  | { readonly outcome: 'unsure'; readonly issue: number; readonly tampering: readonly LedgerTampering[] }
  /**
   * `left-alone`: somebody keeps changing it; what has no news is not written before `until`. `too-soon`: GitHub does not show yet
   * what was written last, and nothing is written.
   */
  | {
      readonly outcome: 'left-alone' | 'too-soon'
      readonly issue: number
      readonly tampering: readonly LedgerTampering[]
      readonly until: Millis
    }
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
  /** Somebody touched the issue or its comments: the next keep, by whichever replica, looks before it writes. */
  lookAgain(project: StreamId): Promise<void>
  /** Where what is found apart is noted, to be told by the next keep. */
  readonly setApart: SetApartNotes
}

interface Met {
  readonly outcome: 'met'
  readonly base: LedgerBase
  readonly tampering: readonly LedgerTampering[]
  readonly instead: LookedAt['instead']
  /** When GitHub surely shows what others may have made at the same time. */
  readonly again: Millis | null
}

type LedgerOpened = ((issue: number) => Promise<KeepInput>) | undefined

/** A ledger is looked at this often even when no webhook says that somebody touched it. */
const LOOK_AGE_MS: Millis = 6 * 3_600_000

/** The newest touch of each project's ledger, by a name of its own. */
const TOUCHED = 'ledger-touched'

export const createLedgerKeeper = (options: LedgerKeeperOptions): LedgerKeeper => {
  const { documents, keys, fold, writer, setApart, clock } = options
  /** When each project's ledger was last looked at in this life, up to which touch, and when to do so again. */
  const looked = new Map<StreamId, { readonly next: Millis; readonly touch: string | null }>()
  const seen = new Map<StreamId, RecordMark>()
  /** Projects whose marks are in `seen`. */
  const known = new Set<StreamId>()
  const inTurn = createTurns()

  const write = async (
    notes: LedgerNotes,
    project: StreamId,
    base: LedgerBase,
    writes: readonly LedgerWrite[],
  ): Promise<LedgerBase> => {
    if (writes.length === 0) return base
    const creates = writes.some(({ write }) => write.kind === 'create')
    // Noted before it is sent, so that a crash in between is known of, and who was overtaken writes nothing.
    await notes.put(project, { ...base, unsure: base.unsure || creates, writtenAt: clock.now() })
    const written = await writer.write(
      base.issue,
      writes.map(({ write }) => write),
    )
    const after = { ...settleLedger(base, writes, written), writtenAt: clock.now() }
    try {
      await notes.put(project, after)
    } catch (error) {
      if (error instanceof OvertakenFault) await notes.doubt(project)
      throw error
    }
    return after
  }

  /** In its first look a life, or a replica, may be shown less than another one has written. */
  const freshOf = (project: StreamId, known: LedgerBase | null): LedgerBase | null =>
    known !== null && !looked.has(project) && clock.now() - (known.writtenAt ?? 0) < SETTLE_MS ? known : null

  const learn = (project: StreamId, marks: readonly RecordMark[]): void => {
    for (const mark of marks) raise(seen, mark)
    known.add(project)
  }

  const read = async (project: Project): Promise<ReadLedger> => {
    const { issues, reader, trustedApps } = options
    const comments: OwnComment[] = []
    for (const issue of await issues.find({ id: project.repositoryId, name: project.repository })) {
      comments.push(...(await withOwnVersions(reader, await reader.commentsOf(issue), trustedApps)))
    }
    const ledger = readLedger(comments, options)
    learn(project.stream, [...ledger.marks.values()])
    return ledger
  }

  const meet = async (given: KeepInput, known: LedgerBase | null, notes: LedgerNotes): Promise<Met | Kept> => {
    const { project } = given
    const { stream } = project
    const touch = await documents.get(TOUCHED, stream)
    const fresh = freshOf(stream, known)
    const seen = await lookAtLedger(options, project, fresh)
    if (isTooSoon(seen)) return { outcome: 'too-soon', tampering: [], ...seen }
    const { who, problem } = compareProject(given, seen.ledger)
    if (who.verdict !== 'write' && who.verdict !== 'same') {
      const issue = seen.issue.number
      if (problem !== null) await setApart.note(stream, doubt('ledger', { stream, issue }, ...problem))
      return { outcome: 'set-apart', issue, who }
    }
    await setApart.clear(stream, stream)
    learn(stream, [...seen.ledger.marks.values()])
    const { base, tampering } = await mendLedger(options, seen, project, known)
    // What was written last, by us or by others, still counts for who comes after.
    const writtenAt = seen.comments.length === 0 ? clock.now() : known?.writtenAt
    await notes.put(stream, { ...base, ...(writtenAt === undefined ? {} : { writtenAt }) })
    const again = seen.made ? clock.now() + SETTLE_MS : null
    looked.set(stream, { next: again ?? clock.now() + LOOK_AGE_MS, touch })
    return { outcome: 'met', base, tampering, instead: seen.instead, again }
  }

  const isLookDue = async (project: StreamId, base: LedgerBase): Promise<boolean> => {
    const now = clock.now()
    const last = looked.get(project)
    if (base.unsure || last === undefined || now >= last.next || release(base, now) !== base) return true
    return (await documents.get(TOUCHED, project)) !== last.touch
  }

  /** What the ledger has seen stays, unless the task is another ledger's now. */
  const marksFor = async (project: StreamId, own: readonly RecordMark[]): Promise<readonly RecordMark[]> => {
    const here = new Set(own.map(({ stream }) => stream))
    const others = [...seen.keys()].filter((stream) => !here.has(stream))
    const gone = others.length === 0 ? here : await options.elsewhere(project, others)
    return [...seen.values()].filter(({ stream }) => here.has(stream) || !gone.has(stream))
  }

  const keep = async (given: KeepInput, opened: LedgerOpened): Promise<Kept> => {
    const { project } = given
    const notes = createLedgerNotes(documents)
    const known = await notes.get(project.stream)
    const met: Met | Kept =
      known !== null && !(await isLookDue(project.stream, known))
        ? { outcome: 'met', base: known, tampering: [], instead: null, again: null }
        : await meet(given, known, notes)
    if (met.outcome !== 'met') return met
    const { base, tampering, instead, again } = met
    const issue = base.issue.number
    const isNew = project.ledgerIssue !== issue
    const input = isNew && opened !== undefined ? await opened(issue) : given
    for (const mark of input.marks) raise(seen, mark)
    const origin = originOf(base.issue)
    const marks = await marksFor(project.stream, input.marks)
    const apart = await setApart.of(project.stream)
    const told = apart.length > 0 || base.pages[SET_APART_PAGE] !== undefined ? apart : null
    const { pages, parts } = desiredLedger({ ...input, origin, marks, setApart: told }, { keys, fold })
    const pieces = parts.flatMap((part) => partComments(project.stream, origin, part, keys))
    const now = clock.now()
    const alone = leftAlone(base, now)
    const wanted = ledgerWrites(base, pages, pieces)
    const writes = wanted.filter((item) => heldBy(base, item, alone) === null)
    const withheld = [...new Set(wanted.map((item) => heldBy(base, item, alone)).filter((field) => field !== null))]
    const after = await write(notes, project.stream, { ...base, withheld }, writes)
    if (writes.length === 0 && withheld.join() !== (base.withheld ?? []).join()) await notes.put(project.stream, after)
    const left = wanted.flatMap((item) => (item.what === 'page' && !writes.includes(item) ? [item.page] : []))
    const isAllKept = isKept(
      after,
      pages.filter((page) => !left.includes(page)),
      pieces,
    )
    if (!isAllKept) return { outcome: 'unsure', issue, tampering }
    return left.length > 0
      ? { outcome: 'left-alone', issue, tampering, until: heldUntil(after, now) ?? now }
      : { outcome: 'kept', issue, written: writes.length, tampering, instead, again }
  }

  const keepParts = async (project: Project, parts: readonly RecordPart[]): Promise<boolean> => {
    const { stream, epoch } = project
    const notes = createLedgerNotes(documents)
    const last = await notes.get(stream)
    const { trustedApps } = options
    let base = last
    if (base === null || base.unsure) {
      const seen = await lookAtLedger(options, project, freshOf(stream, last))
      if (isTooSoon(seen)) return false
      const counts = { corrections: last?.corrections ?? [], held: last?.held ?? [] }
      base = { ...counts, ...baseOf(seen, { last, epoch, trustedApps }).base }
    }
    const pieces = parts.flatMap((part) => partComments(stream, originOf(base.issue), part, keys))
    return isKept(await write(notes, stream, base, ledgerWrites(base, [], pieces)), [], pieces)
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
    lookAgain: (project) => documents.put(TOUCHED, project, randomUUID()),
    setApart,
  }
}

/** Marks never go back: what the ledger has seen higher than we have stays until we have caught up. */
const raise = (seen: Map<StreamId, RecordMark>, mark: RecordMark): void => {
  if ((seen.get(mark.stream)?.rev ?? 0) <= mark.rev) seen.set(mark.stream, mark)
}

const isKept = (base: LedgerBase, pages: readonly LedgerPage[], pieces: readonly PartComment[]): boolean =>
  !base.unsure &&
  pages.every(({ key, rev, body }) => {
    const kept = base.pages[key]
    return kept !== undefined && (kept.hash === bodyHash(body) || kept.rev > rev)
  }) &&
  pieces.every(({ digest, chunk }) => base.parts.includes(partKey(digest, chunk)))
