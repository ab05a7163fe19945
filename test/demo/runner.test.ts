/** The runner against the sandbox: a workflow file's jobs as real processes, with outputs, artifacts and secrets. */
import { describe, expect, test, onTestFinished } from 'vitest'

import { jobsIdle, setJobExecutor } from '../../app/sandbox/actions/job-scheduler.ts'
import { jobsOf, runsOf } from '../../app/sandbox/model/workflow.ts'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { holds, interpolate } from '../../demo/runner/expressions.ts'
import { parseCommandFile } from '../../demo/runner/command-file.ts'
import { createJobExecutor } from '../../demo/runner/run-job.ts'
import { putFiles } from '../../demo/story/put-files.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'

const WORKFLOW = `
on:
  workflow_dispatch:
    inputs:
      who: { required: true }
jobs:
  make:
    runs-on: ubuntu-latest
    outputs:
      word: \${{ steps.say.outputs.word }}
    steps:
      - uses: actions/checkout@v6
        with: { fetch-depth: 0, token: '\${{ secrets.TOKEN }}' }
      - id: say
        env: { WHO: '\${{ inputs.who }}', KEY: '\${{ secrets.TOKEN }}' }
        run: |
          echo "word=hello $WHO" >> "$GITHUB_OUTPUT"
          echo "key $KEY, token [$GITHUB_TOKEN], runtime [$ACTIONS_RUNTIME_TOKEN]"
          cat README.md > "$RUNNER_TEMP/made.txt"
          git checkout -q -b made && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m made && git push -q origin made
      - uses: actions/upload-artifact@v6
        with: { name: made, path: '\${{ runner.temp }}/made.txt' }
  check:
    needs: make
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v7
        with: { name: made, path: got }
      - run: grep Widgets got/made.txt && test '\${{ needs.make.outputs.word }}' = 'hello bob'
      - run: exit 3
      - run: echo never
      - if: failure()
        run: echo cleaned up
      - uses: someone/unknown@v1
        if: always()
`

async function runWorkflow(): Promise<Sandbox> {
  const sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
  onTestFinished(() => sandbox.close())
  const token = sandbox.tokens.alice
  await putFiles({
    remote: `${sandbox.url}/acme/widgets.git`,
    login: 'alice',
    token,
    files: { '.github/workflows/work.yml': WORKFLOW },
    remove: ['.github/workflows/ci.yml'],
    message: 'Add a workflow',
  })
  const options = {
    secrets: { TOKEN: sandbox.tokens.claude },
    vars: {},
    paths: [],
    actions: {},
    onRequest: () => {},
    onStep: () => {},
  }
  setJobExecutor(sandbox.world, createJobExecutor(options))
  const response = await fetch(`${sandbox.url}/repos/acme/widgets/actions/workflows/work.yml/dispatches`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ref: 'main', inputs: { who: 'bob' } }),
  })
  expect(response.status).toBe(204)
  await expect.poll(() => runsOf(sandbox.state).all().at(-1)?.status, { timeout: 20_000 }).toBe('completed')
  await jobsIdle(sandbox.state)
  return sandbox
}

test('jobs run in order, pass outputs and artifacts on, and hide secrets', async () => {
  const sandbox = await runWorkflow()
  const [make, check] = jobsOf(sandbox.state).all()
  expect(make).toMatchObject({ key: 'make', conclusion: 'success' })
  expect(make?.log).toContain('key ***, token [], runtime []')
  expect(make?.log).not.toContain(sandbox.tokens.claude)
  expect(check).toMatchObject({ key: 'check', conclusion: 'failure' })
  expect(check?.steps.map(({ conclusion }) => conclusion)).toEqual([
    'success',
    'success',
    'failure',
    'skipped',
    'success',
    'failure',
  ])
  expect(check?.log).toContain('does not have the action "someone/unknown@v1"')
  expect(sandbox.log.unsupported).toEqual([])
})

describe('expressions', () => {
  test('paths are looked up, unset ones are empty, others are refused', () => {
    const contexts = { inputs: { a: 'x' }, needs: {} }
    expect(interpolate('${{ inputs.a }}-${{inputs.b}}-${{ needs.job.outputs.c }}', contexts)).toBe('x--')
    expect(() => interpolate('${{ inputs.a == 1 }}', contexts)).toThrow('does not know the expression')
    expect(() => interpolate('${{ matrix.os }}', contexts)).toThrow('no context "matrix"')
    expect(interpolate('${{ toJSON(matrix) }}', { matrix: null })).toBe('null')
    expect(() => interpolate('${{ toJSON(matrix) }}', contexts)).toThrow('does not know the expression')
    expect(interpolate('${{ inputs.constructor }}', contexts)).toBe('')
  })

  test('conditions follow what happened before', () => {
    expect([holds('', true), holds('', false)]).toEqual([false, true])
    expect([holds('failure()', true), holds('${{ failure() }}', false)]).toEqual([true, false])
    expect([holds('always()', true), holds('!cancelled()', true)]).toEqual([true, true])
    expect(() => holds("github.ref == 'x'", false)).toThrow('does not know the condition')
  })

  test('command files hold lines and heredocs', () => {
    expect(parseCommandFile('a=1\nb<<END\none\ntwo\nEND\nc=x=y\n')).toEqual({ a: '1', b: 'one\ntwo', c: 'x=y' })
    expect(() => parseCommandFile('a<<END\none\n')).toThrow('no end')
  })
})
