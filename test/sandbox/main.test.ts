import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MAIN = new URL('../../app/sandbox/main.ts', import.meta.url).pathname

let data: string
let child: ChildProcess | undefined
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sandbox-main-'))
})
afterEach(() => {
  if (child?.exitCode === null) child.kill('SIGKILL')
  rmSync(data, { recursive: true })
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(...flags: string[]) {
  const process_ = spawn(process.execPath, [MAIN, '--data', data, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = process_
  let stdout = ''
  let stderr = ''
  const ended = new Promise<Ended>((resolve) => {
    process_.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    process_.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const ready = new Promise<string>((resolve) => {
    process_.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.includes('\n')) resolve(stdout)
    })
  })
  return { process: process_, ready, ended }
}

interface Ready {
  readonly github: string
  readonly app: string | null
  readonly tokens: Readonly<Record<string, string>>
  readonly repos: readonly string[]
}

describe('npm run sandbox', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one JSON line, serves, and stops cleanly on %s', async (signal) => {
    const run = start('--port', '0', '--json')
    const line = JSON.parse(await run.ready) as Ready
    expect(line).toMatchObject({ app: null, repos: ['acme/widgets', 'acme/secret', 'acme/.github'] })
    expect(Object.keys(line.tokens)).toEqual(['alice', 'bob', 'carol', 'dave', 'mallory', 'claude'])
    const headers = { authorization: `Bearer ${line.tokens['carol']}` }
    expect(await (await fetch(`${line.github}/user`, { headers })).json()).toMatchObject({ login: 'carol' })
    run.process.kill(signal)
    const ended = await run.ended
    expect(ended.code).toBe(0)
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  it('writes what the App needs, for its owner only, and keeps the record keys of an earlier start', async () => {
    const run = start('--port', '0', '--json')
    const { github } = JSON.parse(await run.ready) as Ready
    const path = join(data, 'sandbox.env')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const first = parseEnv(readFileSync(path, 'utf8'))
    expect(first).toMatchObject({ APP_ID: '201', GITHUB_API_URL: github })
    expect(first['PRIVATE_KEY']).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----$/)
    expect(first['MUSTER_RECORD_KEYS']).toMatch(/^k1:[\w+/]{43}=$/)
    expect(first['WEBHOOK_SECRET']?.length).toBeGreaterThan(30)
    run.process.kill('SIGTERM')
    await run.ended
    const again = start('--port', '0', '--json')
    await again.ready
    expect(parseEnv(readFileSync(path, 'utf8'))['MUSTER_RECORD_KEYS']).toBe(first['MUSTER_RECORD_KEYS'])
  })

  it.each([
    [['--port', 'many'], '--port takes a whole number from 0 to 65535, not "many".'],
    [['--app-url', 'nowhere'], '--app-url takes an address like http://127.0.0.1:3000, not "nowhere".'],
    [['--teapot'], "Unknown option '--teapot'"],
  ])('says what is wrong with %j, how it is used, and fails', async (flags, message) => {
    const { code, stdout, stderr } = await start(...flags).ended
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).toContain('Usage: npm run sandbox')
  })
})
