/**
 * What happens when a life first meets a project's ledger: it is found or made and read; and, once it is known to be ours to
 * write, doubles are healed and what people changed is put right. Nothing that can be believed is lost here.
 */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Project } from '../../../domain/project/project.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'
import type { CommentWrite, CommentWriter, HeldComment, LedgerIssue, LedgerIssues, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import type { RecordProblem } from '../record/verify-record.ts'
import { bodyHash } from '../replica/body-hash.ts'
import { SETTLE_MS } from '../replica/compare.ts'
import { correct, leftAlone, PAGES_GONE, release } from '../replica/corrections.ts'
import { withOwnVersions, type OwnComment } from '../restore/own-versions.ts'
import { marksPageKey, PROJECT_PAGE, SET_APART_PAGE } from './desired-ledger.ts'
import { claimLedger } from './make-ledger.ts'
import { mendLedgerIssue, type LedgerTampering } from './mend-ledger-issue.ts'
import { partKey, type KeptPage, type LedgerBase } from './ledger-base.ts'
import { PAGES } from './ledger-writes.ts'
import { EMPTY_LEDGER, readLedger, type ReadLedger } from './read-ledger.ts'
import { epochOfSetApartPage } from './set-apart-page.ts'

export interface MeetLedgerOptions {
  readonly issues: LedgerIssues
  readonly reader: ReplicaReader
  readonly writer: CommentWriter
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
  readonly documents: Documents
  readonly clock: Clock
}

/** What stands there. Nothing was changed, but for an issue that was not there at all. */
export interface LookedAt {
  /** Of several, the one with the lowest number. */
  readonly issue: LedgerIssue
  /** Issues that were made twice. */
  readonly doubles: readonly LedgerIssue[]
  readonly comments: readonly OwnComment[]
  readonly ledger: ReadLedger
  /** The project knows of another ledger than this one: a double that is closed, or one that is gone with all it held. */
  readonly instead: { readonly of: number; readonly why: 'double' | 'gone' } | null
  /** It was not there and was made just now. */
  readonly made: boolean
}

/** GitHub may not show yet what was written there lately, by whichever life or replica. */
export interface TooSoon {
  /** Number of the issue, as far as it is known; 0: not yet. */
  readonly issue: number
  readonly until: Millis
}

/** `fresh` is what was written there so lately that GitHub may not show it yet. */
export const lookAtLedger = async (
  options: MeetLedgerOptions,
  project: Project,
  fresh: LedgerBase | null,
): Promise<LookedAt | TooSoon> => {
  const { issues, reader, trustedApps, clock } = options
  const repository = { id: project.repositoryId, name: project.repository }
  const claim = await claimLedger(options, project.stream)
  const [first, ...doubles] = await issues.find(repository, project.ledgerIssue)
  const freshUntil = { issue: fresh?.issue.number ?? 0, until: (fresh?.writtenAt ?? 0) + SETTLE_MS }
  if (fresh !== null && !isShown(fresh, first)) return freshUntil
  if (first === undefined) {
    if (claim.until !== null) return { issue: 0, until: claim.until }
    const issue = await claim.make(() => issues.create(repository))
    if (issue === null) return { issue: 0, until: clock.now() + SETTLE_MS }
    await issues.mend(issue, ['lock'])
    const instead = insteadOf(project, issue, doubles)
    return { issue: { ...issue, locked: true }, doubles, comments: [], ledger: EMPTY_LEDGER, instead, made: true }
  }
  const comments = await withOwnVersions(reader, await reader.commentsOf(first), trustedApps)
  const shown = new Set(comments.map(({ nodeId }) => nodeId))
  if (fresh !== null && Object.values(fresh.pages).some(({ nodeId }) => !shown.has(nodeId))) return freshUntil
  const instead = insteadOf(project, first, doubles)
  return { issue: first, doubles, comments, ledger: readLedger(comments, options), instead, made: false }
}

export const isTooSoon = (seen: LookedAt | TooSoon): seen is TooSoon => 'until' in seen

const insteadOf = (
  { ledgerIssue }: Project,
  issue: LedgerIssue,
  doubles: readonly LedgerIssue[],
): LookedAt['instead'] => {
  if (ledgerIssue === null || ledgerIssue === issue.number) return null
  return { of: ledgerIssue, why: doubles.some(({ number }) => number === ledgerIssue) ? 'double' : 'gone' }
}

/** As we left it: what is missing, open or not locked may be GitHub's past, and is told from what people did when that is over. */
const isShown = ({ issue }: LedgerBase, found: LedgerIssue | undefined): boolean =>
  found?.nodeId === issue.nodeId && found.open && found.locked && found.marked

export interface Mended {
  readonly base: LedgerBase
  /** What was not as we left it, one line each: to be put on record. */
  readonly tampering: readonly LedgerTampering[]
}

/** Ours once, and nothing can be read of it any more: a new page takes its place. Pages that we merely cannot read stay. */
const WORTHLESS: ReadonlySet<RecordProblem> = new Set([
  'bad-signature',
  'malformed',
  'card-changed',
  'edited',
  'broken-chain',
])

/**
 * Only once it is clear that the ledger is ours to write. `known` is what we last wrote, or null: then changes cannot be told
 * from what was never done.
 */
export const mendLedger = async (
  { issues, writer, trustedApps, clock }: MeetLedgerOptions,
  looked: LookedAt,
  project: Project,
  known: LedgerBase | null,
): Promise<Mended> => {
  const now = clock.now()
  const { issue, comments, ledger } = looked
  const last = known?.issue.nodeId === issue.nodeId ? known : null
  for (const double of looked.doubles) if (double.open) await issues.retire(double, issue)
  const counted = release({ corrections: last?.corrections ?? [], held: last?.held ?? [] }, now)
  const mended = await mendLedgerIssue(issues, issue, { isKnown: last !== null, counted, now })

  const edited = comments.filter(({ recovered }) => recovered)
  const spoilt = ledger.notBelieved.filter(({ verdict }) => WORTHLESS.has(verdict.problem))
  const { base, doubles } = baseOf(looked, { last, epoch: project.epoch, trustedApps })
  const gone = goneFrom(last, base, now).filter(
    ({ nodeId }) => !spoilt.some(({ comment }) => comment.nodeId === nodeId),
  )
  const alone = leftAlone(counted, now)
  const first = edited.length > 0 ? correct(mended.counted, PAGES, now) : { base: mended.counted, gaveUp: false }
  const second =
    spoilt.length + gone.length > 0 ? correct(first.base, PAGES_GONE, now) : { base: first.base, gaveUp: false }
  const isWaiting = leftAlone(second.base, now).includes(PAGES_GONE)
  const away = [...doubles, ...(isWaiting ? [] : spoilt.map(({ comment }) => comment.nodeId))]
  if (away.length > 0) {
    await writer.write(
      issue,
      away.map((nodeId): CommentWrite => ({ kind: 'delete', nodeId })),
    )
  }
  return {
    base: { ...base, ...second.base },
    tampering: [
      ...mended.tampering,
      ...(alone.includes(PAGES) ? [] : edited).map((comment) =>
        tamperingWith(comment, `comment ${comment.id} of the ledger was edited by somebody else and is written anew`),
      ),
      ...ledger.notBelieved.map(({ comment, verdict }) =>
        tamperingWith(comment, `comment ${comment.id} of the ledger: ${verdict.detail}`),
      ),
      ...gone.map(({ id }) => ({
        detail: `comment ${id} of the ledger was deleted and is written anew`,
        identity: `${id}:gone`,
      })),
      ...(first.gaveUp ? [gaveUp(issue, PAGES, 'changed', 'only what is new is written there for an hour', now)] : []),
      ...(second.gaveUp ? [gaveUp(issue, PAGES_GONE, 'deleted', 'they are made anew less and less often', now)] : []),
    ],
  }
}

/** Pages that we left there and that are not there any more. So soon after our last write, that may be GitHub's past. */
const goneFrom = (last: LedgerBase | null, { pages }: Held, now: Millis): readonly KeptPage[] =>
  last === null || now - (last.writtenAt ?? 0) < SETTLE_MS
    ? []
    : Object.entries(last.pages).flatMap(([key, page]) =>
        key === SET_APART_PAGE || pages[key] !== undefined ? [] : [page],
      )

const gaveUp = (
  { nodeId, number }: LedgerIssue,
  field: string,
  what: string,
  then: string,
  now: Millis,
): LedgerTampering => ({
  detail: `comments of the ledger issue ${number} were ${what} a fourth time within an hour; ${then}. Find out who does it, and stop it`,
  identity: `${nodeId}:gave-up:${field}:${now}`,
})

const tamperingWith = ({ id, updatedAt }: HeldComment, detail: string): LedgerTampering => ({
  detail,
  identity: `${id}:${updatedAt}`,
})

interface Places {
  readonly last: LedgerBase | null
  readonly epoch: number
  readonly trustedApps: readonly number[]
}

type Held = Pick<LedgerBase, 'v' | 'issue' | 'pages' | 'parts' | 'unsure'>

/** Which comment holds which page. Of two that hold the same one, that with the lowest id stays, whichever is newer: it is written anew. */
export const baseOf = (
  { issue: { nodeId, id, number, repositoryId }, comments, ledger }: LookedAt,
  { last, epoch, trustedApps }: Places,
): { readonly base: Held; readonly doubles: readonly string[] } => {
  const pages: Record<string, KeptPage> = {}
  const doubles: string[] = []
  const told = comments
    .filter(({ appId }) => appId !== null && trustedApps.includes(appId))
    .map((comment) => ({ comment, of: epochOfSetApartPage(comment.body) }))
  const held = [
    ...ledger.projects.map(({ record, comment }) => ({ key: PROJECT_PAGE, rev: record.rev, comment })),
    ...ledger.pages.map(({ page, comment }) => ({ key: marksPageKey(page.page), rev: page.rev, comment })),
    ...told.filter(({ of }) => of === epoch).map(({ comment }) => ({ key: SET_APART_PAGE, rev: 0, comment })),
  ].toSorted((a, b) => a.comment.id - b.comment.id)
  for (const { key, rev, comment } of held) {
    if (pages[key] === undefined)
      pages[key] = { nodeId: comment.nodeId, id: comment.id, hash: hashOf(key, comment, last), rev }
    else doubles.push(comment.nodeId)
  }
  // Databases of earlier epochs write no more; what they said would stand there for ever.
  doubles.push(...told.filter(({ of }) => of !== null && of < epoch).map(({ comment }) => comment.nodeId))
  const parts = ledger.partComments.map(({ part }) => partKey(part.digest, part.chunk)).sort()
  return { base: { v: 1, issue: { nodeId, id, number, repositoryId }, pages, parts, unsure: false }, doubles }
}

const hashOf = (key: string, comment: OwnComment, last: LedgerBase | null): string => {
  // What was taken from an older version of ours is not what stands there: it is written anew.
  if (comment.recovered) return ''
  const before = last?.pages[key]
  // Another copy of this very database may have written its own there: whoever has news writes, and nobody only to be the last.
  if (key === SET_APART_PAGE && before?.nodeId === comment.nodeId) return before.hash
  return bodyHash(comment.body)
}
