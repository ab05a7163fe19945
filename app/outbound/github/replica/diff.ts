/** What has to be done so that GitHub, as we last left it, becomes what is desired. Pure; empty when nothing has changed. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import { checkKey, type CheckRun } from '../checks/check-run.ts'
import { sha256 } from '../record/sha256.ts'
import { NO_RELATIONS, edgeOperations } from '../relations/edges.ts'
import type { AppliedCheck, ReplicaBase } from './base.ts'
import { bodyHash } from './body-hash.ts'
import type { Desired } from './desired.ts'
import type { Operation } from './operations.ts'

/** GitHub takes so many annotations in one request. */
export const ANNOTATION_BATCH = 50
/** GitHub runs the fields of a request one after another, and gives it ten seconds. */
export const EDGE_BATCH = 20

/** What of a base the comparison needs. */
export type DiffBase = Pick<
  ReplicaBase,
  'open' | 'closedFor' | 'labels' | 'relations' | 'record' | 'checks' | 'pullComments' | 'refused'
>

export const NOTHING_APPLIED: DiffBase = {
  open: true,
  labels: [],
  relations: NO_RELATIONS,
  record: null,
  checks: {},
  pullComments: {},
}

export const diff = (base: DiffBase, desired: Desired): readonly Operation[] => [
  ...labelOperations(base, desired),
  ...recordOperations(base, desired),
  ...pullCommentOperations(base, desired),
  ...desired.checks.flatMap((check) => checkOperations(base, check)),
  ...leftBehind(base, desired),
  ...closing(base, desired),
  ...edgeOperations(base.relations, desired.edges).slice(0, EDGE_BATCH),
]

const closing = ({ open, closedFor }: DiffBase, { closeFor }: Desired): readonly Operation[] =>
  open && closeFor !== null && closedFor !== closeFor ? [{ kind: 'close-issue', closeFor }] : []

const labelOperations = (base: DiffBase, desired: Desired): readonly Operation[] => {
  const wanted = new Set(desired.labels.map(({ name }) => name.toLowerCase()))
  const worn = new Set(base.labels)
  const labels = desired.labels.filter(({ name }) => !worn.has(name.toLowerCase()))
  const names = base.labels.filter((name) => !wanted.has(name))
  return [
    ...(labels.length === 0 ? [] : [{ kind: 'add-labels', labels } as const]),
    ...(names.length === 0 ? [] : [{ kind: 'remove-labels', names } as const]),
  ]
}

const recordOperations = ({ record }: DiffBase, { record: { body, rev } }: Desired): readonly Operation[] => {
  const hash = bodyHash(body)
  return record?.hash === hash ? [] : [{ kind: 'write-record', body, hash, rev, comment: record }]
}

const pullCommentOperations = (base: DiffBase, desired: Desired): readonly Operation[] =>
  desired.pullComments.flatMap(({ pull, body }) => {
    const applied = base.pullComments[pull] ?? null
    const hash = bodyHash(body)
    return applied?.hash === hash ? [] : [{ kind: 'write-pull-comment', pull, body, hash, comment: applied } as const]
  })

/** Everything but the annotations: those are appended, so that what was sent is counted, not compared. */
export const checkHash = ({ annotations: _, ...check }: CheckRun): string => sha256(canonicalJson(check))

const checkOperations = (base: DiffBase, check: CheckRun): readonly Operation[] => {
  const applied = base.checks[checkKey(check)]
  const hash = checkHash(check)
  const total = check.annotations.length
  if (applied === undefined && base.refused?.[checkKey(check)] === hash) return []
  if (applied === undefined) return [{ kind: 'create-check', check, hash, to: Math.min(ANNOTATION_BATCH, total) }]
  if (applied.hash === hash && applied.annotated >= total) return []
  const to = Math.min(applied.annotated + ANNOTATION_BATCH, Math.max(total, applied.annotated))
  return [{ kind: 'update-check', check, hash, place: applied, from: applied.annotated, to }]
}

/** An attempt moves on to a new commit: its open check run on the old one must not spin for ever. */
const leftBehind = (base: DiffBase, desired: Desired): readonly Operation[] => {
  const now = new Map(desired.checks.map((check) => [check.externalId, check]))
  return Object.entries(base.checks).flatMap(([key, applied]) => {
    const check = now.get(applied.externalId)
    const stays = check === undefined || check.headSha === applied.headSha || applied.completed || isConstant(applied)
    if (stays) return []
    const at = check.progress.status === 'completed' ? check.progress.completedAt : check.startedAt
    const { externalId } = applied
    return [{ kind: 'leave-check', key, place: applied, externalId, movedTo: check.headSha, at } as const]
  })
}

/** The constant check may not end without a verdict, so that on an older commit it stays as it is. */
const isConstant = ({ externalId }: AppliedCheck): boolean => externalId.includes('/pull/')
