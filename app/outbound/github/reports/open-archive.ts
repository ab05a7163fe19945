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
  // Buffers are made of the sizes that an entry states, packed or not, and entries may share their bytes: so both are bounded
  // in sum; what is beyond is not read. A directory of four billion entries that are not there is walked no further.
  const fits = ({ name, size, originalSize }: UnzipFileInfo): boolean => {
    const stated = Math.max(size, originalSize)
    count += 1
    total += stated
    if (count > MAX_FILES || total > MAX_UNPACKED_BYTES) throw new Error('too much')
    if (name === REPORT_FILE) return stated <= REPORT_LIMITS.bytes
    return !name.endsWith('/')
  }
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(zip, { filter: fits })
  } catch {
    const tooMuch = count > MAX_FILES || total > MAX_UNPACKED_BYTES
    return {
      ok: false,
      problem: tooMuch
        ? `the artifact holds more than ${MAX_FILES} files or ${MAX_UNPACKED_BYTES / 1024 / 1024} MB`
        : 'the artifact is not a zip that can be read',
    }
  }
  const report = Object.hasOwn(entries, REPORT_FILE) ? entries[REPORT_FILE] : undefined
  if (report === undefined)
    return { ok: false, problem: `there is no ${REPORT_FILE} of a fitting size in the artifact` }
  const files = Object.entries(entries)
    .filter(([name]) => name !== REPORT_FILE)
    .map(([name, bytes]) => [name, { sha256: hex(bytes), size: bytes.length }] as const)
  return { ok: true, report: new TextDecoder().decode(report), files: new Map(files) }
}

export const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
