/** One claim about one seed: the demo, as a process, plays its story to the promised end. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'

import type { Outcome } from '../../demo/story/outcome.ts'

const MAIN = join(import.meta.dirname, '../../demo/main.ts')

export async function playsToItsEnd(seed: number): Promise<void> {
  const result = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [MAIN, '--once', '--json', '--seed', String(seed)], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, stdout, stderr }),
    )
  })
  expect(result.code, result.stderr + result.stdout).toBe(0)
  expect(result.stdout.trimEnd().split('\n')).toHaveLength(1)
  const { task, labels, check_runs: checks, requests } = JSON.parse(result.stdout) as Outcome
  expect(task).toMatchObject({
    key: 'DEV-1',
    status: 'done',
    attempts: [
      { n: 1, status: 'failed', failure: 'test_fail', conclusion: 'failure' },
      { n: 2, status: 'succeeded', failure: null, conclusion: 'success' },
    ],
  })
  for (const { cost_usd: cost, tokens } of task.attempts) {
    expect(cost).toBeGreaterThan(0)
    expect(tokens).toBeGreaterThan(0)
  }
  expect(labels).toContain('status/done')
  expect(checks.map(({ name }) => name).sort()).toEqual(['muster', 'muster / DEV-1 #1', 'muster / DEV-1 #2'])
  expect(requests.total).toBeLessThanOrEqual(40)
  expect(requests.total).toBe(Object.values(requests.by_route).reduce((sum, count) => sum + count, 0))
  // The narration has no colours and no moving line where there is no terminal.
  expect(result.stderr).not.toContain('\u001B')
  expect(result.stderr).toMatch(/the thread\n +http:\/\/127\.0\.0\.1:\d+\/acme\/widgets\/issues\/1\n/)
}
