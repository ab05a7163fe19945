/**
 * The two secrets of the results service: a job's ACTIONS_RUNTIME_TOKEN (a JWT whose scope names the run and the job) and
 * the signatures of blob URLs. Both are signed with a key that exists in this process only.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import { type State, stateSlot } from '../model/state.ts'

const keyOf = stateSlot('actions signing key', () => randomBytes(32))

const sign = (state: State, text: string): string => createHmac('sha256', keyOf(state)).update(text).digest('base64url')

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export interface BackendIds {
  readonly run: string
  readonly job: string
}

/** GitHub's job limit on hosted runners; the token lives as long as a job may. */
const TOKEN_LIFE_S = 6 * 3600

export function mintRuntimeToken(state: State, ids: BackendIds): string {
  const now = Math.floor(state.clock.now() / 1000)
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    scp: `Actions.ExampleScope Actions.Results:${ids.run}:${ids.job}`,
    iat: now,
    nbf: now,
    exp: now + TOKEN_LIFE_S,
  }
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${unsigned}.${sign(state, unsigned)}`
}

/** The run and job that a token speaks for, or undefined for a forged, foreign or expired one. */
export function readRuntimeToken(state: State, token: string): BackendIds | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.')
  if (!equal(sign(state, `${header}.${claims}`), signature)) return undefined
  const { scp, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { scp: string; exp: number }
  if (exp * 1000 <= state.clock.now()) return undefined
  const [, run, job] = /Actions\.Results:([^: ]+):([^: ]+)/.exec(scp) ?? []
  return run !== undefined && job !== undefined ? { run, job } : undefined
}

/** Signs a path for one use (`r` read, `w` write) until a time, with the parameter names of Azure's signed URLs. */
export function signBlobUrl(state: State, base: string, path: string, use: 'r' | 'w', lifeMs: number): string {
  const until = new Date(state.clock.now() + lifeMs).toISOString()
  const url = new URL(`${base}${path}`)
  url.searchParams.set('se', until)
  url.searchParams.set('sp', use)
  url.searchParams.set('sr', 'b')
  url.searchParams.set('sv', '2025-11-05')
  url.searchParams.set('sig', sign(state, `${use}\n${path}\n${until}`))
  return url.href
}

export function isSignedBlobUrl(state: State, url: URL, use: 'r' | 'w'): boolean {
  const until = url.searchParams.get('se') ?? ''
  const signed = equal(sign(state, `${use}\n${url.pathname}\n${until}`), url.searchParams.get('sig') ?? '')
  return signed && url.searchParams.get('sp') === use && Date.parse(until) > state.clock.now()
}
