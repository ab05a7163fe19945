/**
 * What an agent does that was told of no failing test: it picks the module whose words are closest to the issue's, and
 * makes a likely edit there. It has nothing to check a guess against but that the module still loads; running the whole
 * suite to look for failures is left to CI on purpose, so that what a brief tells makes a difference that can be seen.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { applyEdit, candidateEdits, describeEdit } from './candidate-edits.ts'
import type { Repair, RepairWatch } from './repair.ts'

/** Guesses whose module does not load any more are thrown away; after so many the agent stops. */
const MOST_TRIES = 5

/** `skip`: how many guesses were made in earlier attempts, so that the same one is not made twice. */
export async function guess(
  project: string,
  words: string,
  skip: number,
  watch: RepairWatch,
): Promise<Repair | undefined> {
  for (const { file, source } of await modulesByCloseness(project, words, watch)) {
    const path = join(project, file)
    for (const [index, edit] of candidateEdits(source)
      .slice(skip, skip + MOST_TRIES)
      .entries()) {
      await writeFile(path, applyEdit(source, edit))
      watch.wrote(describeEdit(source, edit))
      if (await loads(path)) return { file, change: describeEdit(source, edit), tries: index + 1 }
    }
    await writeFile(path, source)
  }
  return undefined
}

interface Module {
  readonly file: string
  readonly source: string
}

async function modulesByCloseness(project: string, words: string, watch: RepairWatch): Promise<readonly Module[]> {
  const asked = wordsOf(words)
  const modules: (Module & { score: number })[] = []
  for (const name of (await readdir(join(project, 'src'))).sort()) {
    const file = `src/${name}`
    const source = await readFile(join(project, file), 'utf8')
    watch.read(source)
    const own = wordsOf(source)
    // A long module has more words of every kind, so its length is weighed against them.
    const score = [...asked].filter((word) => own.has(word)).length / Math.sqrt(own.size)
    modules.push({ file, source, score })
  }
  return modules.sort((a, b) => b.score - a.score)
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((word) => word.replace(/(?:ing|ed|es|s)$/, '')))

function loads(path: string): Promise<boolean> {
  const script = `await import(${JSON.stringify(pathToFileURL(path).href)})`
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] }
    const done = (error: Error | null) => resolve(error === null)
    execFile(process.execPath, ['--input-type=module', '--eval', script], { env, timeout: 10_000 }, done)
  })
}
