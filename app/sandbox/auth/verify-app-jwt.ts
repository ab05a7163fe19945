/** An App signs in with a JWT (RS256) of at most ten minutes, as GitHub documents; its errors are worded as GitHub's. */
import { createPublicKey, verify } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { GitHubError } from '../http/errors.ts'
import type { State } from '../model/state.ts'
import type { Caller } from './caller.ts'

const MAX_LIFE_S = 600
/** GitHub allows clocks to differ by a minute; the App is told to backdate `iat` by that. */
const DRIFT_S = 60

const undecodable = () => new GitHubError(401, 'A JSON web token could not be decoded')

export function verifyAppJwt(state: State, clock: Clock, jwt: string): Caller {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const header = decode(head)
  const payload = decode(claims)
  if (header['alg'] !== 'RS256') throw undecodable()
  const issuer = typeof payload['iss'] === 'string' ? payload['iss'] : JSON.stringify(payload['iss'] ?? '')
  const app = state.apps.find((one) => String(one.id) === issuer || one.clientId === issuer)
  if (!app?.publicKey) throw new GitHubError(401, "'Issuer' claim ('iss') must be an Integer")
  const signed = Buffer.from(`${head}.${claims}`)
  if (!verify('RSA-SHA256', signed, createPublicKey(app.publicKey), Buffer.from(signature, 'base64url')))
    throw undecodable()
  const now = Math.floor(clock.now() / 1000)
  const iat = Number(payload['iat'])
  const exp = Number(payload['exp'])
  if (!Number.isFinite(exp) || exp <= now)
    throw new GitHubError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  if (exp > now + MAX_LIFE_S + DRIFT_S)
    throw new GitHubError(401, "'Expiration time' claim ('exp') is too far in the future")
  if (!Number.isFinite(iat) || iat > now + DRIFT_S)
    throw new GitHubError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  return { kind: 'app', appId: app.id }
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (value && typeof value === 'object') return value as Record<string, unknown>
  } catch {
    // Not JSON: the same answer as for any other text that is no token.
  }
  throw undecodable()
}
