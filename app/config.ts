/** The only reader of the environment and of flags for the App: parsed once, checked once, with one clear line per problem. */
import { readFileSync } from 'node:fs'
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
}

export interface Config extends StoreConfig {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
  /** GitHub's REST root, without a slash at the end. */
  readonly apiUrl: string
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
  const appId = Number(required('APP_ID', 'put the App ID from its settings page on GitHub there, or run npm run dev'))
  if (!Number.isSafeInteger(appId) || appId <= 0) throw new ConfigFault('APP_ID is not a number: copy it from the App')
  const privateKey = required('PRIVATE_KEY', 'put the PEM text that GitHub gave for the App there').replaceAll(
    '\\n',
    '\n',
  )
  if (!privateKey.includes('PRIVATE KEY-----')) {
    throw new ConfigFault('PRIVATE_KEY is not a PEM private key: paste the whole file that GitHub gave')
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
  const file = values['env-file'] === undefined ? {} : readEnvFile(values['env-file'])
  return { values, positionals, all: { ...env, ...file } }
}

const storeConfigOf = ({ values, positionals, all }: ReturnType<typeof readAll>): StoreConfig => ({
  databaseUrl: all['DATABASE_URL']?.trim() || null,
  dataDir: values.data ?? all['MUSTER_DATA']?.trim() ?? '.muster',
  logLevel: logLevelOf(all['LOG_LEVEL'] ?? 'info'),
  json: values.json ?? false,
  args: positionals,
  agent: values.agent ?? null,
  revoke: values.revoke ?? false,
  project: values.project ?? null,
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
      },
    })
  } catch (error) {
    throw new ConfigFault(`${error instanceof Error ? error.message : String(error)}; see README.md for the flags`)
  }
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
