/** The command line as a process: what goes wrong is one clear line on standard error, and the exit code says so. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const data = join(mkdtempSync(join(tmpdir(), 'muster-cli-')), 'data')
afterAll(() => rmSync(join(data, '..'), { recursive: true, force: true }))

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const run = (...args: readonly string[]): Promise<Ended> => runFile('app/cli.ts', ...args)

const runFile = (file: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      // As the npm scripts do: without the dashes, Node takes --env-file for its own.
      ['--', file, ...args, '--data', data],
      { cwd: ROOT, env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

it('says in one line what is wrong and what to do', async () => {
  const answers = await Promise.all([
    run('dmup'),
    run('dump'),
    run('restore', 'acme/widgets'),
    run('dump', '--env-file', '/nowhere/muster.env'),
    run('dump', '--nonsense'),
  ])
  expect(answers.map(({ code, out }) => ({ code, out }))).toEqual(answers.map(() => ({ code: 1, out: '' })))
  expect(answers.map(({ err }) => err.replaceAll(data, 'DATA'))).toEqual([
    expect.stringMatching(/^muster: there is no command "dmup": use one of restore, flush, .*agent-key.*\n$/),
    "muster: there is no database at DATA/muster.db: name the App's folder with --data, or start the App there first\n",
    expect.stringMatching(/^muster: APP_ID is not set: .*\n$/),
    expect.stringMatching(/^muster: the file \/nowhere\/muster.env cannot be read: .*\n$/),
    "muster: Unknown option '--nonsense': see README.md for the flags\n",
  ])
  expect(existsSync(data)).toBe(false)
})

/** Everything that an App needs, in a file. */
const writeEnvFile = (): string => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const envFile = join(data, '..', 'sandbox.env')
  const variables = {
    APP_ID: '201',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: 'a'.repeat(32),
    GITHUB_API_URL: 'http://127.0.0.1:9',
    MUSTER_RECORD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    MUSTER_SANDBOX_WORLD: '7',
  }
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
  writeFileSync(envFile, lines.join(''))
  return envFile
}

it('makes no database for a restore that names no repository', async () => {
  const { code, err } = await run('restore', '--env-file', writeEnvFile())
  expect({ code, err }).toEqual({ code: 1, err: 'muster: say which repository: npm run restore -- owner/repo\n' })
  expect(existsSync(data)).toBe(false)
})

it('starts nothing when a word follows that is no flag', async () => {
  const { code, err } = await runFile('app/main.ts', 'frob', '--env-file', writeEnvFile())
  expect({ code, err }).toEqual({
    code: 1,
    err: 'muster: npm start takes flags only, not "frob": see README.md for the flags\n',
  })
  expect(existsSync(data)).toBe(false)
})
