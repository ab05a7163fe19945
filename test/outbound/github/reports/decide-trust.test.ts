import { describe, expect, it } from 'vitest'
import { hasAgentSteps } from '../../../../app/outbound/github/reports/agent-steps.ts'
import { decideTrust, type FileTexts, type JobTimes } from '../../../../app/outbound/github/reports/decide-trust.ts'

const CI = 'jobs:\n  test:\n    needs: [agent]\n    steps:\n      - run: npm test\n'
const WITH_AGENT = `${CI}  agent:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n`
const job = (name: string, startedAt: number, completedAt: number | null): JobTimes => ({
  name,
  startedAt,
  completedAt,
})
const SECOND = 1_000
const NONE: ReadonlyMap<string, FileTexts> = new Map()

const trustOf = async (
  text: string,
  jobs: readonly JobTimes[] = [],
  upload: { job?: string; uploadedAt?: number; claims?: number } = {},
  called: Readonly<Record<string, FileTexts>> = {},
): Promise<string> => {
  const texts = { head: text, defaultBranch: text, called: new Map(Object.entries(called)) }
  const verdict = await decideTrust(
    texts,
    { job: 'test', uploadedAt: 70 * SECOND, claims: 1, ...upload },
    async () => jobs,
  )
  return verdict.believed ? verdict.trust : 'refused'
}

describe('the workflow file', () => {
  const upload = { job: 'test', uploadedAt: 1, claims: 1 }
  const noJobs = async () => []

  it('must be on the default branch: one that only the branch has proves nothing', async () => {
    expect(await decideTrust({ head: CI, defaultBranch: null, called: NONE }, upload, noJobs)).toMatchObject({
      believed: false,
    })
    expect(await decideTrust({ head: null, defaultBranch: CI, called: NONE }, upload, noJobs)).toMatchObject({
      believed: false,
    })
  })

  it('must be the same there, or the report is the agent’s own word', async () => {
    const verdict = await decideTrust({ head: `${CI}# x`, defaultBranch: CI, called: NONE }, upload, noJobs)
    expect(verdict).toMatchObject({ believed: true, trust: 'self', unreviewed: true })
    expect(
      await decideTrust({ head: CI, defaultBranch: CI, called: NONE }, { ...upload, job: 'x' }, noJobs),
    ).toMatchObject({
      trust: 'self',
      unreviewed: true,
    })
  })

  it('gives ci when none of its jobs has an agent, without asking for the jobs', async () => {
    const asked = async () => {
      throw new Error('not needed')
    }
    const verdict = await decideTrust({ head: CI, defaultBranch: CI, called: NONE }, upload, asked)
    expect(verdict).toMatchObject({ trust: 'ci', unreviewed: false })
  })

  it.each(['{', 'jobs: 3', 'jobs: {other: {steps: []}}', '- a'])('gives no trust when it is %j', async (text) => {
    expect(await trustOf(text)).toBe('self')
  })
})

describe('beside a job with an agent', () => {
  const after = [job('agent', 0, 60 * SECOND), job('test', 60 * SECOND, 80 * SECOND)]

  it('is ci when the agent’s job was over', async () => {
    expect(await trustOf(WITH_AGENT, after)).toBe('ci')
    expect(await trustOf(WITH_AGENT, after, { uploadedAt: 60 * SECOND })).toBe('ci')
  })

  it('is the agent’s own word within seconds of its end, unless it had to wait for it', async () => {
    const unordered = WITH_AGENT.replace('    needs: [agent]\n', '')
    expect(await trustOf(unordered, after, { uploadedAt: 61 * SECOND })).toBe('self')
    expect(await trustOf(unordered, after, { uploadedAt: 63 * SECOND })).toBe('ci')
  })

  it('is the agent’s own word while its job was running, or may still be', async () => {
    const beside = [job('agent', 0, 75 * SECOND), job('test', 60 * SECOND, 80 * SECOND)]
    expect(await trustOf(WITH_AGENT, beside)).toBe('self')
    expect(await trustOf(WITH_AGENT, [job('agent', 0, null), job('test', 60 * SECOND, 80 * SECOND)])).toBe('self')
  })

  it('is the agent’s own word when it was uploaded before its job began, or says that it is from the agent’s', async () => {
    expect(await trustOf(WITH_AGENT, after, { uploadedAt: 50 * SECOND })).toBe('self')
    expect(await trustOf(WITH_AGENT, after, { job: 'agent' })).toBe('self')
  })

  it('is the agent’s own word when more say that they are from its job than it has legs', async () => {
    expect(await trustOf(WITH_AGENT, after, { claims: 2 })).toBe('self')
    const legs = [after[0], job('test (22)', 60 * SECOND, 80 * SECOND), job('test (24)', 60 * SECOND, 80 * SECOND)]
    const jobs = legs.filter((one) => one !== undefined)
    expect(await trustOf(WITH_AGENT, jobs, { claims: 2 })).toBe('ci')
    expect(await trustOf(WITH_AGENT, jobs, { claims: 3 })).toBe('self')
  })

  it('may run beside other jobs without one, also of a matrix', async () => {
    const text = `${WITH_AGENT}  lint:\n    name: Lint it\n    steps:\n      - run: npm run lint\n`
    const jobs = [...after, job('Lint it (24)', 60 * SECOND, 90 * SECOND)]
    expect(await trustOf(text, jobs)).toBe('ci')
    expect(await trustOf(text, [...after, job('Who is this', 60 * SECOND, 90 * SECOND)])).toBe('self')
  })
})

describe('a workflow that calls others of its repository', () => {
  const PATH = '.github/workflows/tests.yml'
  const CALLER = `jobs:\n  call:\n    name: Checks\n    uses: ./${PATH}\n`
  const UNIT = 'jobs:\n  unit:\n    steps:\n      - run: npm test\n'
  const same = (text: string): FileTexts => ({ head: text, defaultBranch: text })

  it('is CI’s when they are the default branch’s and have no agent', async () => {
    expect(await trustOf(CALLER, [], { job: 'unit' }, { [PATH]: same(UNIT) })).toBe('ci')
    expect(await trustOf(CALLER, [], { job: 'call' }, { [PATH]: same(UNIT) })).toBe('self')
  })

  it('is not when one of them was changed, is missing, or has an agent', async () => {
    const files = [
      { head: `${UNIT}# x`, defaultBranch: UNIT },
      { head: UNIT, defaultBranch: null },
      { head: null, defaultBranch: null },
      same('no workflow'),
      same('jobs:\n  unit:\n    steps:\n      - run: claude -p x\n'),
      same(`env:\n  OPENAI_API_KEY: x\n${UNIT}`),
    ]
    for (const file of files) expect(await trustOf(CALLER, [], { job: 'unit' }, { [PATH]: file })).toBe('self')
    expect(await trustOf(CALLER, [], { job: 'unit' })).toBe('self')
    const keyed = CALLER.replace('    uses', '    secrets:\n      k: ${{ secrets.ANTHROPIC_API_KEY }}\n    uses')
    expect(await trustOf(keyed, [], { job: 'unit' }, { [PATH]: same(UNIT) })).toBe('self')
  })

  it('is not when it calls itself for ever, or a workflow of another repository', async () => {
    expect(await trustOf(CALLER, [], { job: 'unit' }, { [PATH]: same(CALLER) })).toBe('self')
    const foreign = 'jobs:\n  unit:\n    uses: acme/other/.github/workflows/x.yml@v1\n'
    expect(await trustOf(foreign, [], { job: 'unit' })).toBe('self')
  })

  it('knows its jobs by the names of caller and called, beside an agent’s', async () => {
    const text = `${CALLER}    needs: agent\n  agent:\n    steps:\n      - run: claude -p x\n`
    const called = { [PATH]: same(UNIT) }
    const agent = job('agent', 0, 60 * SECOND)
    const unit = (name: string) => [agent, job(name, 60 * SECOND, 80 * SECOND)]
    for (const name of ['Checks / unit', 'Checks (a) / unit', 'Checks (a / b) / unit (24)']) {
      expect(await trustOf(text, unit(name), { job: 'unit', uploadedAt: 60 * SECOND }, called)).toBe('ci')
    }
    for (const name of ['unit', 'Checks', 'Checks / unit2', 'ChecksX / unit', 'call / unit']) {
      expect(await trustOf(text, unit(name), { job: 'unit', uploadedAt: 60 * SECOND }, called)).toBe('self')
    }
    expect(
      await trustOf(text, [{ ...agent, completedAt: null }, ...unit('Checks / unit')], { job: 'unit' }, called),
    ).toBe('self')
  })

  it('does not take an agent’s job for a leg of a matrix that is called the same', async () => {
    const text = 'jobs:\n  test:\n    steps: []\n  x:\n    name: test (agent)\n    steps:\n      - run: claude -p x\n'
    const jobs = [job('test (24)', 60 * SECOND, 80 * SECOND), job('test (agent)', 0, 90 * SECOND)]
    expect(await trustOf(text, jobs)).toBe('self')
  })
})

describe('agent steps', () => {
  it.each([
    ['an agent’s action', { steps: [{ uses: 'openai/codex-action@v1' }] }],
    ['an agent’s program', { steps: [{ run: 'cd src && claude -p "fix" --output-format json' }] }],
    ['a key of ours', { env: { MUSTER_AGENT_KEY: '${{ secrets.K }}' }, steps: [] }],
    ['a key to a model', { steps: [{ run: 'node agent.js', env: { ANTHROPIC_API_KEY: 'x' } }] }],
    ['another workflow', { uses: './.github/workflows/agent.yml' }],
    ['nothing that can be read', null],
  ])('are seen in %s', (_name, job) => {
    expect(hasAgentSteps(job, null)).toBe(true)
  })

  it('are seen in what holds for the whole file', () => {
    expect(hasAgentSteps({ steps: [{ run: 'npm test' }] }, { OPENAI_API_KEY: '${{ secrets.O }}' })).toBe(true)
  })

  it('are not seen in tests, uploads and other secrets', () => {
    const steps = [
      { uses: 'actions/checkout@v6' },
      { run: 'npm test && echo "claude-code is a word"', env: { NPM_TOKEN: '${{ secrets.NPM_TOKEN }}' } },
      { uses: 'muster/report@v1', with: { 'agent-log': 'agent.jsonl' } },
    ]
    expect(hasAgentSteps({ steps }, { CI: 'true' })).toBe(false)
  })
})
