/** The widgets in a folder of their own for one test, and what their genuine suite says of them. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

import type { NamedTest } from '../../demo/agent/repair/repair.ts'
import type { Files } from '../../demo/bugs/widgets.ts'

export async function scratchProject(files: Files): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'widgets-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

/** The failing tests as Node's JUnit reporter names them. */
export function failingTests(project: string): Promise<readonly NamedTest[]> {
  const args = ['--test', '--test-isolation=none', '--test-reporter=junit']
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: project, env: { PATH: process.env['PATH'] } }, (_error, stdout) => {
      const cases = stdout.matchAll(/<testcase name="([^"]*)"[^>]* file="([^"]*)"[^>]* failure="/g)
      resolve(Array.from(cases, ([, name = '', file = '']) => ({ name, file: file.slice(project.length + 1) })))
    })
  })
}
