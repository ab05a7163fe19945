/** What we last wrote to a project's ledger issue. A document beside the log: without it, GitHub is looked at first. */
import { canonicalJson } from '../../../domain/event/canonical-json.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { Documents } from '../../../engine/ports.ts'
import type { IssuePlace, Place } from '../ports.ts'

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
  /** A create was sent whose answer never came: the comments are read before anything is created again. */
  readonly unsure: boolean
}

const KIND = 'ledger'

export const readLedgerBase = async (documents: Documents, project: StreamId): Promise<LedgerBase | null> => {
  const text = await documents.get(KIND, project)
  if (text === null) return null
  const base = JSON.parse(text) as LedgerBase
  return base.v === 1 ? base : null
}

export const writeLedgerBase = (documents: Documents, project: StreamId, base: LedgerBase): Promise<void> =>
  documents.put(KIND, project, canonicalJson(base))

export const partKey = (digest: string, chunk: number): string => `${digest} ${chunk}`
