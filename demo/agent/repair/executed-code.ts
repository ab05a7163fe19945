/** Which code of a project a selection of tests runs, as V8 itself counts it. Test files are left out. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runTests, type TestSelection } from './run-tests.ts'

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly Range[] }[]
  }[]
}

/** File, relative to the project → whether the code at an offset ran. */
export type ExecutedCode = ReadonlyMap<string, (offset: number) => boolean>

export async function executedCode(project: string, selection: TestSelection): Promise<ExecutedCode> {
  const folder = await mkdtemp(join(tmpdir(), 'coverage-'))
  try {
    await runTests(project, { ...selection, coverageFolder: folder })
    const executed = new Map<string, (offset: number) => boolean>()
    for (const name of await readdir(folder)) {
      const coverage = JSON.parse(await readFile(join(folder, name), 'utf8')) as Coverage
      for (const { url, functions } of coverage.result) {
        const file = url.startsWith('file:') ? relative(project, fileURLToPath(url)) : '..'
        if (file.startsWith('..') || selection.files.includes(file)) continue
        executed.set(file, ran(functions.flatMap(({ ranges }) => ranges)))
      }
    }
    return executed
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Ranges nest: the innermost around an offset counts. */
function ran(ranges: readonly Range[]): (offset: number) => boolean {
  return (offset) => {
    const around = ranges.filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
    const length = ({ startOffset, endOffset }: Range) => endOffset - startOffset
    return (around.sort((a, b) => length(a) - length(b))[0]?.count ?? 0) > 0
  }
}
