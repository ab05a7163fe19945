/** `npm run demo -- --once --json`: the whole story with the real App, the real Action and the unkind sandbox. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { playsToItsEnd } from './plays-to-its-end.ts'

test('the story ends as it should and says so in one line', { timeout: 240_000 }, () => playsToItsEnd(4))

test('a flag that is wrong ends it with one clear line', async () => {
  const main = join(import.meta.dirname, '../../demo/main.ts')
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(process.execPath, [main, '--seed', 'x'], (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    ),
  )
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('--seed takes a whole number from 0 on, not "x".')
})
