/** From a verified record to what the log can import: the state, the state before its first event, and the events between. */
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'
import type { StoredEvent } from '../../../domain/event/envelope.ts'
import { projectStateSchema, taskStateSchema } from '../../../../schemas/task-state.ts'
import type { BaseState } from './encode-record.ts'
import { putBack, type FindPart } from './put-back.ts'
import { applyUndo } from './undo.ts'
import { refuse, type NotBelieved, type VerifiedRecord } from './verify-record.ts'

export type OpenedRecord =
  | {
      readonly ok: true
      /** Canonical JSON at the record's rev. */
      readonly state: string
      /** Null when the events begin with the stream's first. */
      readonly base: BaseState | null
      readonly events: readonly StoredEvent[]
    }
  | NotBelieved

/** Pieces that were moved out come from `find`, by digest. */
export const openRecord = (record: VerifiedRecord, find: FindPart = () => undefined): OpenedRecord => {
  const whole = putBack(record.snapshot, find)
  if (!whole.ok) {
    return refuse(
      'missing-part',
      `${whole.missing.length} of its pieces (${whole.missing[0]?.slice(0, 12)}…) are nowhere`,
    )
  }
  const problem = problemOf(record, whole.state)
  if (problem !== null) return refuse('malformed', problem)
  const { base } = record
  return {
    ok: true,
    state: canonicalJson(whole.state),
    base:
      base === null
        ? null
        : { version: base.version, head: base.head, state: canonicalJson(applyUndo(whole.state, base.undo)) },
    events: record.events,
  }
}

const problemOf = ({ stream }: VerifiedRecord, state: Json): string | null => {
  const schema = stream.startsWith('task/') ? taskStateSchema : projectStateSchema
  const parsed = schema.safeParse(state)
  if (parsed.success) return parsed.data.stream === stream ? null : `it holds the state of ${parsed.data.stream}`
  const [issue] = parsed.error.issues
  return `its state is not right at ${issue?.path.join('.')}: ${issue?.message}`
}
