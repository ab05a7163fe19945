/**
 * Writes DIR/sandbox.env, which lets an App talk to this sandbox: readable by its owner only, in the format of Node's
 * --env-file. The record keys of an earlier file are kept, so that records signed before still verify.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Sandbox } from './sandbox.ts'

/** What one kind of start adds for its App. */
export type MoreForTheApp = Readonly<Partial<Record<'MUSTER_PUBLIC_URL' | 'DATABASE_URL', string>>>

/** The folder is made when the one above it is there. Returns the file's path. */
export async function writeSandboxEnv(directory: string, sandbox: Sandbox, more: MoreForTheApp = {}): Promise<string> {
  return (await prepareSandboxEnv(directory, sandbox, more)).publish()
}

export interface PreparedEnv {
  /** For the App whose start decides; nobody else knows of it. */
  readonly path: string
  /** From now on DIR/sandbox.env. */
  publish(): Promise<string>
  discard(): Promise<void>
}

/** Writes the file under another name: one that is there may belong to a sandbox that goes on. */
export async function prepareSandboxEnv(
  directory: string,
  sandbox: Sandbox,
  more: MoreForTheApp = {},
): Promise<PreparedEnv> {
  // Not with `recursive`: Node then tries forever where nothing can be made, as in /proc.
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  const path = join(directory, 'sandbox.env')
  const { privateKey, webhookSecret } = sandbox.keys.muster
  const values = {
    APP_ID: String(sandbox.seed.muster.id),
    PRIVATE_KEY: privateKey.trimEnd().replaceAll('\n', String.raw`\n`),
    WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: sandbox.url,
    MUSTER_RECORD_KEYS: (await earlierKeys(path)) ?? `k1:${randomBytes(32).toString('base64')}`,
    MUSTER_SANDBOX_WORLD: String(worldOf(sandbox)),
    ...more,
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`)
  const prepared = `${path}.${process.pid}`
  await writeFile(prepared, lines.join(''), { mode: 0o600 })
  return {
    path: prepared,
    async publish() {
      await rename(prepared, path)
      return path
    },
    discard: () => rm(prepared, { force: true }),
  }
}

/** A sandbox forgets everything when it ends: the next one is another GitHub, and other keys tell. From 1 to 2^31 − 1. */
export function worldOf({ keys }: Pick<Sandbox, 'keys'>): number {
  return createHash('sha256').update(keys.muster.publicKey).digest().readUInt32BE() >>> 1 || 1
}

async function earlierKeys(path: string): Promise<string | undefined> {
  try {
    return parseEnv(await readFile(path, 'utf8'))['MUSTER_RECORD_KEYS']
  } catch {
    return undefined
  }
}
