/** Remembers what is set apart and why, so that people can be told in more places than the log. It tells nobody by itself. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Clock, Documents } from '../../../engine/ports.ts'
import type { Doubt } from '../../../../schemas/restore-report.ts'
import type { RevMark } from '../record/verify-record.ts'
import { readSetApart, SET_APART, setApartSchema, type SetApart } from '../../../../schemas/set-apart.ts'

export interface SetApartNotes {
  /** Nothing is written to the doubt's stream from now on. The first reason of a kind stays: what grows meanwhile is no news. */
  note(project: StreamId, doubt: Doubt): Promise<void>
  /** Log and GitHub agree about the stream. */
  clear(project: StreamId, stream: StreamId): Promise<void>
  /**
   * A start found that a record is gone which this log never had: what the ledger's mark has seen cannot come back. Should a
   * person make the task anew, that mark does not stand in its way.
   */
  noteGone(stream: StreamId, mark: RevMark): Promise<void>
  isGone(stream: StreamId, mark: RevMark): Promise<boolean>
  /** Tasks of the project, by number of their issue, and the project itself when its ledger is meant. */
  of(project: StreamId): Promise<readonly SetApart[]>
}

const GONE = 'record-gone'

export const createSetApartNotes = (deps: {
  readonly documents: Documents
  readonly clock: Clock
  /** Something was noted or cleared that was not before. */
  readonly onChange: (project: StreamId) => Promise<void>
}): SetApartNotes => {
  const { documents, clock, onChange } = deps
  return {
    async note(project, { stream, issue, problem, detail, next }) {
      if (stream === null) return
      const text = await documents.get(SET_APART, stream)
      const known = text === null ? null : setApartSchema.parse(JSON.parse(text))
      if (known?.problem === problem) return
      const noted: SetApart = { stream, project, issue, problem, detail, next, since: clock.now() }
      await documents.put(SET_APART, stream, canonicalJson(noted))
      await onChange(project)
    },
    async clear(project, stream) {
      if ((await documents.get(SET_APART, stream)) === null) return
      await documents.delete(SET_APART, stream)
      await onChange(project)
    },
    noteGone: (stream, { rev, head }) => documents.put(GONE, stream, canonicalJson({ rev, head })),
    isGone: async (stream, { rev, head }) => (await documents.get(GONE, stream)) === canonicalJson({ rev, head }),
    async of(project) {
      const all = readSetApart(await documents.list(SET_APART))
      return all.filter((one) => one.project === project).toSorted((a, b) => (a.issue ?? 0) - (b.issue ?? 0))
    },
  }
}
