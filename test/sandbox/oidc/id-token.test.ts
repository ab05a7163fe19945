import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { idTokenVariables } from '../../../app/sandbox/oidc/request-tokens.ts'
import { startJob } from '../../../app/sandbox/actions/run-lifecycle.ts'
import { jobsOf } from '../../../app/sandbox/model/workflow.ts'
import { startSandbox, type Started } from '../start-sandbox.ts'

async function beginJob(started: Started) {
  await started.commit('main', 'a.txt', 'a')
  await started.idle()
  const [job] = jobsOf(started.sandbox.state).all()
  if (!job) throw new Error('the push made no job')
  startJob(started.sandbox.world, job.id)
  return { job, variables: idTokenVariables(started.sandbox.world, job) }
}

/** As `core.getIDToken(audience)` asks. */
const ask = async (variables: Readonly<Record<string, string>>, more = '', secret?: string) => {
  const headers = { authorization: `Bearer ${secret ?? variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` }
  const answer = await fetch(`${variables['ACTIONS_ID_TOKEN_REQUEST_URL']}${more}`, { headers })
  return { status: answer.status, token: ((await answer.json()) as { value?: string }).value ?? '' }
}

const claimsIn = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('an identity token', () => {
  it('says which run and job it is for, and is proven by the keys that the issuer names', async () => {
    const started = await startSandbox()
    const { job, variables } = await beginJob(started)
    const { token } = await ask(variables, '&audience=muster')
    const claims = claimsIn(token)
    expect(claims).toMatchObject({
      aud: 'muster',
      sub: 'repo:acme@100/widgets@401:ref:refs/heads/main',
      repository: 'acme/widgets',
      repository_id: '401',
      repository_owner_id: '100',
      run_id: String(job.runId),
      run_attempt: '1',
      event_name: 'push',
      ref: 'refs/heads/main',
      actor_id: '102',
      check_run_id: String(job.checkRunId),
    })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300)
    const issuer = String(claims['iss'])
    const about = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string }
    const { keys } = (await (await fetch(about.jwks_uri)).json()) as { keys: JsonWebKey[] }
    const [head = '', body = '', signature = ''] = token.split('.')
    const key = createPublicKey({ key: { ...keys[0] }, format: 'jwk' })
    const holds = (text: string) => verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'base64url'))
    expect([holds(`${head}.${body}`), holds(`${head}.${body}x`)]).toEqual([true, false])
  })

  it('is for the owner when no audience is asked for, and another one each time', async () => {
    const started = await startSandbox()
    const { variables } = await beginJob(started)
    const [one, two] = [claimsIn((await ask(variables)).token), claimsIn((await ask(variables)).token)]
    expect(one['aud']).toBe(`${started.sandbox.url}/acme`)
    expect(one['jti']).not.toBe(two['jti'])
  })

  it('is given to a job that goes on, and to nobody else', async () => {
    const started = await startSandbox()
    const { job, variables } = await beginJob(started)
    expect((await ask(variables, '', 'guessed')).status).toBe(401)
    jobsOf(started.sandbox.state).update(job.id, { status: 'completed' })
    expect((await ask(variables)).status).toBe(401)
  })

  it.each([
    [true, 'repo:acme@100/widgets@401:ref:refs/heads/main'],
    [false, 'repo:acme/widgets:ref:refs/heads/main'],
  ])('has numbers in its subject as the switch says: %s', async (oidcImmutableSubject, sub) => {
    const started = await startSandbox({ switches: { oidcImmutableSubject } })
    const { variables } = await beginJob(started)
    expect(claimsIn((await ask(variables)).token)['sub']).toBe(sub)
  })
})
