/** Where a delivery queues: everything about one issue or pull request runs in order, different ones run side by side. */
import type { Millis } from '../../domain/event/envelope.ts'

export interface Order {
  /** Null: no order needed. */
  readonly queue: string | null
  /** Smaller first among those that wait: by the comment's id, its edits behind it; else 0. */
  readonly order: number
  /** How long to wait for earlier ones that arrive later. */
  readonly holdMs: Millis
}

/** Webhooks of two comments written in a row are seldom further apart than this; a later arrival is decided when it arrives. */
export const HOLD_MS: Millis = 400

export const orderOf = (event: string, payload: Readonly<Record<string, unknown>>): Order => {
  const repository = numberAt(payload, 'repository', 'id')
  if (repository === null) return { queue: null, order: 0, holdMs: 0 }
  const issue = numberAt(payload, 'issue', 'number') ?? numberAt(payload, 'pull_request', 'number')
  if (issue !== null) {
    const comment = event === 'issue_comment' ? numberAt(payload, 'comment', 'id') : null
    const queue = `issue:${repository}:${issue}`
    if (comment === null) return { queue, order: 0, holdMs: 0 }
    return { queue, order: 2 * comment + (payload['action'] === 'created' ? 0 : 1), holdMs: HOLD_MS }
  }
  const run = numberAt(payload, 'workflow_run', 'id') ?? numberAt(payload, 'check_run', 'id')
  if (run !== null) return { queue: `${event}:${repository}:${run}`, order: 0, holdMs: 0 }
  const ref = payload['ref']
  return { queue: typeof ref === 'string' ? `ref:${repository}:${ref}` : null, order: 0, holdMs: 0 }
}

const numberAt = (payload: Readonly<Record<string, unknown>>, object: string, field: string): number | null => {
  const inner = payload[object]
  if (typeof inner !== 'object' || inner === null) return null
  const value: unknown = (inner as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}
