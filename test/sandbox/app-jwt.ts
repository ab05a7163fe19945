/** Signs a JWT as an App does: RS256, backdated by a minute, at most ten minutes long. */
import { createPrivateKey, createSign } from 'node:crypto'

export function createAppJwt(privateKey: string, appId: number, nowMs: number, lifeSeconds = 540): string {
  const now = Math.floor(nowMs / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 60, exp: now + lifeSeconds, iss: String(appId) })}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(createPrivateKey(privateKey)).toString('base64url')}`
}
