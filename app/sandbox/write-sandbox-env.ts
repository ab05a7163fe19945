/**
 * Writes DIR/sandbox.env, which lets an App talk to this sandbox: readable by its owner only, in the format of Node's
 * --env-file. The record keys of an earlier file are kept, so that records signed before still verify.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Sandbox } from './sandbox.ts'

export async function writeSandboxEnv(directory: string, sandbox: Sandbox): Promise<string> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, 'sandbox.env')
  const { privateKey, webhookSecret } = sandbox.keys.muster
  const values = {
    APP_ID: String(sandbox.seed.muster.id),
    PRIVATE_KEY: privateKey.trimEnd().replaceAll('\n', String.raw`\n`),
    WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: sandbox.url,
    MUSTER_RECORD_KEYS: (await earlierKeys(path)) ?? `k1:${randomBytes(32).toString('base64')}`,
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(path, lines.join(''), { mode: 0o600 })
  return path
}

async function earlierKeys(path: string): Promise<string | undefined> {
  try {
    return parseEnv(await readFile(path, 'utf8'))['MUSTER_RECORD_KEYS']
  } catch {
    return undefined
  }
}
