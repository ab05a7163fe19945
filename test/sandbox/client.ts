/** Speaks to a sandbox as one of its people or Apps, for tests: `as('bob').post(path, body)`. */
import { expect, onTestFinished } from 'vitest'
import type { Sandbox } from '../../app/sandbox/sandbox.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // Tests read answers of many shapes; each asserts what it needs.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any
}

export type Who = keyof Sandbox['tokens'] | 'muster' | 'anonymous'

/** The test that makes a client fails at its end if the sandbox answered against GitHub's description. */
export function createClient(sandbox: Sandbox) {
  onTestFinished(() => expect(sandbox.log.violations).toEqual([]))
  const { muster } = sandbox.seed
  const app = sandbox.world.tokens.mintInstallation({
    appId: muster.id,
    installationId: sandbox.seed.installations.muster,
    permissions: muster.permissions,
    repositories: 'all',
  }).token
  const tokenOf = (who: Who) => (who === 'anonymous' ? null : who === 'muster' ? app : sandbox.tokens[who])
  return (who: Who) => createSpeaker(sandbox.url, tokenOf(who))
}

/** The same for any token, e.g. a run's GITHUB_TOKEN or an App's JWT. */
export function createSpeaker(url: string, token: string | null) {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, json: text === '' ? null : (JSON.parse(text) as unknown) }
  }
  return {
    get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
    post: (path: string, body?: unknown) => send('POST', path, body),
    patch: (path: string, body?: unknown) => send('PATCH', path, body),
    put: (path: string, body?: unknown) => send('PUT', path, body),
    delete: (path: string, body?: unknown) => send('DELETE', path, body),
  }
}
