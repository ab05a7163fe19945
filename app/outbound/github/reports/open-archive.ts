/** Opens the zip of an artifact that nobody has checked: bounded in number, size and total, whatever it claims about itself. */
import { createHash } from 'node:crypto'
import { unzipSync, type UnzipFileInfo } from 'fflate'
import { REPORT_FILE, REPORT_LIMITS } from '../../../../schemas/report-limits.ts'

/** Screenshots and logs; the Action itself stops at 100 MB packed. */
export const MAX_ARCHIVE_BYTES = 100 * 1024 * 1024
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024
const MAX_FILES = 1_000

export type OpenedArchive =
  | {
      readonly ok: true
      /** The report's text. */
      readonly report: string
      /** Every other file by its path. */
      readonly files: ReadonlyMap<string, { readonly sha256: string; readonly size: number }>
    }
  | { readonly ok: false; readonly problem: string }

export const openArchive = (zip: Uint8Array): OpenedArchive => {
  let total = 0
  let count = 0
  // Buffers are made of the size that an entry states, so that what it states is bounded, and more than it stated is an error.
  const fits = ({ name, originalSize }: UnzipFileInfo): boolean => {
    count += 1
    total += originalSize
    if (name === REPORT_FILE) return originalSize <= REPORT_LIMITS.bytes
    return count <= MAX_FILES && total <= MAX_UNPACKED_BYTES && !name.endsWith('/')
  }
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(zip, { filter: fits })
  } catch {
    return { ok: false, problem: 'the artifact is not a zip that can be read' }
  }
  const report = entries[REPORT_FILE]
  if (report === undefined)
    return { ok: false, problem: `there is no ${REPORT_FILE} of a fitting size in the artifact` }
  const files = Object.entries(entries)
    .filter(([name]) => name !== REPORT_FILE)
    .map(([name, bytes]) => [name, { sha256: hex(bytes), size: bytes.length }] as const)
  return { ok: true, report: new TextDecoder().decode(report), files: new Map(files) }
}

export const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
