/** The base after operations were carried out, or were not. Pure: the other half of diff. */
import { checkKey } from '../checks/check-run.ts'
import type { AppliedCheck, ReplicaBase } from './base.ts'
import type { DiffBase } from './diff.ts'
import type { Place } from '../ports.ts'
import { advanceEdges, refuseEdge } from '../relations/edges.ts'
import { isEdge, unsureKey, type Operation, type Result } from './operations.ts'

/** The base once `operation` has been done; `place` is what a create came to. */
export const advance = <Base extends DiffBase>(base: Base, operation: Operation, place: Place | null): Base => {
  switch (operation.kind) {
    case 'add-labels': {
      const added = operation.labels.map(({ name }) => name.toLowerCase())
      return { ...base, labels: [...new Set([...base.labels, ...added])].sort() }
    }
    case 'remove-labels':
      return { ...base, labels: base.labels.filter((name) => !operation.names.includes(name)) }
    case 'write-record': {
      const { hash, rev, comment } = operation
      const at = comment ?? place
      return at === null ? base : { ...base, record: { nodeId: at.nodeId, id: at.id, hash, rev } }
    }
    case 'write-pull-comment': {
      const { pull, hash, comment } = operation
      const at = comment ?? place
      if (at === null) return base
      return { ...base, pullComments: { ...base.pullComments, [pull]: { nodeId: at.nodeId, id: at.id, hash } } }
    }
    case 'create-check':
    case 'update-check': {
      const at = operation.kind === 'update-check' ? operation.place : place
      if (at === null) return base
      const { check, hash, to } = operation
      const applied: AppliedCheck = {
        nodeId: at.nodeId,
        id: at.id,
        name: check.name,
        externalId: check.externalId,
        headSha: check.headSha,
        hash,
        completed: check.progress.status === 'completed',
        annotated: to,
      }
      return { ...base, checks: { ...base.checks, [checkKey(check)]: applied } }
    }
    case 'leave-check': {
      const applied = base.checks[operation.key]
      return applied === undefined
        ? base
        : // It says something else now: when the attempt comes back to this commit, it is written again.
          { ...base, checks: { ...base.checks, [operation.key]: { ...applied, hash: '', completed: true } } }
    }
    case 'close-issue':
      return { ...base, open: false, closedFor: operation.closeFor }
    case 'add-edge':
    case 'remove-edge':
      return base.relations === undefined ? base : { ...base, relations: advanceEdges(base.relations, operation) }
    case 'retire-check':
    case 'delete-comment':
    case 'unfold-comment':
    case 'explain':
      return base
  }
}

/** Refused for what it is, not for lack of a permission: the same would be refused again. */
export const isRefusedForGood = ({ operation, ...result }: Result): boolean => {
  if (result.outcome !== 'refused' || !('type' in result)) return false
  const { type } = result
  const isNo = type === 'UNPROCESSABLE' || type === 'NOT_FOUND'
  // The other end of an edge may be where the App is not installed: that must not keep the rest from being written.
  if (isEdge(operation)) return isNo || type === 'FORBIDDEN'
  return isNo && (operation.kind === 'create-check' || operation.kind === 'close-issue')
}

/** What GitHub no longer has is forgotten, so that the next reconcile makes it anew; a check that it will not have is noted. */
const forget = <Base extends DiffBase>(base: Base, operation: Operation): Base => {
  switch (operation.kind) {
    case 'write-record':
      return operation.comment === null ? base : { ...base, record: null }
    case 'write-pull-comment': {
      const { [String(operation.pull)]: _, ...pullComments } = base.pullComments
      return { ...base, pullComments }
    }
    case 'update-check': {
      const { [checkKey(operation.check)]: _, ...checks } = base.checks
      return { ...base, checks }
    }
    case 'leave-check':
      return advance(base, operation, null)
    case 'close-issue':
      return { ...base, closedFor: operation.closeFor }
    case 'add-edge':
    case 'remove-edge':
      return base.relations === undefined ? base : { ...base, relations: refuseEdge(base.relations, operation) }
    case 'create-check':
      return { ...base, refused: { ...base.refused, [checkKey(operation.check)]: operation.hash } }
    case 'add-labels':
    case 'remove-labels':
    case 'retire-check':
    case 'delete-comment':
    case 'unfold-comment':
    case 'explain':
      return base
  }
}

/** The base before a request is sent: creates are noted, so that a crash between sending and noting is known of. */
export const intend = (base: ReplicaBase, operations: readonly Operation[]): ReplicaBase => {
  const keys = operations.map(unsureKey).filter((key) => key !== null)
  return keys.length === 0 ? base : { ...base, unsure: [...new Set([...base.unsure, ...keys])].sort() }
}

/** The base after the request: done is noted, refused is forgotten where GitHub says that it is gone, unsure stays noted. */
export const settle = (base: ReplicaBase, results: readonly Result[]): ReplicaBase =>
  results.reduce((before, { operation, ...result }) => {
    const after =
      result.outcome === 'done'
        ? advance(before, operation, 'place' in result ? result.place : null)
        : isRefusedForGood({ operation, ...result }) ||
            (result.outcome === 'refused' && 'type' in result && result.type === 'NOT_FOUND')
          ? forget(before, operation)
          : before
    const key = unsureKey(operation)
    return key === null || result.outcome === 'unsure'
      ? after
      : {
          ...after,
          unsure: after.unsure.filter((known) => known !== key),
          lookAgain: isRefusedForGood({ operation, ...result }) ? without(after.lookAgain, key) : after.lookAgain,
        }
  }, base)

/** What GitHub will not have is nowhere to be found: looking again would never end. */
const without = (lookAgain: ReplicaBase['lookAgain'], key: string): ReplicaBase['lookAgain'] => {
  const keys = lookAgain?.keys.filter((known) => known !== key) ?? []
  return lookAgain === null || keys.length === 0 ? null : { ...lookAgain, keys }
}
