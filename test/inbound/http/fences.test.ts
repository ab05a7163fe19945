/** What agents write over HTTP counts only under the lease that they hold now. */
import { expect, it } from 'vitest'
import { MUSTER } from '../../../app/domain/actor.ts'
import { PROJECT } from '../../engine/create-engine.ts'
import { givenEndpoint } from './given-endpoint.ts'

const EVIDENCE = { verb: 'evidence', task: 1, args: { command: 'npm test', exit: 0 } }
const ARTIFACT = { verb: 'artifact', task: 1, args: { kind: 'log', url: 'https://ci.example/log' } }
const under = <T extends { readonly args: object }>(body: T, fence: string | undefined) => ({
  ...body,
  args: { ...body.args, fence },
})

it.each([EVIDENCE, ARTIFACT])('$verb is taken from the holder of the lease, with its fence', async (body) => {
  const { post, ready, taskOf } = await givenEndpoint()
  await ready(1)
  const early = await post(body)
  expect(early).toMatchObject({ status: 409, json: { error: { code: 'no-lease' } } })
  expect(early.json.error?.message).toMatch(
    /nothing to attach an? (evidence|artifact) ?to|nothing to attach evidence to/,
  )
  const { json } = await post({ verb: 'claim', task: 1 })
  const fence = json.lease?.fence
  expect(await post(body)).toMatchObject({ status: 400, json: { error: { code: 'fence-missing' } } })
  expect(await post(under(body, fence), 'codex')).toMatchObject({
    status: 403,
    json: { error: { code: 'not-the-holder', next: expect.stringMatching(/\w/) } },
  })
  expect(await post(under(body, fence))).toMatchObject({ status: 200 })
  expect([...(await taskOf(1)).evidence, ...(await taskOf(1)).artifacts]).toMatchObject([{ attempt: 1 }])
})

it('a stale fence changes nothing, whatever is written with it', async () => {
  const { post, ready, versionOf } = await givenEndpoint()
  await ready(1)
  const { json } = await post({ verb: 'claim', task: 1 })
  const fence = json.lease?.fence
  await post({ verb: 'release', task: 1, args: { fence } })
  await post({ verb: 'claim', task: 1 }, 'codex')
  const version = await versionOf(1)
  const bodies = [
    EVIDENCE,
    ARTIFACT,
    { verb: 'start', task: 1, args: {} },
    { verb: 'heartbeat', task: 1, args: {} },
    { verb: 'succeed', task: 1, args: {} },
    { verb: 'fail', task: 1, args: { class: 'test_fail' } },
    { verb: 'release', task: 1, args: {} },
    { verb: 'note', task: 1, args: { text: 'x' } },
    { verb: 'block', task: 1, args: { reason: 'x' } },
  ]
  for (const body of bodies) {
    const answer = await post(under(body, fence))
    expect([body.verb, answer]).toMatchObject([
      body.verb,
      { status: 409, json: { error: { code: 'stale-fence', next: expect.stringContaining('claim again') } } },
    ])
  }
  expect(await versionOf(1)).toBe(version)
})

it('after the epoch has risen a living lease is claimed again, by its holder only', async () => {
  const { post, ready, ask } = await givenEndpoint()
  await ready(1)
  const first = await post({ verb: 'claim', task: 1 }, 'claude', 'k')
  const fence = first.json.lease?.fence
  await ask(PROJECT, { type: 'raise-epoch', atLeast: 2, reason: 'restored' }, MUSTER)
  for (const verb of ['heartbeat', 'start']) {
    const { status, json } = await post({ verb, task: 1, args: { fence } })
    expect({ status, code: json.error?.code }).toEqual({ status: 409, code: 'stale-fence' })
    expect(json.error?.message).toContain('The fence 1.1 is void: the project is in epoch 2')
    expect(json.error?.next).toContain('claim again')
  }
  // The first claim, repeated, must not hand out the void lease.
  expect(await post({ verb: 'claim', task: 1 }, 'claude', 'k')).toMatchObject({
    status: 409,
    json: { error: { code: 'lease-over' } },
  })
  expect((await post({ verb: 'claim', task: 1 }, 'codex')).status).toBe(409)
  const again = await post({ verb: 'claim', task: 1 })
  expect(again.json.lease).toMatchObject({ fence: '2.2', owner: 'claude' })
  expect((await post({ verb: 'start', task: 1, args: { fence: '2.2' } })).status).toBe(200)
})

it('the agent that a person claimed for is given that lease', async () => {
  const { post, ready, claim } = await givenEndpoint()
  await ready(1)
  await claim(1, 'claude')
  expect((await post({ verb: 'claim', task: 1 })).json.lease).toMatchObject({ fence: '1.1', owner: 'claude' })
  expect((await post({ verb: 'start', task: 1, args: { fence: '1.1' } })).status).toBe(200)
})
