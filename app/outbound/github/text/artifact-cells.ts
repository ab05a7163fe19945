/** One artifact as cells of a table: what it is, a link to it, its size, and the start of its SHA-256. */
import type { Artifact } from '../../../domain/task/state.ts'
import { renderSize } from './measures.ts'
import { safeLink } from './safe-link.ts'

/** What is not known, in tables. */
export const NONE = '–'
/** Enough to tell files apart by eye; a whole digest would push the rest of the table out of sight. */
const SHORT_DIGEST = 12

export const artifactCells = ({ kind, name, url, size, sha256 }: Artifact, nameChars: number): readonly string[] => [
  kind,
  safeLink(name, url, nameChars),
  size === null ? NONE : renderSize(size),
  sha256 === null ? NONE : `\`${sha256.slice(0, SHORT_DIGEST)}\``,
]
