/** What has to be written so that the ledger issue is as desired. Pure; empty when nothing has changed. */
import type { CommentWrite, CommentWritten } from '../ports.ts'
import { bodyHash } from '../replica/body-hash.ts'
import { PAGES_GONE } from '../replica/corrections.ts'
import type { LedgerPage } from './desired-ledger.ts'
import { partKey, type LedgerBase } from './ledger-base.ts'
import type { PartComment } from './part-comments.ts'

export type LedgerWrite =
  | { readonly what: 'page'; readonly page: LedgerPage; readonly write: CommentWrite }
  | { readonly what: 'part'; readonly part: PartComment; readonly write: CommentWrite }

/** Pieces first: pages and records may refer to them. A page that GitHub has in a higher revision is never lowered. */
export const ledgerWrites = (
  base: LedgerBase,
  pages: readonly LedgerPage[],
  parts: readonly PartComment[],
): readonly LedgerWrite[] => [
  ...parts
    .filter(({ digest, chunk }) => !base.parts.includes(partKey(digest, chunk)))
    .map((part) => ({ what: 'part', part, write: { kind: 'create', body: part.body } }) as const),
  ...pages.flatMap((page): readonly LedgerWrite[] => {
    const kept = base.pages[page.key]
    if (kept === undefined) return [{ what: 'page', page, write: { kind: 'create', body: page.body } }]
    if (kept.hash === bodyHash(page.body) || kept.rev > page.rev) return []
    return [{ what: 'page', page, write: { kind: 'update', nodeId: kept.nodeId, body: page.body } }]
  }),
]

/** Comments of ours that people changed are one field: somebody who fights over them fights over all. */
export const PAGES = 'pages'

/** The field that is in the way of a write (see replica/corrections.ts); null: nothing is. A page with news is written whoever fights over it. */
export const heldBy = ({ pages }: LedgerBase, item: LedgerWrite, alone: readonly string[]): string | null => {
  if (item.what === 'part') return null
  const kept = pages[item.page.key]
  const field = kept === undefined ? PAGES_GONE : PAGES
  const hasNews = kept !== undefined && item.page.news > kept.rev
  return alone.includes(field) && !hasNews ? field : null
}

/** The base after the writes. What is gone is forgotten, so that the next time creates it anew. */
export const settleLedger = (
  base: LedgerBase,
  writes: readonly LedgerWrite[],
  written: readonly CommentWritten[],
): LedgerBase => {
  const pages = { ...base.pages }
  const parts = new Set(base.parts)
  let unsure = false
  for (const [index, item] of writes.entries()) {
    const result = written[index] ?? { outcome: 'unsure' }
    // A create that finds no issue: it was deleted or moved, and is looked for.
    const lost = result.outcome === 'refused' && result.gone
    if (item.write.kind === 'create') unsure ||= result.outcome === 'unsure' || lost
    if (item.what === 'part') {
      if (result.outcome === 'done') parts.add(partKey(item.part.digest, item.part.chunk))
    } else if (result.outcome === 'done') {
      const place = result.place ?? pages[item.page.key]
      if (place === undefined) unsure = true
      else
        pages[item.page.key] = {
          nodeId: place.nodeId,
          id: place.id,
          hash: bodyHash(item.page.body),
          rev: item.page.rev,
        }
    } else if (result.outcome === 'refused' && result.gone) delete pages[item.page.key]
  }
  return { ...base, pages, parts: [...parts].sort(), unsure }
}
