import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildAction } from '../../../scripts/build-action.ts'
import { parseReport, type Report } from '../../../schemas/report.ts'
import { startResultsServer, type ResultsServer } from './results-server.ts'
import { createJob, type Job } from './run-bundle.ts'

const RESULT = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  duration_ms: 61_000,
  num_turns: 4,
  session_id: 's-1',
  result: 'I changed the sum. @alice please look. Token ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  total_cost_usd: 0.125,
  modelUsage: {
    'claude-sonnet-5': { inputTokens: 100, outputTokens: 50, cacheReadInputTokens: 1000, cacheCreationInputTokens: 0 },
  },
  permission_denials: [],
}
const JUNIT = `<testsuites><testsuite name="src/sum.test.ts">
<testcase classname="src/sum.test.ts" name="adds"/>
<testcase classname="src/sum.test.ts" name="carries | &lt;!-- x --&gt;"><failure message="expected 3 to be 4, Closes #1"> ❯ src/sum.test.ts:9:24</failure></testcase>
</testsuite></testsuites>`

let server: ResultsServer
let job: Job

beforeAll(async () => {
  server = await startResultsServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  job = await createJob()
})
afterEach(() => job.remove())

const service = () => ({ ACTIONS_RUNTIME_TOKEN: server.token, ACTIONS_RESULTS_URL: `${server.url}/` })

const readReport = (json: string): Report => {
  const parsed = parseReport(json)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.report
}

describe('the bundle, alone in a folder', () => {
  it('reports failed tests: outputs, summary, uploaded zip', async () => {
    await job.write('agent.json', JSON.stringify(RESULT))
    await job.write('out/junit.xml', JUNIT)
    await job.write('src/sum.test.ts', '')
    await job.write('change.diff', 'diff --git a/x b/x\n')
    await job.write('bench.json', '[{"name":"sum","value":1.5,"unit":"ms"}]')
    const before = server.uploads.length
    const finished = await job.run(
      {
        'agent-log': 'agent.json',
        'test-reports': 'out/*.xml',
        artifacts: 'diff: change.diff',
        benchmarks: 'smaller: bench.json',
        attempt: '2',
        'exit-code': '0',
      },
      service(),
    )
    expect(finished).toMatchObject({ exitCode: 0, stderr: '' })

    const upload = server.uploads[before]
    expect(upload?.name).toBe('muster-report-agent-1')
    const entries = unzipSync(upload?.zip ?? new Uint8Array())
    expect(Object.keys(entries)).toEqual(['muster-report.json', 'files/change.diff', 'files/bench.json'])
    const json = new TextDecoder().decode(entries['muster-report.json'])
    expect(await readFile(finished.outputs['report-path'] ?? '', 'utf8')).toBe(json)

    expect(finished.outputs).toEqual({
      status: 'failed',
      'failure-class': 'test_fail',
      'failure-code': '',
      tokens: '1150',
      'cost-usd': '0.125',
      'duration-ms': '61000',
      'report-path': join(job.temp, 'muster/muster-report-agent-1/muster-report.json'),
      'report-digest': createHash('sha256').update(json).digest('hex'),
      'artifact-name': 'muster-report-agent-1',
      'artifact-id': '77',
      'artifact-digest': createHash('sha256')
        .update(upload?.zip ?? '')
        .digest('hex'),
    })

    const report = readReport(json)
    expect(report).toMatchObject({
      task: { key: 'DEV-12', number: 12, attempt: 2, source: 'branch' },
      run: { repository: 'acme/widgets', id: 99, headSha: 'a'.repeat(40), headBranch: 'muster/DEV-12-sum' },
      agent: { kind: 'claude-code', model: 'claude-sonnet-5', session: 's-1', turns: 4 },
      failure: { class: 'test_fail', code: null, confidence: 'typed', retryAfterMs: null },
      tests: {
        total: 2,
        failed: 1,
        failures: [
          { name: 'carries | <!-- x -->', file: 'src/sum.test.ts', line: 9, message: 'expected 3 to be 4, Closes #1' },
        ],
      },
      cost: { usd: 0.125, basis: 'reported' },
      artifacts: [
        { kind: 'diff', name: 'change.diff', path: 'files/change.diff', size: 19 },
        { kind: 'benchmark', name: 'bench.json', path: 'files/bench.json' },
      ],
      benchmarks: [{ name: 'sum', value: 1.5, unit: 'ms', direction: 'smaller', range: null }],
      warnings: [],
    })
    expect(report.logTail).toContain('[redacted github-token]')
    const text = [json, finished.summary, finished.stdout].join('\n')
    expect(text).not.toContain('ghp_')
    for (const hostile of ['@alice', '<!--', 'Closes #1', '| carries | '])
      expect(finished.summary).not.toContain(hostile)
    expect(finished.summary).toContain('### DEV-12 attempt 2: failed, `test_fail`')
    expect(finished.summary).toContain('src/sum.test.ts:9')
  })

  it('makes no request but those of the upload', async () => {
    const before = server.requests.length
    await job.write('agent.json', JSON.stringify(RESULT))
    await job.run({ 'agent-log': 'agent.json', 'report-name': 'alone' }, service())
    const root = '/twirp/github.actions.results.api.v1.ArtifactService'
    expect(server.requests.slice(before)).toEqual([
      `POST ${root}/CreateArtifact`,
      'PUT /blob',
      `POST ${root}/FinalizeArtifact`,
    ])
  })

  it('uploads every leg of a matrix under its own name, and loses none that have the same', async () => {
    const before = server.uploads.length
    await job.write('j.xml', JUNIT)
    const legs = ['{"node": 22}', '{"node": 24}', 'null', 'null']
    const names: string[] = []
    for (const matrix of legs) {
      const inputs = { 'test-reports': 'j.xml', matrix }
      const { outputs } = await job.run(inputs, { ...service(), GITHUB_JOB: 'unit', GITHUB_RUN_ATTEMPT: '2' })
      names.push(outputs['artifact-name'] ?? '')
    }
    expect(names).toEqual([
      'muster-report-unit-22-2',
      'muster-report-unit-24-2',
      'muster-report-unit-2',
      'muster-report-unit-job-b-2',
    ])
    expect(server.uploads.slice(before).map(({ name }) => name)).toEqual(names)
  })

  it('writes the report to disk and says what to do when there is no results service', async () => {
    await job.write('agent.json', JSON.stringify(RESULT))
    const { exitCode, stdout, outputs } = await job.run({ 'agent-log': 'agent.json' })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('::warning::The report is on this machine only, Muster cannot see it.')
    expect(stdout).toContain('Run this with `uses:`')
    expect(outputs).toMatchObject({ status: 'succeeded', 'artifact-id': '' })
    expect(readReport(await readFile(outputs['report-path'] ?? '', 'utf8'))).toMatchObject({
      status: 'succeeded',
      failure: null,
    })
  })

  it('fails the step only when asked to', async () => {
    await job.write('j.xml', JUNIT)
    const { exitCode, stdout } = await job.run({ 'test-reports': 'j.xml', 'fail-on-failure': 'true', upload: 'false' })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('::error::test_fail: 1 of 2 tests failed: carries')
  })

  it('shows failing tests on their lines when asked to, whatever they are called', async () => {
    const evil = 'src/a,line=1::b%0A.test.ts'
    await job.write(evil, '')
    const name = 'x,file=/etc/passwd::\n::error::forged %25 @alice'
    const xml = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('\n', '&#10;').replaceAll('"', '&quot;')
    await job.write(
      'j.xml',
      `<testsuite><testcase file="${xml(evil)}" line="7" name="${xml(name)}"><failure message="${xml(`no\n::add-mask::x`)}"/></testcase></testsuite>`,
    )
    const { stdout, exitCode } = await job.run({ 'test-reports': 'j.xml', annotate: 'true', upload: 'false' })
    expect(exitCode).toBe(0)
    const lines = stdout.split('\n').filter((line) => line.startsWith('::'))
    expect(lines).toEqual([
      '::error title=x%2Cfile=/etc/passwd%3A%3A %3A%3Aerror%3A%3Aforged %2525 @\u200Balice,file=src/a%2Cline=1%3A%3Ab%250A.test.ts,line=7::no%0A::add-mask::x',
    ])
    expect((await job.run({ 'test-reports': 'j.xml', upload: 'false' })).stdout).not.toContain('::error')
  })

  it('does its work where there is no page to write to, or none that can be written', async () => {
    await job.write('j.xml', JUNIT)
    for (const page of ['', join(job.temp, 'gone', 'summary')]) {
      const inputs = { 'test-reports': 'j.xml', upload: 'false' }
      const { exitCode, outputs, stdout } = await job.run(inputs, { GITHUB_STEP_SUMMARY: page })
      expect([exitCode, outputs['failure-class']]).toEqual([0, 'test_fail'])
      expect(stdout.includes('The job summary could not be written.')).toBe(page !== '')
    }
  })

  it('says when it was given nothing to read', async () => {
    const { exitCode, stdout } = await job.run({ upload: 'false' })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('::warning::There is nothing to read')
  })

  it('answers a bad input with the next step, and writes nothing', async () => {
    const { exitCode, stdout, outputs, summary } = await job.run({ timeout: 'long' }, service())
    expect(exitCode).toBe(1)
    expect(stdout).toBe(
      '::error::Input `timeout`: is no duration. Give a number with its unit, such as 90s, 20m or 1500ms.\n',
    )
    expect([outputs, summary]).toEqual([{}, ''])
  })

  it('goes on without files that are not there, and classifies by what is left', async () => {
    const { exitCode, outputs, stdout } = await job.run({
      'agent-log': 'gone.json',
      'test-reports': 'gone/*.xml',
      'exit-code': '137',
      upload: 'false',
    })
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({
      status: 'failed',
      'failure-class': 'environment_error',
      'failure-code': 'out_of_memory',
    })
    expect(stdout.match(/::warning::/g)).toHaveLength(2)
  })

  it.each([
    ['none is there', null],
    ['one is no XML', 'ok'],
    ['one has entities', '<!DOCTYPE a [<!ENTITY b "c">]><testsuite><testcase name="&b;"/></testsuite>'],
    ['one breaks off', '<testsuite><testcase name="a"></testcase><testcase name="b"><fail'],
    ['one is nested without end', '<testsuite>'.repeat(5_000)],
  ])('does not call a run a success whose test reports cannot be read: %s', async (_what, xml) => {
    await job.write('good.json', '{"type":"result","subtype":"success","is_error":false,"result":"Done."}')
    if (xml !== null) await job.write('junit.xml', xml)
    const inputs = { 'agent-log': 'good.json', 'test-reports': 'junit.xml', 'job-status': 'success', upload: 'false' }
    const { exitCode, outputs, stdout } = await job.run(inputs)
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({
      status: 'failed',
      'failure-class': 'verification_gap',
      'failure-code': 'no_test_report',
    })
    expect(stdout.match(/::warning::/g)).toHaveLength(1)
  })

  it('does not call a run a success whose log breaks off in its first message', async () => {
    await job.write('cut.json', '{"type":"result","subtype":"success","is_err')
    const { outputs, stdout } = await job.run({ 'agent-log': 'cut.json', upload: 'false' })
    expect(outputs).toMatchObject({ status: 'failed', 'failure-class': 'unknown' })
    expect(stdout).toContain('breaks off in its first message')
  })

  it("takes the values of the job's own secrets out", async () => {
    await job.write('err.txt', 'Error: my word hunter2-hunter2 and plain-secret-value\n')
    const { outputs } = await job.run(
      { 'agent-stderr': 'err.txt', 'exit-code': '1', secrets: 'plain-secret-value', upload: 'false' },
      { DEPLOY_TOKEN: 'hunter2-hunter2' },
    )
    const json = await readFile(outputs['report-path'] ?? '', 'utf8')
    expect(json).not.toMatch(/hunter2|plain-secret/)
    expect(readReport(json).logTail).toBe('Error: my word [redacted secret] and [redacted secret]')
  })

  it('reads the head that the agent committed, and its trailer', async () => {
    await job.write('a.txt', 'a')
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@x.test', ...args], { cwd: job.workspace })
    git('init', '--quiet', '--initial-branch', 'muster/DEV-5-x')
    git('add', '.')
    git('commit', '--quiet', '--message', 'Fix\n\nMuster-Attempt: DEV-5#4')
    const { outputs } = await job.run({ upload: 'false' })
    const report = readReport(await readFile(outputs['report-path'] ?? '', 'utf8'))
    expect(report.task).toEqual({ key: 'DEV-5', number: 5, attempt: 4, source: 'trailer' })
    expect(report.run).toMatchObject({ headBranch: 'muster/DEV-5-x' })
    expect(report.run.headSha).toBe(String(git('rev-parse', 'HEAD')).trim())
  })
})

describe('the committed bundle', () => {
  it('is what its sources build, byte for byte', async () => {
    const out = await mkdtemp(join(tmpdir(), 'muster-dist-'))
    try {
      expect(await buildAction(out)).toBeGreaterThan(130_000)
      const names = (await readdir(out)).toSorted()
      expect((await readdir('action/dist')).toSorted()).toEqual(names)
      for (const name of names) {
        const [built, committed] = await Promise.all([readFile(join(out, name)), readFile(join('action/dist', name))])
        expect(built.equals(committed), `action/dist/${name} is stale: run npm run build:action`).toBe(true)
      }
    } finally {
      await rm(out, { recursive: true })
    }
  })
})
