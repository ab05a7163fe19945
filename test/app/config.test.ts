import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigFault, readConfig, readStoreConfig } from '../../app/config.ts'

const PEM = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey

const ENV = {
  APP_ID: '7',
  PRIVATE_KEY: PEM.replaceAll('\n', '\\n'),
  WEBHOOK_SECRET: '0123456789abcdef0123',
  MUSTER_RECORD_KEYS: 'k1:AAAA',
}

const problem = (env: Record<string, string | undefined>, argv: readonly string[] = []): string => {
  try {
    readConfig(argv, env)
    return 'accepted'
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigFault)
    return (error as Error).message
  }
}

describe('commands on the store alone', () => {
  it('need no credentials, and know whom a key is for', () => {
    const argv = ['acme/widgets', '--data', '/d', '--agent', 'claude', '--project', 'acme/widgets', '--json']
    expect(readStoreConfig(argv, {})).toEqual({
      databaseUrl: null,
      dataDir: '/d',
      logLevel: 'info',
      json: true,
      args: ['acme/widgets'],
      at: null,
      agent: 'claude',
      revoke: false,
      project: 'acme/widgets',
      world: 0,
      found: null,
    })
  })
})

describe('the environment', () => {
  it('is read once, with defaults', () => {
    expect(readConfig([], ENV)).toMatchObject({
      appId: 7,
      apiUrl: 'https://api.github.com',
      databaseUrl: null,
      dataDir: '.muster',
      port: 3000,
    })
    expect(readConfig([], ENV).privateKey).toBe(PEM)
    expect(readConfig([], ENV).publicUrl).toBe(null)
    expect(readConfig([], ENV).scanEveryMs).toBeUndefined()
    expect(readConfig([], { ...ENV, MUSTER_SCAN_MINUTES: '5' }).scanEveryMs).toBe(300_000)
  })

  it('is refused with what to do when something is missing or weak', () => {
    expect(problem({ ...ENV, APP_ID: undefined })).toMatch(/^APP_ID is not set: /)
    expect(problem({ ...ENV, APP_ID: 'x' })).toContain('not a number')
    expect(problem({ ...ENV, PRIVATE_KEY: 'x' })).toContain('PEM')
    expect(problem({ ...ENV, WEBHOOK_SECRET: '' })).toContain('openssl rand -hex 32')
    for (const weak of ['development', 'short']) {
      expect(problem({ ...ENV, WEBHOOK_SECRET: weak })).toContain('openssl rand -hex 32')
    }
    expect(problem({ ...ENV, MUSTER_RECORD_KEYS: undefined })).toContain('make one with')
    const undecodable = '-----BEGIN RSA PRIVATE KEY-----\\nabc\\n-----END RSA PRIVATE KEY-----'
    expect(problem({ ...ENV, PRIVATE_KEY: undecodable })).toMatch(/^PRIVATE_KEY cannot be decoded: .*paste/)
    expect(problem({ ...ENV, GITHUB_API_URL: 'nonsense' })).toMatch(/^GITHUB_API_URL is not an address: /)
    expect(problem({ ...ENV, GITHUB_API_URL: 'ftp://ghe.example' })).toMatch(/^GITHUB_API_URL is not an address: /)
    expect(problem({ ...ENV, MUSTER_PUBLIC_URL: 'host' })).toMatch(/^MUSTER_PUBLIC_URL is not an address: /)
    for (const minutes of ['x', '0', '1.5', '1441'])
      expect(problem({ ...ENV, MUSTER_SCAN_MINUTES: minutes })).toMatch(/^MUSTER_SCAN_MINUTES is not a number from 1 /)
    expect(problem({ ...ENV, MUSTER_SANDBOX_WORLD: 'x' })).toContain('start the sandbox again')
    expect(problem(ENV, ['--port', 'many'])).toContain('not a port')
    expect(problem(ENV, ['--nonsense'])).toContain('--nonsense')
    expect(problem(ENV, ['--env-file', '/nowhere/x.env'])).toContain('cannot be read')
  })

  it('never repeats a secret in a problem', () => {
    expect(problem({ ...ENV, PRIVATE_KEY: 'hunter2hunter2' })).not.toContain('hunter2')
    expect(problem({ ...ENV, WEBHOOK_SECRET: 'hunter2' })).not.toContain('hunter2')
    const mysql = problem({ ...ENV, DATABASE_URL: 'mysql://me:hunter2@db/x' })
    expect(mysql).toMatch(/^DATABASE_URL is not for Postgres: .*postgres:\/\//)
    expect(mysql).not.toContain('hunter2')
  })
})

describe('what a sandbox wrote into the data folder', () => {
  const inFolder = (more: string, read: (argv: readonly string[]) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-config-'))
    try {
      const lines = Object.entries({ ...ENV, APP_ID: '201', MUSTER_SANDBOX_WORLD: '9' })
      writeFileSync(join(folder, 'sandbox.env'), lines.map(([name, value]) => `${name}="${value}"\n`).join('') + more)
      read(['--data', folder])
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('counts when nobody says anything else, and it is said', () => {
    inFolder('', (argv) => {
      expect(readConfig(argv, {})).toMatchObject({ appId: 201, world: 9 })
      expect(readConfig(argv, {}).found).toMatch(/^APP_ID is not set: using .*sandbox\.env$/)
      expect(readStoreConfig(argv, { DATABASE_URL: 'postgres://db/x' }).databaseUrl).toBe('postgres://db/x')
    })
  })

  it('does not count beside an App of its own', () => {
    inFolder('', (argv) => {
      expect(readConfig(argv, ENV)).toMatchObject({ appId: 7, world: 0, found: null })
      expect(problem({ APP_ID: '7' }, argv)).toMatch(/^PRIVATE_KEY is not set/)
    })
  })

  it('is not guessed about when two databases could be meant', () => {
    inFolder('DATABASE_URL=""\n', (argv) => {
      expect(readConfig(argv, {}).databaseUrl).toBe(null)
      expect(problem({ DATABASE_URL: 'postgres://db/x' }, argv)).toMatch(/^DATABASE_URL is set, but .*--env-file/)
      const named = [...argv, '--env-file', join(argv[1] ?? '', 'sandbox.env')]
      expect(readConfig(named, { DATABASE_URL: 'postgres://db/x' }).databaseUrl).toBe(null)
    })
  })
})
