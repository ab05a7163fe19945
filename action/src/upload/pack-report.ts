/** Packs a report and the files it refers to into one zip: the same input gives the same bytes. */
import { readFile } from 'node:fs/promises'
import { zipSync, type Zippable } from 'fflate'
import { REPORT_FILE } from '../../../schemas/report-limits.ts'

/** The first day that a zip can hold, so that the bytes depend on the content alone. */
const ZIP_EPOCH = new Date(1980, 0, 1)

/** `files`: path in the zip → absolute path on this machine. Held in memory as a whole. */
export const packReport = async (
  json: string,
  files: ReadonlyMap<string, string>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const entries: Zippable = { [REPORT_FILE]: new TextEncoder().encode(json) }
  for (const [path, source] of files) entries[path] = await readFile(source)
  return zipSync(entries, { level: 6, mtime: ZIP_EPOCH })
}
