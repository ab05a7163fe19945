/** Runs the Action's own code on files and inputs of a test, with a still clock and without a network. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Machine } from '../../action/src/machine.ts'
import { renderReportJson } from '../../action/src/render-report-json.ts'
import { run } from '../../action/src/run.ts'

export const NOW = Date.UTC(2026, 10, 21, 6)

export interface Scenario {
  /** Path below the workspace → text. */
  readonly files: Readonly<Record<string, string>>
  readonly inputs: Readonly<Record<string, string>>
}

export interface Played {
  readonly json: string
  readonly summary: string
  readonly warnings: readonly string[]
}

/** Everything is in memory or in a folder of its own that is gone afterwards; nothing is uploaded. */
export const playRun = async ({ files, inputs }: Scenario): Promise<Played> => {
  const root = await mkdtemp(join(tmpdir(), 'muster-run-'))
  try {
    return await play(root, files, inputs)
  } finally {
    await rm(root, { recursive: true })
  }
}

const play = async (root: string, files: Scenario['files'], inputs: Scenario['inputs']): Promise<Played> => {
  const workspace = join(root, 'work')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true })
    await writeFile(join(workspace, path), text)
  }
  const seen = { summary: '', warnings: [] as string[] }
  const machine: Machine = {
    env: {
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: root,
      GITHUB_REPOSITORY: 'acme/widgets',
      GITHUB_REPOSITORY_ID: '7',
      GITHUB_RUN_ID: '99',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKFLOW_REF: 'acme/widgets/.github/workflows/agent.yml@refs/heads/main',
      GITHUB_JOB: 'agent',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'main',
    },
    readInput: (name) => (name === 'upload' ? 'false' : (inputs[name] ?? '')),
    now: () => NOW,
    sleep: () => Promise.resolve(),
    fetch: () => Promise.reject(new Error('no request is expected')),
    readHead: () => Promise.resolve({ sha: null, branch: null, message: null }),
    mask: () => undefined,
    info: () => undefined,
    warn: (line) => void seen.warnings.push(line),
    annotate: () => undefined,
    setOutput: () => undefined,
    writeSummary: (markdown) => {
      seen.summary = markdown
      return Promise.resolve()
    },
  }
  const { report } = await run(machine)
  return { json: renderReportJson(report), ...seen }
}
