/** The only reader of the environment and of flags for the App: parsed once, checked once, with one clear line per problem. */
import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'

/** What commands need that only read and write the store. */
export interface StoreConfig {
  /** Postgres when set, else SQLite in `dataDir`. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly json: boolean
  /** Words after the flags, such as `acme/widgets`. */
  readonly args: readonly string[]
  /** `--agent`: whom a new key is for. */
  readonly agent: string | null
  /** `--revoke`: forget the agent's keys instead of making one. */
  readonly revoke: boolean
  /** `--project`: `owner/repo`. */
  readonly project: string | null
  /** `--at`: a time to look at, as it was written. */
  readonly at: string | null
  /** Which sandbox this is about, 1 to 2^31 − 1; 0: GitHub itself, or not known. */
  readonly world: number
  /** One line for people: where the environment was found when nobody named it. */
  readonly found: string | null
}

export interface Config extends StoreConfig {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
  /** GitHub's REST root, without a slash at the end. */
  readonly apiUrl: string
  /** Where GitHub reaches the App, to be set on GitHub at the start; `own`: where it listens. Null: what is set there stays. */
  readonly publicUrl: string | null
  /** How often repositories are scanned for what no delivery told; absent: every half hour. */
  readonly scanEveryMs?: number
  /** `kid:base64,…`: the first signs, all verify. */
  readonly recordKeys: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
  readonly code = 'bad-config'
  readonly retryable = false
}

const GITHUB_API = 'https://api.github.com'
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** Secrets that ship as defaults or examples somewhere: accepting one would let anybody sign deliveries. */
const WELL_KNOWN_SECRETS = new Set(['development', 'secret', 'changeme', 'webhook-secret'])
const MIN_SECRET = 16
/** The file that a sandbox writes into the data folder. */
const SANDBOX_ENV = 'sandbox.env'
/** Where GitHub reaches the App: the very address that it listens on. */
export const OWN_ADDRESS = 'own'
const MOST_WORLD = 2 ** 31 - 1
/** GitHub offers deliveries again for three days: a scan a day still comes before that. */
const MOST_SCAN_MINUTES = 1440

export const readConfig = (
  argv: readonly string[] = process.argv.slice(2),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config => {
  const read = readAll(argv, env)
  const { values, all } = read
  const required = (name: string, how: string): string => {
    const value = all[name]?.trim() ?? ''
    if (value === '') throw new ConfigFault(`${name} is not set: ${how}`)
    return value
  }

  const apiUrl = (all['GITHUB_API_URL']?.trim() || GITHUB_API).replace(/\/+$/, '')
  if (!isWebAddress(apiUrl)) {
    throw new ConfigFault('GITHUB_API_URL is not an address: leave it out for github.com, or give https://HOST/api/v3')
  }
  const appId = Number(required('APP_ID', 'put the App ID from its settings page on GitHub there, or run npm run dev'))
  if (!Number.isSafeInteger(appId) || appId <= 0) throw new ConfigFault('APP_ID is not a number: copy it from the App')
  const privateKey = required('PRIVATE_KEY', 'put the PEM text that GitHub gave for the App there').replaceAll(
    '\\n',
    '\n',
  )
  if (!privateKey.includes('PRIVATE KEY-----')) {
    throw new ConfigFault('PRIVATE_KEY is not a PEM private key: paste the whole file that GitHub gave')
  }
  if (!isPrivateKey(privateKey)) {
    throw new ConfigFault(
      'PRIVATE_KEY cannot be decoded: paste the whole file that GitHub gave, or make a new key there',
    )
  }
  const webhookSecret = required('WEBHOOK_SECRET', 'make one with "openssl rand -hex 32" and set it on GitHub as well')
  if (WELL_KNOWN_SECRETS.has(webhookSecret) || webhookSecret.length < MIN_SECRET) {
    throw new ConfigFault(
      `WEBHOOK_SECRET is a default or shorter than ${MIN_SECRET} characters: make one with "openssl rand -hex 32"`,
    )
  }
  return {
    ...storeConfigOf(read),
    appId,
    privateKey,
    webhookSecret,
    apiUrl,
    publicUrl: publicUrlOf(all['MUSTER_PUBLIC_URL']?.trim() || null),
    ...scanEveryOf(all['MUSTER_SCAN_MINUTES']?.trim() || null),
    recordKeys: required('MUSTER_RECORD_KEYS', 'make one with: echo "k1:$(openssl rand -base64 32)"'),
    host: values.host ?? '127.0.0.1',
    port: portOf(values.port ?? all['PORT'] ?? '3000'),
  }
}

/** For commands that never call GitHub: no credentials are needed. */
export const readStoreConfig = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): StoreConfig => storeConfigOf(readAll(argv, env))

const readAll = (argv: readonly string[], env: Readonly<Record<string, string | undefined>>) => {
  const { values, positionals } = parseFlags(argv)
  const dataDir = values.data ?? env['MUSTER_DATA']?.trim() ?? '.muster'
  const given = values['env-file']
  const path = given ?? sandboxEnvIn(dataDir, env)
  const file = path === null ? {} : readEnvFile(path)
  if (given === undefined && env['DATABASE_URL']?.trim() && file['DATABASE_URL'] === '') {
    throw new ConfigFault(
      `DATABASE_URL is set, but the sandbox of ${dataDir} keeps its data there: add --env-file ${path}, or for the database another --data`,
    )
  }
  const found = given === undefined && path !== null ? `APP_ID is not set: using ${path}` : null
  return { values, positionals, found, dataDir, all: { ...env, ...file } }
}

/** What a sandbox wrote for its App counts when nobody says anything else. */
const sandboxEnvIn = (dataDir: string, env: Readonly<Record<string, string | undefined>>): string | null => {
  const path = join(dataDir, SANDBOX_ENV)
  return !env['APP_ID']?.trim() && existsSync(path) ? path : null
}

const storeConfigOf = ({ values, positionals, found, dataDir, all }: ReturnType<typeof readAll>): StoreConfig => ({
  databaseUrl: databaseUrlOf(all['DATABASE_URL']?.trim() || null),
  dataDir: values.data ?? all['MUSTER_DATA']?.trim() ?? dataDir,
  logLevel: logLevelOf(all['LOG_LEVEL'] ?? 'info'),
  json: values.json ?? false,
  args: positionals,
  agent: values.agent ?? null,
  revoke: values.revoke ?? false,
  project: values.project ?? null,
  at: values.at ?? null,
  world: worldOf(all['MUSTER_SANDBOX_WORLD']?.trim() || '0'),
  found,
})

const parseFlags = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'env-file': { type: 'string' },
        data: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        json: { type: 'boolean' },
        agent: { type: 'string' },
        revoke: { type: 'boolean' },
        project: { type: 'string' },
        at: { type: 'string' },
      },
    })
  } catch (error) {
    // Node goes on with how to pass what is no flag, which nobody wanted.
    const [what] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new ConfigFault(`${what}: see README.md for the flags`)
  }
}

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)

const isPrivateKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

const publicUrlOf = (text: string | null): string | null => {
  if (text === null || text === OWN_ADDRESS || isWebAddress(text)) return text
  throw new ConfigFault(
    `MUSTER_PUBLIC_URL is not an address: give https://your-host, or leave it out and set it on GitHub`,
  )
}

const scanEveryOf = (text: string | null): { readonly scanEveryMs?: number } => {
  if (text === null) return {}
  const minutes = Number(text)
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_SCAN_MINUTES)
    return { scanEveryMs: minutes * 60_000 }
  throw new ConfigFault(`MUSTER_SCAN_MINUTES is not a number from 1 to ${MOST_SCAN_MINUTES}: leave it out for 30`)
}

/** Whatever else is wrong with it, the driver finds; it may hold a password and is not repeated. */
const databaseUrlOf = (text: string | null): string | null => {
  if (text === null || /^postgres(ql)?:\/\//i.test(text)) return text
  throw new ConfigFault(
    'DATABASE_URL is not for Postgres: give postgres://user:password@host:5432/database, or leave it out for SQLite',
  )
}

const worldOf = (text: string): number => {
  const world = Number(text)
  if (Number.isInteger(world) && world >= 0 && world <= MOST_WORLD) return world
  throw new ConfigFault('MUSTER_SANDBOX_WORLD is not what a sandbox wrote: start the sandbox again')
}

const portOf = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigFault(`"${text}" is not a port: give a number from 0 (any free one) to 65535`)
  }
  return port
}

const logLevelOf = (text: string): Config['logLevel'] => {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) throw new ConfigFault(`LOG_LEVEL "${text}" is unknown: use one of ${LOG_LEVELS.join(', ')}`)
  return level
}

const readEnvFile = (path: string): NodeJS.Dict<string> => {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch {
    throw new ConfigFault(`the file ${path} cannot be read: start the sandbox first, or name another --env-file`)
  }
}
