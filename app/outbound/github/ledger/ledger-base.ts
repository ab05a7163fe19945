/** What we last wrote to a project's ledger issue. A document beside the log: without it, GitHub is looked at first. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import type { IssuePlace, Place } from '../ports.ts'
import type { Correction } from '../replica/base.ts'

export interface KeptPage extends Place {
  readonly hash: string
  readonly rev: number
}

export interface LedgerBase {
  readonly v: 1
  readonly issue: IssuePlace
  readonly pages: Readonly<Record<string, KeptPage>>
  /** `digest chunk` of every piece that is kept. */
  readonly parts: readonly string[]
  /** A create was sent whose answer never came, or which the issue did not take: it is looked at before anything is created again. */
  readonly unsure: boolean
  /** What was put back lately, and what is left alone for now because somebody keeps changing it (see replica/corrections.ts). */
  readonly corrections: readonly Correction[]
  readonly held: readonly string[]
}

type Counts = 'corrections' | 'held'

const KIND = 'ledger'

export const readLedgerBase = async (documents: Documents, project: StreamId): Promise<LedgerBase | null> => {
  const text = await documents.get(KIND, project)
  if (text === null) return null
  // Earlier ones did not count corrections.
  const base = JSON.parse(text) as Omit<LedgerBase, Counts> & Partial<Pick<LedgerBase, Counts>>
  return base.v === 1 ? { ...base, corrections: base.corrections ?? [], held: base.held ?? [] } : null
}

export const writeLedgerBase = (documents: Documents, project: StreamId, base: LedgerBase): Promise<void> =>
  documents.put(KIND, project, canonicalJson(base))

export const partKey = (digest: string, chunk: number): string => `${digest} ${chunk}`
