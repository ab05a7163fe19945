/** What we last wrote to a project's ledger issue. A document beside the log: without it, GitHub is looked at first. */
import type { Millis, StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import { createNotes, type Note, type Notes } from '../notes.ts'
import type { IssuePlace, Place } from '../ports.ts'
import type { Correction } from '../replica/base.ts'

export interface KeptPage extends Place {
  readonly hash: string
  readonly rev: number
}

export interface LedgerBase extends Note {
  readonly issue: IssuePlace
  readonly pages: Readonly<Record<string, KeptPage>>
  /** `digest chunk` of every piece that is kept. */
  readonly parts: readonly string[]
  /** A create was sent whose answer never came, or which the issue did not take: it is looked at before anything is created again. */
  readonly unsure: boolean
  /** What was put back lately, and what is left alone for now because somebody keeps changing it (see replica/corrections.ts). */
  readonly corrections: readonly Correction[]
  readonly held: readonly string[]
  /** Which fields do not show what the log knows, because they are left alone. */
  readonly withheld?: readonly string[]
  /** When something was last written to the issue; absent: not known. */
  readonly writtenAt?: Millis
}

type Counts = 'corrections' | 'held'

const KIND = 'ledger'

export interface LedgerNotes extends Pick<Notes<LedgerBase>, 'get' | 'put'> {
  /** Nobody knows any more what stands there: whoever comes next looks first. */
  doubt(project: StreamId): Promise<void>
}

/** For one piece of work; see notes.ts. */
export const createLedgerNotes = (documents: Documents): LedgerNotes => {
  const notes = createNotes<LedgerBase>(documents, KIND)
  return {
    async get(project) {
      const base: (Omit<LedgerBase, Counts> & Partial<Pick<LedgerBase, Counts>>) | null = await notes.get(project)
      // Earlier ones did not count corrections.
      return base === null ? null : { ...base, corrections: base.corrections ?? [], held: base.held ?? [] }
    },
    put: (project, base) => notes.put(project, base),
    doubt: (project) => notes.amend(project, (base) => ({ ...base, unsure: true })),
  }
}

export const partKey = (digest: string, chunk: number): string => `${digest} ${chunk}`
