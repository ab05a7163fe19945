/** The marks that the ledger should hold, from what the reconciler last wrote and the log's own hashes. */
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { EventLog } from '../../../engine/ports.ts'
import type { ReplicaBase } from '../replica/base.ts'
import type { RecordMark } from './marks-page.ts'

export interface RecordMarks {
  /** Marks of the project's tasks; records that were not written yet have none. */
  of(
    project: StreamId,
    bases: readonly { readonly stream: StreamId; readonly base: ReplicaBase }[],
  ): Promise<readonly RecordMark[]>
}

/** Remembers hashes: an event never changes, and every ledger update asks for all of them. */
export const createRecordMarks = (log: EventLog): RecordMarks => {
  const known = new Map<StreamId, { readonly rev: number; readonly head: string }>()

  const headAt = async (stream: StreamId, rev: number): Promise<string | null> => {
    const remembered = known.get(stream)
    if (remembered?.rev === rev) return remembered.head
    const { version, head } = await log.load(stream)
    const found =
      version === rev ? head : (await log.read(stream, rev - 1)).find((event) => event.version === rev)?.hash
    if (found === undefined) return null
    known.set(stream, { rev, head: found })
    return found
  }

  return {
    async of(project, bases) {
      const marks: RecordMark[] = []
      for (const { stream, base } of bases) {
        if (base.record === null || `project/${base.issue.repositoryId}` !== project) continue
        const { id, nodeId, rev } = base.record
        const head = await headAt(stream, rev)
        if (head !== null) marks.push({ stream, number: base.issue.number, comment: { id, nodeId }, rev, head })
      }
      return marks
    },
  }
}
