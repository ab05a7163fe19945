/** The demo's workflow on the sandbox: the agent's job, the job that verifies it, and the Action's report. The App is stood in for. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'

import { setJobExecutor } from '../../app/sandbox/actions/job-scheduler.ts'
import { readBlob } from '../../app/sandbox/actions/blob-store.ts'
import { artifactPath } from '../../app/sandbox/actions/artifact-path.ts'
import { artifactsOf, jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { REPORT_FILE } from '../../schemas/report-limits.ts'
import { parseReport, type Report } from '../../schemas/report.ts'
import type { NamedTest } from '../../demo/agent/repair/repair.ts'
import { BUGS, type Bug } from '../../demo/bugs/bugs.ts'
import { brokenWidgets } from '../../demo/bugs/widgets.ts'
import { createJobExecutor } from '../../demo/runner/run-job.ts'
import { agentOnPath } from '../../demo/agent-on-path.ts'
import { createPerson, type Person } from '../../demo/story/person.ts'
import { putFiles } from '../../demo/story/put-files.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { musterDouble } from './muster-double.ts'
import { scratchProject } from './scratch-project.ts'

const ROOT = join(import.meta.dirname, '../..')
const bug = BUGS.find(({ name }) => name === 'a-cent-too-many') as Bug

async function stage(): Promise<{ sandbox: Sandbox; alice: Person; bin: string }> {
  const sandbox = await createSandbox({ keys: SEED_KEYS })
  onTestFinished(() => sandbox.close())
  const workflow = await readFile(join(ROOT, 'demo/scratch/workflows/agent.yml'), 'utf8')
  await putFiles({
    remote: `${sandbox.url}/acme/widgets.git`,
    login: 'alice',
    token: sandbox.tokens.alice,
    files: { ...(await brokenWidgets(bug)), '.github/workflows/agent.yml': workflow },
    remove: ['.github/workflows/ci.yml'],
    message: 'Release',
  })
  const bin = await agentOnPath(await scratchProject({ keep: '' }))
  return { sandbox, alice: createPerson(sandbox.url, 'acme/widgets', 'alice', sandbox.tokens.alice), bin }
}

async function attempt(
  at: Awaited<ReturnType<typeof stage>>,
  n: number,
  failing: readonly NamedTest[],
): Promise<Report> {
  const { sandbox, alice, bin } = at
  const text = `# DEV-1: ${bug.issue.title}\n\n${bug.issue.body}`
  const muster = await musterDouble({ attempt: n, text, failing })
  const options = {
    secrets: { MUSTER_AGENT_KEY: 'muster_agent_x', AGENT_TOKEN: sandbox.tokens.claude },
    vars: { MUSTER_URL: muster.url },
    paths: [bin],
    actions: { 'muster/muster': ROOT },
    onRequest: () => {},
    onStep: () => {},
  }
  setJobExecutor(sandbox.world, createJobExecutor(options))
  const run = await alice.dispatch('agent.yml', { task: 'DEV-1' })
  await expect.poll(() => runsOf(sandbox.state).get(run)?.status, { timeout: 60_000 }).toBe('completed')
  const artifact = artifactsOf(sandbox.state).find((one) => one.runId === run && one.name.startsWith('muster-report'))
  const logs = jobsOf(sandbox.state)
    .where((job) => job.runId === run)
    .map(({ log }) => log)
  expect(artifact, logs.join('\n')).toBeDefined()
  if (artifact === undefined) throw new Error('no report')
  const files = unzipSync(readBlob(sandbox.state, artifactPath(sandbox.state, artifact))?.bytes ?? new Uint8Array())
  const parsed = parseReport(strFromU8(files[REPORT_FILE] ?? new Uint8Array()))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.report
}

test(
  'the first attempt reports the genuine failing tests, the second success with figures',
  { timeout: 120_000 },
  async () => {
    const at = await stage()
    const first = await attempt(at, 1, [])
    expect(first).toMatchObject({
      task: { key: 'DEV-1', number: 1, attempt: 1, source: 'input' },
      run: { job: 'verify', event: 'workflow_dispatch' },
      status: 'failed',
      failure: { class: 'test_fail' },
      cost: { basis: 'reported' },
    })
    const failures = first.tests?.failures ?? []
    expect(failures.map(({ name }) => name)).toContain(bug.caughtBy.test)
    for (const { file, line } of failures) {
      expect(file).toBe(bug.caughtBy.file)
      const source = (await brokenWidgets(bug))[bug.caughtBy.file]?.split('\n')[(line ?? 0) - 1]
      expect(source).toMatch(/assert/)
    }

    const second = await attempt(at, 2, failures)
    expect(second).toMatchObject({ task: { attempt: 2 }, status: 'succeeded', failure: null, tests: { failed: 0 } })
    expect(second.tests?.total).toBe(first.tests?.total)
    expect(second.run.headSha).not.toBe(first.run.headSha)
    expect(second.tokens?.total).toBeGreaterThan(first.tokens?.total ?? 0)
    expect(second.benchmarks.length).toBeGreaterThan(3)
    for (const { value, unit, direction } of second.benchmarks) {
      expect({ unit, direction }).toEqual({ unit: 'ns/call', direction: 'smaller' })
      expect(value).toBeGreaterThan(0)
    }
    const pulls =
      await at.alice.read<readonly { body: string; head: { sha: string }; user: { login: string } }[]>('/pulls')
    expect(pulls).toMatchObject([{ head: { sha: second.run.headSha }, user: { login: 'claude[bot]' } }])
    expect(pulls[0]?.body).toContain('Closes #1')
    expect(at.sandbox.log.unsupported).toEqual([])
  },
)
