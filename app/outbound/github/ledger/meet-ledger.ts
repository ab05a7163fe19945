/** Looks at a project's ledger issue: finds or makes it, heals doubles, and reads what it holds. Nothing that can be believed is lost here. */
import type { Project } from '../../../domain/project/project.ts'
import type { CommentWrite, CommentWriter, HeldComment, LedgerIssue, LedgerIssues, ReplicaReader } from '../ports.ts'
import type { RecordKeys } from '../record/record-keys.ts'
import type { RecordProblem } from '../record/verify-record.ts'
import { withOwnVersions } from '../restore/own-versions.ts'
import { marksPageKey, PROJECT_PAGE } from './desired-ledger.ts'
import { bodyHash } from './ledger-writes.ts'
import { partKey, type KeptPage, type LedgerBase } from './ledger-base.ts'
import { readLedger, type ReadLedger } from './read-ledger.ts'

export interface MeetLedgerOptions {
  readonly issues: LedgerIssues
  readonly reader: ReplicaReader
  readonly writer: CommentWriter
  readonly keys: RecordKeys
  readonly trustedApps: readonly number[]
}

/** `identity` says which tampering it is, so that finding it twice reports it once. */
export interface LedgerTampering {
  readonly detail: string
  readonly identity: string
}

export interface Met {
  readonly base: LedgerBase
  readonly ledger: ReadLedger
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

export const meetLedger = async (options: MeetLedgerOptions, project: Project): Promise<Met> => {
  const { issues, reader, writer, trustedApps } = options
  const repository = { id: project.repositoryId, name: project.repository }
  const found = await issues.find(repository)
  const issue = found[0] ?? (await issues.create(repository))
  for (const double of found.slice(1)) if (double.open) await issues.retire(double, issue)
  if (!issue.locked) await issues.secure(issue)
  // What was made a moment ago holds nothing.
  const held = found.length === 0 ? [] : await reader.commentsOf(issue)
  const comments = await withOwnVersions(reader, held, trustedApps)
  const ledger = readLedger(comments, options)
  const { base, doubles } = baseOf(issue, ledger)
  if (doubles.length > 0) {
    await writer.write(
      issue,
      doubles.map((nodeId): CommentWrite => ({ kind: 'delete', nodeId })),
    )
  }
  const edited = comments.filter(({ recovered }) => recovered)
  return {
    base,
    ledger,
    tampering: [
      ...edited.map((comment) =>
        tamperingWith(comment, `comment ${comment.id} of the ledger was edited by somebody else and is written anew`),
      ),
      ...ledger.notBelieved.map(({ comment, verdict }) =>
        tamperingWith(comment, `comment ${comment.id} of the ledger: ${verdict.detail}`),
      ),
    ],
  }
}

const tamperingWith = ({ id, updatedAt }: HeldComment, detail: string): LedgerTampering => ({
  detail,
  identity: `${id}:${updatedAt}`,
})

/** Which comment holds which page. Of two that hold the same one, that with the lowest id stays, whichever is newer: it is written anew. */
const baseOf = (
  { nodeId, id, number, repositoryId }: LedgerIssue,
  ledger: ReadLedger,
): { readonly base: LedgerBase; readonly doubles: readonly string[] } => {
  const pages: Record<string, KeptPage> = {}
  const doubles: string[] = []
  const held = [
    ...ledger.projects.map(({ record, comment }) => ({ key: PROJECT_PAGE, rev: record.rev, comment })),
    ...ledger.pages.map(({ page, comment }) => ({ key: marksPageKey(page.page), rev: page.rev, comment })),
  ].toSorted((a, b) => a.comment.id - b.comment.id)
  for (const { key, rev, comment } of held) {
    if (pages[key] === undefined) {
      // What was taken from an older version of ours is not what stands there: it is written anew.
      const hash = comment.recovered ? '' : bodyHash(comment.body)
      pages[key] = { nodeId: comment.nodeId, id: comment.id, hash, rev }
    } else doubles.push(comment.nodeId)
  }
  const spoilt = ledger.notBelieved.filter(({ verdict }) => WORTHLESS.has(verdict.problem))
  doubles.push(...spoilt.map(({ comment }) => comment.nodeId))
  const parts = ledger.partComments.map(({ part }) => partKey(part.digest, part.chunk)).sort()
  return { base: { v: 1, issue: { nodeId, id, number, repositoryId }, pages, parts, unsure: false }, doubles }
}
