import { describe, expect, it } from 'vitest'
import { ConfigFault, readConfig, readStoreConfig } from '../../app/config.ts'

const ENV = {
  APP_ID: '7',
  PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\\nabc\\n-----END RSA PRIVATE KEY-----',
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
      agent: 'claude',
      revoke: false,
      project: 'acme/widgets',
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
    expect(readConfig([], ENV).privateKey).toContain('\nabc\n')
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
    expect(problem(ENV, ['--port', 'many'])).toContain('not a port')
    expect(problem(ENV, ['--nonsense'])).toContain('--nonsense')
    expect(problem(ENV, ['--env-file', '/nowhere/x.env'])).toContain('cannot be read')
  })

  it('never repeats a secret in a problem', () => {
    expect(problem({ ...ENV, PRIVATE_KEY: 'hunter2hunter2' })).not.toContain('hunter2')
    expect(problem({ ...ENV, WEBHOOK_SECRET: 'hunter2' })).not.toContain('hunter2')
  })
})
