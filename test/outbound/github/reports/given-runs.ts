/** A sandbox in which runs upload real reports, and a reader that tells what the App would be told of them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import { uploadArtifact } from '../../../../action/src/upload/results-service.ts'
import type { StoredEvent } from '../../../../app/domain/event/envelope.ts'
import type { TaskCommand } from '../../../../app/domain/task/commands.ts'
import type { Task } from '../../../../app/domain/task/state.ts'
import { createGitHub } from '../../../../app/outbound/github/client.ts'
import { createReadRun, type ReportIdentity } from '../../../../app/outbound/github/reports.ts'
import { completeJob, startJob } from '../../../../app/sandbox/actions/run-lifecycle.ts'
import { runnerEnvironment } from '../../../../app/sandbox/actions/runner-environment.ts'
import { jobsOf, runsOf } from '../../../../app/sandbox/model/workflow.ts'
import type { SandboxOptions } from '../../../../app/sandbox/sandbox.ts'
import type { Report } from '../../../../schemas/report.ts'
import { REPORT_FILE } from '../../../../schemas/report-limits.ts'
import { SEED_KEYS } from '../../../sandbox/seed-keys.ts'
import { startSandbox, WIDGETS } from '../../../sandbox/start-sandbox.ts'
import { memoryDocuments } from '../replica/sandbox-harness.ts'
import { aTask, anAttempt } from '../task-fixture.ts'
import { aReport } from './report-fixture.ts'

export const CI =
  'name: CI\non: [push, workflow_dispatch]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n'
export const BRANCH = 'muster/DEV-12-round'
export const BOTH = `${CI}  agent:\n    runs-on: ubuntu-latest\n    steps:\n      - run: demo\n        env: { MUSTER_AGENT_KEY: x }\n`

export const setUp = async (workflow = CI, options: SandboxOptions = {}) => {
  const started = await startSandbox(options)
  const { sandbox, as } = started
  await started.plant({ '.github/workflows/ci.yml': workflow })
  const repository = (await as('alice').get(WIDGETS)).json
  const github = createGitHub({
    appId: sandbox.seed.muster.id,
    privateKey: SEED_KEYS.muster.privateKey,
    apiUrl: sandbox.url,
    buckets: { take: async () => ({ ok: true }), block: async () => {} },
    clock: { now: () => Date.now() },
    log: { warn: () => {} },
  })
  const state: { task: Task; events: StoredEvent[] } = { task: aTask({ attempts: [anAttempt()] }), events: [] }
  const told: { identity: ReportIdentity; command: TaskCommand }[] = []
  const notes: string[] = []
  const project = { stream: 'project/401', repositoryId: repository.id, repository: 'acme/widgets' } as never
  const documents = memoryDocuments()
  const readRun = createReadRun({
    github,
    documents,
    clock: { now: () => Date.now() },
    apiUrl: sandbox.url,
    projections: {
      project: async () => project,
      projectByRepository: async () => project,
      taskByKey: async (_project, key) => (key === state.task.key ? state.task : null),
      tasksByFormerKey: async () => [],
      taskAt: async () => null,
    },
    log: { read: async () => state.events },
    notes: { warn: (message, fields) => void notes.push(`${message}: ${String(fields?.['why'] ?? '')}`) },
    report: async (identity, command) => void told.push({ identity, command }),
  })

  /** Runs every job of the run's newest attempt, uploading what `reportOf` gives for its key, under `nameOf` its job. */
  const finish = async (
    runId: number,
    reportOf: (key: string, report: Report) => Report | null,
    nameOf: (job: string) => string = (job) => job,
  ) => {
    const run = runsOf(sandbox.state).get(runId)
    if (!run) throw new Error('no run')
    for (const job of jobsOf(sandbox.state).where((one) => one.runId === runId && one.attempt === run.attempt)) {
      startJob(sandbox.world, job.id)
      const dir = await mkdtemp(join(tmpdir(), 'runner-'))
      onTestFinished(() => rm(dir, { recursive: true, force: true }))
      const { variables } = await runnerEnvironment(sandbox.world, run, job, dir)
      const said = aReport()
      const report = reportOf(job.key, {
        ...said,
        run: {
          ...said.run,
          repositoryId: repository.id,
          id: runId,
          attempt: run.attempt,
          job: job.key,
          headSha: run.headSha,
        },
      })
      if (report !== null) {
        const zip = zipSync({ [REPORT_FILE]: strToU8(JSON.stringify(report)) })
        const service = { url: variables['ACTIONS_RESULTS_URL'] ?? '', token: variables['ACTIONS_RUNTIME_TOKEN'] ?? '' }
        const name = `muster-report-${nameOf(report.run.job)}-${run.attempt}`
        await uploadArtifact(() => name, new Uint8Array(zip), service, { fetch, sleep: async () => {}, mask: () => {} })
      }
      completeJob(sandbox.world, job.id, { conclusion: 'success' })
    }
  }
  const pushOn = async (branch: string): Promise<number> => {
    await started.branch(branch)
    const sha = await started.commit(branch, 'a.txt', 'a')
    await started.idle()
    const run = runsOf(sandbox.state).where((one) => one.headSha === sha)[0]
    if (!run) throw new Error('the push made no run')
    return run.id
  }
  const read = (runId: number, runAttempt = 1) =>
    readRun({ repository: 'acme/widgets', installationId: sandbox.seed.installations.muster, runId, runAttempt })
  return { ...started, documents, github, state, told, notes, finish, pushOn, read }
}

export const whole = (_key: string, report: Report): Report => report
