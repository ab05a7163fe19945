import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { createAppJwt } from './app-jwt.ts'
import { SEED_KEYS } from './seed-keys.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox({ friendly: true, keys: SEED_KEYS })
})
afterAll(() => sandbox.close())

const get = (path: string, token?: string) =>
  fetch(`${sandbox.url}${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })

describe('who may see what', () => {
  it('shows a public repository to everyone, with its GitHub shape', async () => {
    const answer = await get('/repos/acme/widgets')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ full_name: 'acme/widgets', default_branch: 'main', private: false })
  })

  it('hides the private repository from mallory and from the anonymous, as if there were none', async () => {
    const hidden = await get('/repos/acme/secret', sandbox.tokens.mallory)
    expect(hidden.status).toBe(404)
    expect(await hidden.json()).toMatchObject({ message: 'Not Found', status: '404' })
    expect((await get('/repos/acme/secret')).status).toBe(404)
    expect((await get('/repos/acme/secret', sandbox.tokens.dave)).status).toBe(200)
  })

  it('shows triage as read in `permission` and by name in `role_name`', async () => {
    const answer = await get('/repos/acme/widgets/collaborators/carol/permission', sandbox.tokens.bob)
    expect(await answer.json()).toMatchObject({ permission: 'read', role_name: 'triage' })
  })

  it('refuses a wrong token even where none is needed', async () => {
    const answer = await get('/repos/acme/widgets', 'ghp_wrong')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ message: 'Bad credentials' })
  })
})

describe('the App', () => {
  const jwt = (life = 540) => createAppJwt(SEED_KEYS.muster.privateKey, 201, Date.now(), life)

  it('signs in with its JWT and gets an installation token for one hour', async () => {
    expect(await (await get('/app', jwt())).json()).toMatchObject({ slug: 'muster', installations_count: 1 })
    const made = await fetch(`${sandbox.url}/app/installations/301/access_tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${jwt()}` },
    })
    expect(made.status).toBe(201)
    const { token, expires_at: expiresAt } = (await made.json()) as { token: string; expires_at: string }
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_500_000)
    const repositories = await get('/installation/repositories', token)
    expect(await repositories.json()).toMatchObject({ total_count: 3 })
  })

  it('is refused with a JWT that lives longer than ten minutes', async () => {
    expect((await get('/app', jwt(3600))).status).toBe(401)
  })
})

it('answers 501 to a route it does not know, and remembers it', async () => {
  const answer = await get('/repos/acme/widgets/teapots', sandbox.tokens.alice)
  expect(answer.status).toBe(501)
  expect(sandbox.log.unsupported).toEqual(['GET /repos/acme/widgets/teapots'])
  sandbox.log.clear()
})
