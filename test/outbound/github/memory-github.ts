/** A GitHub of issues and comments in memory, with edit history, authors and editors: what the ledger and a restore need of it. */
import type {
  CommentWriter,
  CommentWritten,
  HeldComment,
  IssuePlace,
  LedgerIssue,
  LedgerIssueField,
  LedgerIssues,
  ReplicaReader,
} from '../../../app/outbound/github/ports.ts'

export const OUR_APP = 1
export const REPOSITORY = { id: 7, nodeId: 'R_7', name: 'acme/widgets' }

interface Version {
  readonly by: number | string
  readonly body: string
}
interface Stored {
  readonly id: number
  readonly issue: number
  readonly versions: Version[]
  updatedAt: number
}

export class MemoryGitHub implements ReplicaReader, CommentWriter, LedgerIssues {
  readonly comments_ = new Map<string, Stored>()
  readonly ledgers: LedgerIssue[] = []
  readonly writes: string[] = []
  readonly mended: LedgerIssueField[] = []
  /** Comments that are folded up, and how many were looked at without their texts, each time. */
  readonly folded = new Set<string>()
  readonly looks: number[] = []
  /** How often comments were read, by their ids and by their issue. */
  readonly reads = { comments: 0, commentsOf: 0 }
  refuses: LedgerIssueField[] = []
  private readonly lost = new Set<number>()
  now = 1_700_000_000_000
  /** How the next writes end: taken one by one. */
  outcomes: ('lost' | 'crash' | 'refused')[] = []
  private nextId = 100

  issue(number: number): IssuePlace {
    return { nodeId: `I_${number}`, id: 5_000 + number, number, repositoryId: REPOSITORY.id }
  }

  post(issue: number, body: string, by: number | string = OUR_APP): { readonly nodeId: string; readonly id: number } {
    const id = (this.nextId += 1)
    this.comments_.set(`IC_${id}`, { id, issue, versions: [{ by, body }], updatedAt: this.now })
    return { nodeId: `IC_${id}`, id }
  }

  edit(nodeId: string, body: string, by: number | string = 'mallory'): void {
    const comment = this.stored(nodeId)
    comment.versions.push({ by, body })
    comment.updatedAt = this.now
  }

  erase(nodeId: string): void {
    this.comments_.delete(nodeId)
  }

  bodyOf(nodeId: string): string {
    return this.stored(nodeId).versions.at(-1)?.body ?? ''
  }

  /** Node ids of an issue's comments. */
  on(issue: number): readonly string[] {
    return [...this.comments_].filter(([, comment]) => comment.issue === issue).map(([nodeId]) => nodeId)
  }

  comments(nodeIds: readonly string[]) {
    this.reads.comments += 1
    return Promise.resolve(nodeIds.map((nodeId) => (this.comments_.has(nodeId) ? this.held(nodeId) : null)))
  }

  states(nodeIds: readonly string[]) {
    this.looks.push(nodeIds.length)
    return Promise.resolve(
      nodeIds.map((nodeId) => {
        if (!this.comments_.has(nodeId)) return null
        const { id, editedByOther } = this.held(nodeId)
        const by = String(this.stored(nodeId).versions.at(-1)?.by)
        const editor = editedByOther ? ({ kind: 'user', id: by } as const) : null
        return { nodeId, id, editedByOther, editor }
      }),
    )
  }

  commentsOf({ number }: IssuePlace) {
    this.reads.commentsOf += 1
    return Promise.resolve(this.on(number).map((nodeId) => this.held(nodeId)))
  }

  recordsSince(since: number | null) {
    const all = [...this.comments_.keys()].map((nodeId) => this.held(nodeId))
    return Promise.resolve(
      all.filter(({ body, updatedAt }) => body.includes('<!-- muster:record ') && updatedAt >= (since ?? 0)),
    )
  }

  ownVersions(nodeId: string) {
    const { versions } = this.stored(nodeId)
    const author = versions[0]?.by
    return Promise.resolve(
      versions
        .filter(({ by }) => by === author)
        .map(({ body }) => body)
        .toReversed(),
    )
  }

  find() {
    return Promise.resolve(this.ledgers.toSorted((a, b) => a.number - b.number))
  }

  create() {
    const at = new Date(this.now).toISOString()
    const issue = {
      ...this.issue(1 + this.ledgers.length + this.lost.size),
      locked: false,
      open: true,
      marked: true,
      closedAt: null,
      updatedAt: at,
    }
    this.ledgers.push(issue)
    return Promise.resolve(issue)
  }

  mend(issue: LedgerIssue, fields: readonly LedgerIssueField[]) {
    const fixed = { open: { open: true }, text: { marked: true }, lock: { locked: true } } as const
    for (const field of fields) if (!this.refuses.includes(field)) this.change(issue.number, fixed[field])
    this.mended.push(...fields)
    return Promise.resolve(fields.filter((field) => this.refuses.includes(field)))
  }

  /** A ledger issue is deleted, with its comments; or moved away, which is the same from here. */
  lose(number: number): void {
    const at = this.ledgers.findIndex((one) => one.number === number)
    this.ledgers.splice(at, 1)
    for (const nodeId of this.on(number)) this.erase(nodeId)
    this.lost.add(number)
  }

  /** As a person changes a ledger issue itself. */
  change(number: number, change: Partial<LedgerIssue>): void {
    const issue = this.ledgers.find((one) => one.number === number)
    if (issue === undefined) throw new Error(`no ledger ${number}`)
    this.replace(issue, { ...change, updatedAt: new Date(this.now).toISOString() })
  }

  retire(issue: LedgerIssue) {
    this.replace(issue, { open: false })
    return Promise.resolve()
  }

  write(issue: IssuePlace, writes: Parameters<CommentWriter['write']>[1]): Promise<readonly CommentWritten[]> {
    const outcome = this.outcomes.shift()
    if (outcome === 'crash') return Promise.reject(new Error('the connection broke'))
    return Promise.resolve(
      writes.map((write): CommentWritten => {
        if (outcome === 'refused') return { outcome: 'refused', gone: false }
        if (this.lost.has(issue.number)) return { outcome: 'refused', gone: true }
        this.writes.push(write.kind)
        if (write.kind === 'minimise') {
          this.folded.add(write.nodeId)
          return { outcome: 'done', place: null }
        }
        if (write.kind === 'delete') {
          this.erase(write.nodeId)
          return { outcome: 'done', place: null }
        }
        if (write.kind === 'update' && !this.comments_.has(write.nodeId)) return { outcome: 'refused', gone: true }
        const place = write.kind === 'create' ? this.post(issue.number, write.body) : this.update(write)
        return outcome === 'lost' ? { outcome: 'unsure' } : { outcome: 'done', place }
      }),
    )
  }

  private update({ nodeId, body }: { readonly nodeId: string; readonly body: string }) {
    this.edit(nodeId, body, OUR_APP)
    return { nodeId, id: this.stored(nodeId).id }
  }

  private held(nodeId: string): HeldComment {
    const { id, issue, versions, updatedAt } = this.stored(nodeId)
    const [first] = versions
    const last = versions.at(-1)
    return {
      nodeId,
      id,
      issue: this.issue(issue),
      body: last?.body ?? '',
      appId: typeof first?.by === 'number' ? first.by : null,
      editedByOther: last?.by !== first?.by,
      updatedAt,
    }
  }

  private replace(issue: LedgerIssue, change: Partial<LedgerIssue>): void {
    const at = this.ledgers.findIndex(({ number }) => number === issue.number)
    this.ledgers[at] = { ...issue, ...change }
  }

  private stored(nodeId: string): Stored {
    const comment = this.comments_.get(nodeId)
    if (comment === undefined) throw new Error(`no comment ${nodeId}`)
    return comment
  }
}
