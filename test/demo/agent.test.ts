/** The agent as a process: a clone, a brief and its environment go in; a pushed branch, a log and perhaps a pull request come out. */
import { execFile, execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import type { NamedTest } from '../../demo/agent/repair/repair.ts'
import { BUGS, type Bug } from '../../demo/bugs/bugs.ts'
import { brokenWidgets } from '../../demo/bugs/widgets.ts'
import { readAgentLog } from '../../action/src/logs/read-agent-log.ts'
import { type MusterDouble, musterDouble } from './muster-double.ts'
import { failingTests, scratchProject } from './scratch-project.ts'

const MAIN = join(import.meta.dirname, '../../demo/agent/main.ts')
const bug = BUGS.find(({ name }) => name === 'touching-stay-apart') as Bug

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=alice', '-c', 'user.email=alice@acme.example', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

/** A repository with the bug on main, and a fresh clone of it for each attempt. */
async function repository() {
  const source = await scratchProject(await brokenWidgets(bug))
  git(source, 'init', '--quiet', '--initial-branch=main')
  git(source, 'add', '--all')
  git(source, 'commit', '--quiet', '--message=Start')
  return {
    source,
    async clone() {
      const folder = await scratchProject({ output: '' })
      git(folder, 'clone', '--quiet', source, 'work')
      return folder
    },
  }
}

function runAgent(folder: string, muster: MusterDouble): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    MUSTER_URL: muster.url,
    MUSTER_AGENT_KEY: 'muster_agent_key',
    MUSTER_TASK: 'DEV-1',
    GH_TOKEN: 'token',
    GITHUB_API_URL: muster.url,
    GITHUB_REPOSITORY: 'acme/widgets',
    GITHUB_RUN_ID: '77',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKSPACE: join(folder, 'work'),
    GITHUB_OUTPUT: join(folder, 'output'),
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN], { env, cwd: join(folder, 'work') }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

async function attempt(source: Awaited<ReturnType<typeof repository>>, n: number, failing: readonly NamedTest[]) {
  const text = `# DEV-1: ${bug.issue.title}\n\n${bug.issue.body}`
  const muster = await musterDouble({ attempt: n, text, failing })
  const folder = await source.clone()
  const result = await runAgent(folder, muster)
  return { ...result, muster, project: join(folder, 'work'), outputs: await readFile(join(folder, 'output'), 'utf8') }
}

test(
  'an attempt without failing tests pushes a guess; the next one, told which fail, repairs it',
  { timeout: 60_000 },
  async () => {
    const source = await repository()
    const first = await attempt(source, 1, [])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.muster.asked.map(({ verb }) => verb)).toEqual(['claim', 'start', 'brief'])
    expect(first.muster.asked[0]?.args).toEqual({ ttl: '30m', run: 77, base: git(source.source, 'rev-parse', 'main') })
    expect(first.muster.asked[1]?.args).toEqual({ fence: '1.1' })
    expect(first.muster.pulls).toEqual([])
    expect(first.outputs).toBe('branch=muster/DEV-1-scratch\nattempt=1\n')
    const failing = await failingTests(first.project)
    expect(failing).toContainEqual({ name: bug.caughtBy.test, file: bug.caughtBy.file })

    const second = await attempt(source, 2, failing)
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(await failingTests(second.project)).toEqual([])
    expect(second.muster.pulls).toMatchObject([{ head: 'muster/DEV-1-scratch', base: 'main' }])
    expect(second.muster.pulls[0]?.['body']).toContain('Closes #1')
    expect(
      git(
        source.source,
        'log',
        '--format=%(trailers:key=Muster-Attempt,valueonly,separator=)',
        'main..muster/DEV-1-scratch',
      ),
    ).toBe('DEV-1 #2\nDEV-1 #1')
    expect(git(source.source, 'diff', '--name-only', 'main', 'muster/DEV-1-scratch')).toBe(bug.file)
    expect(git(source.source, 'diff', '--shortstat', 'main', 'muster/DEV-1-scratch')).toMatch(/1 insertion.*1 deletion/)
  },
)

test('a second attempt whose brief has no failing tests fails too', { timeout: 60_000 }, async () => {
  const source = await repository()
  await attempt(source, 1, [])
  const second = await attempt(source, 2, [])
  expect(second.code).toBe(0)
  expect(second.muster.pulls).toEqual([])
  expect(await failingTests(second.project)).not.toEqual([])
})

test(
  'its log is read as Claude Code’s, with tokens and cost that follow from the work',
  { timeout: 60_000 },
  async () => {
    const source = await repository()
    const failing = [{ name: bug.caughtBy.test, file: bug.caughtBy.file }]
    const [guessed, repaired] = [await attempt(source, 1, []), await attempt(source, 2, failing)]
    const results = [guessed, repaired].map(async ({ stdout }) => {
      const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
        usage: { input_tokens: number; output_tokens: number }
        total_cost_usd: number
      }
      const cost = { usd: last.total_cost_usd, basis: 'reported' }
      expect(await readAgentLog([stdout])).toMatchObject({ format: 'claude-stream', cost, unreadable: 0 })
      expect(last.total_cost_usd).toBeCloseTo(last.usage.input_tokens * 3e-6 + last.usage.output_tokens * 15e-6, 6)
      return last
    })
    const [cheap, dear] = await Promise.all(results)
    expect(cheap?.total_cost_usd).toBeGreaterThan(0)
    expect(dear?.usage.input_tokens).toBeGreaterThan(cheap?.usage.input_tokens ?? 0)
  },
)

test('an agent that may not claim says why and exits with 1', async () => {
  const source = await repository()
  const muster = await musterDouble({ attempt: 1, text: '', failing: [], refuse: 'claim' })
  const result = await runAgent(await source.clone(), muster)
  expect(result.code).toBe(1)
  expect(result.stderr).toContain('It is not ready. Wait.')
  expect(JSON.parse(result.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'result', is_error: true })
})
