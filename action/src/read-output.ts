/**
 * The output that the work hands in: one JSON file, redacted and within the report's bounds. Whether it is as the task's schema
 * says is for the App to judge, which knows the schema.
 */
import { readFile, stat } from 'node:fs/promises'
import { REPORT_LIMITS } from '../../schemas/report-limits.ts'
import { findFiles, type Place } from './artifacts/files.ts'
import type { Redact } from './output/redactor.ts'

export interface ReadOutput {
  /** JSON text; null when no output was named, or there is a problem. */
  readonly output: string | null
  /** Why it cannot be handed in, in the words of a sentence's end; null when nothing is wrong. */
  readonly problem: string | null
}

/** Spaces and line breaks included. */
const MAX_BYTES = 65_536

export const readOutput = async (name: string | null, place: Place, redact: Redact): Promise<ReadOutput> => {
  if (name === null) return { output: null, problem: null }
  const { files, refused } = await findFiles(name, place)
  const [file, ...more] = files
  if (file === undefined) return problem(name, refused > 0 ? 'lies outside the workspace' : 'is not there')
  if (more.length > 0) return problem(name, 'is more than one file')
  if ((await stat(file)).size > MAX_BYTES) return problem(name, `is larger than ${MAX_BYTES} bytes`)
  try {
    const output = JSON.stringify(redacted(JSON.parse(await readFile(file, 'utf8')), redact))
    return output.length > REPORT_LIMITS.output
      ? problem(name, `is longer than ${REPORT_LIMITS.output} characters; keep it as an artifact and name that`)
      : { output, problem: null }
  } catch {
    return problem(name, 'is no JSON that can be read')
  }
}

const problem = (name: string, why: string): ReadOutput => ({ output: null, problem: `\`${name}\` ${why}` })

/** Throws for a number that JSON text may spell and no reader can hold. */
const redacted = (value: unknown, redact: Redact): unknown => {
  if (typeof value === 'string') return redact(value).toWellFormed()
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is too large')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => redacted(item, redact))
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [redact(key).toWellFormed(), redacted(member, redact)]),
  )
}
