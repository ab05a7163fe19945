/** The widgets as files, path → text, correct or with one fault in them. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import type { Bug } from './bugs.ts'

const LIBRARY = join(import.meta.dirname, '../scratch/library')

export type Files = Readonly<Record<string, string>>

export async function correctWidgets(): Promise<Files> {
  const entries = await readdir(LIBRARY, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const pairs = paths.sort().map(async (path) => [relative(LIBRARY, path), await readFile(path, 'utf8')] as const)
  return Object.fromEntries(await Promise.all(pairs))
}

export async function brokenWidgets(bug: Bug): Promise<Files> {
  const files = await correctWidgets()
  const source = files[bug.file] ?? ''
  const parts = source.split(bug.correct)
  if (parts.length !== 2)
    throw new Error(`${bug.name}: "${bug.correct}" stands ${parts.length - 1} times in ${bug.file}`)
  return { ...files, [bug.file]: parts.join(bug.broken) }
}
