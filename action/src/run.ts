/** What the Action does, from inputs to outputs. It makes no request to GitHub but the upload of its report. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { neutralise, neutraliseLine } from '../../app/domain/text/neutralise.ts'
import { REPORT_ARTIFACT_PREFIX, REPORT_FILE } from '../../schemas/report-limits.ts'
import type { Report } from '../../schemas/report.ts'
import { collectArtifacts } from './artifacts/collect-artifacts.ts'
import { buildReport } from './build-report.ts'
import { readRunIdentity } from './inputs/run-identity.ts'
import { parseSettings, type Settings } from './inputs/settings.ts'
import { findTask } from './inputs/task-hint.ts'
import { asObject, parseJson, type JsonObject } from './json-fields.ts'
import type { Machine } from './machine.ts'
import { createRedactor } from './output/redactor.ts'
import { renderSummary } from './output/render-summary.ts'
import { readEvidence } from './read-evidence.ts'
import { renderReportJson } from './render-report-json.ts'
import { packReport } from './upload/pack-report.ts'
import { uploadArtifact, type UploadedArtifact } from './upload/results-service.ts'
import { UploadFault } from './upload/upload-fault.ts'

export interface Outcome {
  readonly report: Report
  /** Why the step is to fail; null when it is not. */
  readonly failure: string | null
}

/** Throws an InputFault when the workflow asks for something that cannot be. */
export const run = async (machine: Machine): Promise<Outcome> => {
  const { env } = machine
  const settings = parseSettings(machine.readInput)
  const workspace = resolve(env['GITHUB_WORKSPACE'] || '.')
  const temp = env['RUNNER_TEMP'] || tmpdir()
  const place = { workspace, roots: [workspace, temp, tmpdir()] }
  const redact = createRedactor(env, settings.secrets)

  const head = await machine.readHead(workspace)
  const identity = readRunIdentity(env, await readEvent(env['GITHUB_EVENT_PATH']), head)
  const evidence = await readEvidence(settings, place, redact)
  const lines = [...settings.artifacts, ...evidence.benchmarkFiles]
  const collected = await collectArtifacts(lines, place, settings.includeFiles)
  const report = buildReport({
    settings,
    run: identity,
    task: findTask(settings, head.message, identity.headBranch),
    evidence,
    collected,
    now: machine.now(),
    redact,
  })

  const nameWith = (mark: string | null): string => nameOf(settings, identity, mark)
  const json = renderReportJson(report)
  const path = await writeReport(join(temp, 'muster', nameWith(null)), json)
  if (!saysAnything(settings)) machine.warn(NOTHING_TO_READ)
  for (const warning of report.warnings) machine.warn(warning)
  const zipped = { json, files: collected.files }
  const uploaded = settings.upload ? await upload(nameWith, zipped, machine) : null

  if (settings.annotate) annotate(report.tests, machine)
  await writeSummary(report, machine)
  setOutputs(report, path, json, uploaded, machine)
  machine.info(
    `muster: ${report.status}${report.failure === null ? '' : ` (${report.failure.class})`}, report at ${path}`,
  )
  const { failure } = report
  return { report, failure: settings.failOnFailure && failure !== null ? `${failure.class}: ${failure.message}` : null }
}

const readEvent = async (path: string | undefined): Promise<JsonObject | null> =>
  path ? asObject(parseJson(await readFile(path, 'utf8').catch(() => ''))) : null

/** The run's attempt stands last: readers take it off, and what is before it is the same in every run. */
const nameOf = (settings: Settings, identity: Report['run'], mark: string | null): string => {
  // Artifact names may not hold what paths may not hold.
  const job = identity.job.replace(/[^\w.-]+/g, '-').slice(0, 100) || 'job'
  const parts = [settings.reportName ?? job, settings.matrixLeg, mark].filter((part) => part !== null)
  return `${REPORT_ARTIFACT_PREFIX}${parts.join('-')}-${identity.attempt}`
}

const NOTHING_TO_READ =
  'There is nothing to read: neither `agent-log` nor `agent-stderr`, `exit-code`, `test-reports` or `benchmarks` is given. The report says no more than whether the job failed.'

const saysAnything = ({ agentLog, agentStderr, exitCode, testReports, benchmarks }: Settings): boolean =>
  agentLog !== null || agentStderr !== null || exitCode !== null || testReports.length + benchmarks.length > 0

/** GitHub shows no more of one step. */
const MAX_ANNOTATIONS = 10

const annotate = (tests: Report['tests'], machine: Machine): void => {
  const placed = (tests?.failures ?? []).flatMap(({ file, line, name, message }) =>
    file === null || line === null
      ? []
      : [{ file, line, title: neutraliseLine(name), message: neutralise(message, { max: 1_000 }) }],
  )
  for (const one of placed.slice(0, MAX_ANNOTATIONS)) machine.annotate(one)
}

/** A page that cannot be written is no reason to fail: the report is what counts. */
const writeSummary = async (report: Report, machine: Machine): Promise<void> => {
  try {
    await machine.writeSummary(renderSummary(report))
  } catch {
    machine.warn(
      'The job summary could not be written. Check that GITHUB_STEP_SUMMARY names a file that this step may write.',
    )
  }
}

const writeReport = async (folder: string, json: string): Promise<string> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, REPORT_FILE)
  await writeFile(path, json)
  return path
}

/** Null when it could not be uploaded: a report on disk and a warning are better than a job that fails for it. */
const upload = async (
  nameWith: (mark: string | null) => string,
  packed: { readonly json: string; readonly files: ReadonlyMap<string, string> },
  machine: Machine,
): Promise<UploadedArtifact | null> => {
  const token = machine.env['ACTIONS_RUNTIME_TOKEN']
  const url = machine.env['ACTIONS_RESULTS_URL']
  try {
    if (!token || !url || !URL.canParse(url)) {
      throw new UploadFault(
        'no-runner',
        'There is no ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL here. Run this with `uses:` in a job on GitHub; a `run:` step does not get them.',
      )
    }
    machine.mask(token)
    const zip = await packReport(packed.json, packed.files)
    return await uploadArtifact(nameWith, zip, { url, token }, machine)
  } catch (error) {
    if (!(error instanceof UploadFault)) throw error
    machine.warn(`The report is on this machine only, Muster cannot see it. ${error.message}`)
    return null
  }
}

const setOutputs = (
  report: Report,
  path: string,
  json: string,
  uploaded: UploadedArtifact | null,
  machine: Machine,
): void => {
  const outputs: Readonly<Record<string, string | number | null | undefined>> = {
    status: report.status,
    'failure-class': report.failure?.class,
    'failure-code': report.failure?.code,
    tokens: report.tokens?.total,
    'cost-usd': report.cost?.usd,
    'duration-ms': report.durationMs,
    'report-path': path,
    'report-digest': createHash('sha256').update(json).digest('hex'),
    'artifact-name': uploaded?.name,
    'artifact-id': uploaded?.id,
    'artifact-digest': uploaded?.sha256,
  }
  for (const [name, value] of Object.entries(outputs)) machine.setOutput(name, String(value ?? ''))
}
