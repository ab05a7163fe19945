/**
 * Database ids (numbers, never reused, the same for the same seed and order of calls) and node ids (opaque to clients:
 * only `parseNodeId` here may look inside).
 */
const PREFIXES = {
  User: 'U',
  Bot: 'BOT',
  Organization: 'O',
  App: 'A',
  Repository: 'R',
  Issue: 'I',
  PullRequest: 'PR',
  IssueComment: 'IC',
  Label: 'LA',
  Milestone: 'MI',
  Reaction: 'REA',
  IssueEvent: 'IE',
  CheckSuite: 'CS',
  CheckRun: 'CR',
  Commit: 'C',
  Ref: 'REF',
  WorkflowRun: 'WFR',
  Workflow: 'W',
  Artifact: 'MDg',
  PullRequestReview: 'PRR',
  PullRequestReviewComment: 'PRRC',
  UserContentEdit: 'UCE',
  Installation: 'MDIz',
} as const

export type NodeKind = keyof typeof PREFIXES

const KINDS = new Map(Object.entries(PREFIXES).map(([kind, prefix]) => [prefix as string, kind as NodeKind]))

export function nodeId(kind: NodeKind, id: number | string): string {
  return `${PREFIXES[kind]}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`
}

/** What a node id stands for, or undefined for one that is not ours. `key` is the id as text. */
export function parseNodeId(text: string): { readonly kind: NodeKind; readonly key: string } | undefined {
  const cut = text.indexOf('_')
  const kind = KINDS.get(text.slice(0, cut))
  if (!kind) return undefined
  const [name, key] = Buffer.from(text.slice(cut + 1), 'base64url')
    .toString()
    .split(':', 2)
  return name === kind && key ? { kind, key } : undefined
}

export interface Ids {
  /** The next database id. One sequence for all kinds: an id of the wrong kind is then never found by luck. */
  next(): number
}

export function createIds(first = 1001): Ids {
  let last = first - 1
  return { next: () => ++last }
}
