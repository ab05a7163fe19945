import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../app/sandbox/sandbox.ts'
import { ASSUMPTIONS } from '../../scripts/conformance/assumptions.ts'
import { lookAtAll } from '../../scripts/conformance/look-at-all.ts'
import { createPlace } from '../../scripts/conformance/place.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createSandbox({ keys: SEED_KEYS, friendly: true })
})
afterAll(() => sandbox.close())

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'conformance', 'main.ts')
    execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, GITHUB_TOKEN: '', ...env } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    )
  })

describe('what Muster takes for granted of GitHub', () => {
  it.each(ASSUMPTIONS)('$id holds on the sandbox', async (assumption) => {
    const place = createPlace({ apiUrl: sandbox.url, token: sandbox.tokens.alice, owner: 'acme', repo: 'widgets' })
    const [finding] = await lookAtAll([assumption], place, () => {})
    expect(finding).toEqual({ id: assumption.id, is: assumption.is, outcome: 'holds' })
  })

  it('is named once each', () => {
    expect(new Set(ASSUMPTIONS.map(({ id }) => id)).size).toBe(ASSUMPTIONS.length)
  })

  it('leaves nothing open behind', async () => {
    const open = sandbox.state.issues
      .all()
      .filter(({ title, state }) => title.startsWith('muster-conf') && state === 'open')
    expect(open).toEqual([])
    expect(sandbox.state.labels.all().filter(({ name }) => name.startsWith('muster-conf'))).toEqual([])
  })

  it('tells what differs, with what was expected and what was seen, and what could not be looked at', async () => {
    const place = createPlace({ apiUrl: sandbox.url, token: sandbox.tokens.alice, owner: 'acme', repo: 'widgets' })
    const found = await lookAtAll(
      [
        { id: 'a', is: 'A.', look: () => Promise.resolve([1]), expected: [2] },
        { id: 'b', is: 'B.', look: () => Promise.reject(new Error('no right')), expected: true },
      ],
      place,
      () => {},
    )
    expect(found).toEqual([
      { id: 'a', is: 'A.', outcome: 'differs', expected: [2], seen: [1] },
      { id: 'b', is: 'B.', outcome: 'unknown', why: 'no right' },
    ])
  })
})

it('waits where GitHub says that it was too much, and then goes on', async () => {
  const told: number[] = []
  const server = createServer((_, res) => {
    const isFirst = told.push(Date.now()) === 1
    res.writeHead(isFirst ? 403 : 200, { 'content-type': 'application/json', ...(isFirst && { 'retry-after': '1' }) })
    res.end(isFirst ? '{"message":"You have exceeded a secondary rate limit."}' : '{"id":1}')
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const place = createPlace({ apiUrl: `http://127.0.0.1:${port}`, token: 'x', owner: 'acme', repo: 'test' })
  expect((await place.octokit.rest.repos.get(place.at)).status).toBe(200)
  expect(told).toHaveLength(2)
  server.close()
})

describe('npm run conformance', () => {
  const here = () => ({ GITHUB_API_URL: sandbox.url, GITHUB_TOKEN: sandbox.tokens.alice })

  it('looks at a repository as a person and says what came of it', async () => {
    const { code, out, err } = await run(['acme/widgets', '--any-name', '--only', 'mutations-partly'], here())
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe('✓ mutations-partly\n\n1 as expected, 0 different, 0 not seen\n')
  })

  it.each([
    [[], {}, 'name one repository'],
    [['acme'], {}, 'name one repository'],
    [['acme/test'], { GITHUB_TOKEN: '' }, 'no GITHUB_TOKEN'],
    [['acme/widgets'], {}, 'does not look like one for tests'],
    [['acme/test-missing'], {}, 'answered 404 for acme/test-missing'],
    [['acme/test', '--only', 'nonsense'], {}, 'there is no "nonsense"; there are not-modified-is-free'],
    [['acme/test', '--nonsense'], {}, '--only ID'],
  ])('refuses %j before anything is written', async (args, env, why) => {
    const before = sandbox.state.issues.all().length
    const { code, err } = await run(args, { ...here(), ...env })
    expect([code, err]).toEqual([2, expect.stringContaining(why)])
    expect(sandbox.state.issues.all()).toHaveLength(before)
  })
})
