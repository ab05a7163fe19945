/**
 * The tokens that are valid now. Tokens are opaque text in GitHub's prefixes; the book maps each to a Caller and an
 * expiry. Same seed and same order of calls give the same tokens, for scripts; they open nothing but this sandbox.
 */
import { createHmac } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Permissions } from '../model/account.ts'
import type { Switches } from '../switches.ts'
import type { Caller } from './caller.ts'

const HOUR_MS = 3_600_000
/** From here on, expired tokens are swept out with every new one. */
const MANY = 1000

export interface MintedToken {
  readonly token: string
  /** Milliseconds; null: does not expire. */
  readonly expiresAt: number | null
}

export interface TokenBook {
  mintUser(userId: number, agent?: boolean): MintedToken
  /** Valid for one hour, as GitHub's. */
  mintInstallation(grant: Omit<Extract<Caller, { kind: 'installation' }>, 'kind'>): MintedToken
  /** A run's GITHUB_TOKEN; `revoke` it when the job ends. */
  mintWorkflow(grant: {
    readonly appId: number
    readonly repositoryId: number
    readonly runId: number
    readonly permissions: Permissions
  }): MintedToken
  revoke(token: string): void
  /** The caller of a live token, or undefined for an unknown, revoked or expired one. */
  resolve(token: string): Caller | undefined
  /** How many tokens are kept. */
  readonly size: number
}

export function createTokenBook(clock: Clock, seed: number, switches: Switches): TokenBook {
  const book = new Map<string, { readonly caller: Caller; readonly expiresAt: number | null }>()
  let serial = 0

  const digest = (n: number) =>
    createHmac('sha256', `sandbox ${seed}`).update(`${n}`).digest('base64url').replaceAll(/[-_]/g, '0')

  function mint(prefix: string, caller: Caller, ttlMs: number | null): MintedToken {
    const long = caller.kind === 'installation' && switches.statelessTokens
    const token = long ? stateless(caller.appId, digest(++serial)) : `${prefix}_${digest(++serial).slice(0, 36)}`
    const expiresAt = ttlMs === null ? null : clock.now() + ttlMs
    if (book.size >= MANY) forgetExpired()
    book.set(token, { caller, expiresAt })
    return { token, expiresAt }
  }

  function forgetExpired() {
    for (const [token, { expiresAt }] of book) if (expiresAt !== null && expiresAt <= clock.now()) book.delete(token)
  }

  return {
    mintUser: (userId, agent = false) => mint('ghp', { kind: 'user', userId, agent }, null),
    mintInstallation: (grant) => mint('ghs', { kind: 'installation', ...grant }, HOUR_MS),
    mintWorkflow: (grant) => mint('ghs', { kind: 'workflow', ...grant }, 24 * HOUR_MS),
    get size() {
      return book.size
    },
    revoke: (token) => void book.delete(token),
    resolve(token) {
      const entry = book.get(token)
      if (!entry) return undefined
      if (entry.expiresAt === null || entry.expiresAt > clock.now()) return entry.caller
      book.delete(token)
      return undefined
    },
  }
}

/** The newer form: `ghs_`, the App's id and a JWT. Clients may not read anything out of it, nor expect a length. */
function stateless(appId: number, random: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `ghs_${appId}_${part({ typ: 'JWT', alg: 'ES256' })}.${part({ iss: 'sandbox', jti: random })}.${random.repeat(2)}`
}
