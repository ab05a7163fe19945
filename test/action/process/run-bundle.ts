/** Runs the committed bundle as GitHub's runner does: a process of its own, in a folder that holds nothing else, told by variables and files. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Job {
  readonly workspace: string
  readonly temp: string
  /** Writes a file below the workspace. */
  write(path: string, text: string): Promise<void>
  run(inputs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): Promise<Finished>
  remove(): Promise<void>
}

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

const DIST = resolve('action/dist')

export const createJob = async (): Promise<Job> => {
  const root = await mkdtemp(join(tmpdir(), 'muster-action-'))
  const [workspace, temp, dist] = [join(root, 'work'), join(root, '_temp'), join(root, 'dist')]
  await mkdir(workspace)
  await mkdir(temp)
  await cp(DIST, dist, { recursive: true })

  const write = async (path: string, text: string): Promise<void> => {
    const file = join(workspace, path)
    await mkdir(resolve(file, '..'), { recursive: true })
    await writeFile(file, text)
  }

  const run: Job['run'] = async (inputs, env = {}) => {
    const [output, summary] = [join(temp, 'output'), join(temp, 'summary')]
    await writeFile(output, '')
    await writeFile(summary, '')
    const ended = await new Promise<Pick<Finished, 'exitCode' | 'stdout' | 'stderr'>>((done) => {
      execFile(
        process.execPath,
        [join(dist, 'index.js')],
        {
          cwd: workspace,
          env: {
            PATH: process.env['PATH'],
            // No repository above the workspace is this job's.
            GIT_CEILING_DIRECTORIES: root,
            GITHUB_ACTIONS: 'true',
            GITHUB_EVENT_NAME: 'workflow_dispatch',
            GITHUB_JOB: 'agent',
            GITHUB_OUTPUT: output,
            GITHUB_REF_NAME: 'muster/DEV-12-sum',
            GITHUB_REF_TYPE: 'branch',
            GITHUB_REPOSITORY: 'acme/widgets',
            GITHUB_REPOSITORY_ID: '7',
            GITHUB_RUN_ATTEMPT: '1',
            GITHUB_RUN_ID: '99',
            GITHUB_SHA: 'a'.repeat(40),
            GITHUB_STEP_SUMMARY: summary,
            GITHUB_WORKFLOW_REF: 'acme/widgets/.github/workflows/agent.yml@refs/heads/main',
            GITHUB_WORKSPACE: workspace,
            RUNNER_TEMP: temp,
            ...Object.fromEntries(
              Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
            ),
            ...env,
          },
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : error.code
          done({ exitCode: typeof code === 'number' ? code : -1, stdout, stderr })
        },
      )
    })
    return { ...ended, outputs: parseOutputs(await readFile(output, 'utf8')), summary: await readFile(summary, 'utf8') }
  }

  return { workspace, temp, write, run, remove: () => rm(root, { recursive: true, force: true }) }
}

/** `name<<delimiter`, lines, `delimiter`. */
const parseOutputs = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(([, name = '', , value = '']) => [name, value]),
  )
