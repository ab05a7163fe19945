/** Reads the Authorization header into a Caller. A credential that is present but wrong is always 401, never anonymous. */
import { badCredentials, GitHubError } from '../http/errors.ts'
import type { World } from '../world.ts'
import type { Caller } from './caller.ts'
import { verifyAppJwt } from './verify-app-jwt.ts'

export function authenticate(world: World, header: string | undefined): Caller {
  if (!header) return { kind: 'anonymous' }
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2)
  const token = scheme.toLowerCase() === 'basic' ? passwordOf(value) : value
  if (!['bearer', 'token', 'basic'].includes(scheme.toLowerCase()) || !token) throw badCredentials()
  const known = world.tokens.resolve(token)
  if (known) return suspended(world, known)
  if (!token.startsWith('gh') && token.split('.').length === 3) return verifyAppJwt(world.state, world.clock, token)
  throw badCredentials()
}

/** git and some tools send `x-access-token:TOKEN` as basic credentials. */
function passwordOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString().split(':').slice(1).join(':')
}

function suspended(world: World, caller: Caller): Caller {
  if (caller.kind !== 'installation') return caller
  const installation = world.state.installations.get(caller.installationId)
  if (!installation) throw badCredentials()
  if (installation.suspendedAt !== null) throw new GitHubError(403, 'This installation has been suspended')
  return caller
}
