/** The issuer of identity tokens over HTTP: its discovery document, its keys, and where a job asks. */
import type { Hono } from 'hono'
import type { Area } from '../areas.ts'
import type { World } from '../world.ts'
import { issuerOf, mintIdToken } from './id-token.ts'
import { requester } from './request-tokens.ts'
import { signingKeyOf } from './signing-key.ts'

export const oidcArea: Area = { name: 'identity tokens', mount: mountOidc }

function mountOidc(http: Hono, world: World): void {
  http.get('/_oidc/.well-known/openid-configuration', (c) =>
    c.json({
      issuer: issuerOf(world),
      jwks_uri: `${issuerOf(world)}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
  )
  http.get('/_oidc/.well-known/jwks', (c) => {
    const { kid, jwk } = signingKeyOf(world.state)
    return c.json({ keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] })
  })
  http.get('/_oidc/token', (c) => {
    const secret = /^bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    const asking = requester(world, secret)
    if (!asking) return c.json({ message: 'Unauthorized' }, 401)
    const value = mintIdToken(world, asking.run, asking.job, c.req.query('audience') ?? null)
    return c.json({ count: value.length, value })
  })
}
