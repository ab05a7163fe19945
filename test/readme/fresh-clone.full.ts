/** The newcomer's first command, as the README has it: a fresh clone, an empty npm cache, and the demo checks its own end. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

it('npm ci && npm run demo', { timeout: 10 * 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-clone-'))
  try {
    const clone = join(dir, 'muster')
    execFileSync('git', ['clone', '--quiet', ROOT, clone])
    expect(readFileSync(join(clone, 'README.md'), 'utf8')).toContain('npm ci && npm run demo')
    // Without this checkout's own Node 24 on the path: npm ci has to bring it.
    const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'))
    const env = { ...process.env, PATH: path.join(delimiter), npm_config_cache: join(dir, 'cache'), NODE_OPTIONS: '' }
    const run = (command: string): string =>
      execFileSync('sh', ['-c', command], { cwd: clone, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    run('npm ci --no-audit --no-fund')
    const line = run('npm run -s demo -- --once --json').trim().split('\n').at(-1) ?? ''
    const { task, requests } = JSON.parse(line) as {
      task: { status: string; attempts: { status: string; failure: string | null }[] }
      requests: { app: number; action: number }
    }
    expect(task.status).toBe('done')
    expect(task.attempts.map(({ status, failure }) => [status, failure])).toEqual([
      ['failed', 'test_fail'],
      ['succeeded', null],
    ])
    expect(requests.app + requests.action).toBeLessThanOrEqual(40)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
