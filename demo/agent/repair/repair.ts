/**
 * Looks for one small edit that makes failing tests pass: reproduces the failure, sees which code the failing tests run,
 * tries edits there one after the other, and keeps the first after which the whole suite passes. It has no other
 * knowledge than the tests it was told of; without any it does not begin.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { applyEdit, candidateEdits, describeEdit, type Edit, EDIT_KINDS } from './candidate-edits.ts'
import { executedCode } from './executed-code.ts'
import { runTests, type TestRun, type TestSelection } from './run-tests.ts'

export interface NamedTest {
  readonly name: string
  /** Relative to the project. */
  readonly file: string | null
}

export interface Repair {
  readonly file: string
  /** The line before and after. */
  readonly change: string
  readonly tries: number
}

export interface RepairWatch {
  readonly read: (text: string) => void
  readonly wrote: (text: string) => void
}

/** Edits tried before the agent gives up. */
const MOST_TRIES = 400

/** The repair, written into the project; undefined when none was found, and then the project is as it was. */
export async function repair(
  project: string,
  failing: readonly NamedTest[],
  watch: RepairWatch,
): Promise<Repair | undefined> {
  const selection = selectionOf(failing)
  if (selection.files.length === 0) return undefined
  const run = async (what: TestSelection): Promise<TestRun> => {
    const result = await runTests(project, what)
    watch.read(result.output)
    return result
  }
  if ((await run(selection)).passed) return undefined
  let tries = 0
  for (const { file, source, edit } of await editsToTry(project, selection, watch)) {
    if (tries >= MOST_TRIES) break
    tries += 1
    const path = join(project, file)
    await writeFile(path, applyEdit(source, edit))
    watch.wrote(describeEdit(source, edit))
    if ((await run(selection)).passed && (await run({ files: [] })).passed)
      return { file, change: describeEdit(source, edit), tries }
    await writeFile(path, source)
  }
  return undefined
}

function selectionOf(failing: readonly NamedTest[]): TestSelection {
  const files = new Set(failing.flatMap(({ file }) => (file === null ? [] : [file])))
  return { files: [...files], names: failing.map(({ name }) => name) }
}

interface Try {
  readonly file: string
  readonly source: string
  readonly edit: Edit
}

/** All edits of code that the failing tests run, the likelier kinds first, over all files. */
async function editsToTry(project: string, selection: TestSelection, watch: RepairWatch): Promise<readonly Try[]> {
  const tries: Try[] = []
  for (const [file, ran] of await executedCode(project, selection)) {
    const source = await readFile(join(project, file), 'utf8')
    watch.read(source)
    for (const edit of candidateEdits(source)) if (ran(edit.at)) tries.push({ file, source, edit })
  }
  return EDIT_KINDS.flatMap((kind) => tries.filter(({ edit }) => edit.kind === kind))
}
