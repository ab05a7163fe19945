/** What agents can ask of the policy over HTTP, and what it refuses them. */
import { expect, it } from 'vitest'
import { taskStream } from '../../../app/domain/event/envelope.ts'
import type { Policy } from '../../../app/domain/policy/rule.ts'
import { DEFAULT_SETTINGS } from '../../../app/domain/settings.ts'
import { policyFrom } from '../../../app/inbound/configuration/policy-from.ts'
import { createCommandsEndpoint, COMMANDS_PATH } from '../../../app/inbound/http/commands.ts'
import { givenEndpoint } from './given-endpoint.ts'

const POLICY: Policy = policyFrom({
  rules: [
    { id: 'infra', effect: 'deny', reason: 'people change what runs', when: { path: 'infra/*' } },
    { id: 'ship', effect: 'require-gate', gate: 'deploy', when: { verb: 'succeed' } },
  ],
})

const given = async () => {
  const at = await givenEndpoint()
  const engine = {
    ...at.engine,
    settingsOf: () => Promise.resolve({ ...DEFAULT_SETTINGS, policy: POLICY }),
  }
  const endpoint = createCommandsEndpoint({ ...at.deps, engine })
  let n = 0
  /** Without a key of its own: what only looks needs none. */
  const look = async (body: object) => post(body, {})
  const post = async (body: object, key: object = { 'idempotency-key': `k${(n += 1)}` }) => {
    const answer = await endpoint.request(COMMANDS_PATH, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${at.keys.claude}`,
        ...key,
      },
      body: JSON.stringify(body),
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  return { ...at, post, look }
}

it('an agent asks before it uses a tool, with a task or without, and is answered the tree of reasons', async () => {
  const { post, ready, versionOf } = await given()
  const denied = await post({ verb: 'policy', args: { tool: 'bash', path: './infra/x' } })
  expect(denied).toMatchObject({
    status: 200,
    json: {
      policy: {
        outcome: 'deny',
        rules: ['infra'],
        tree: {
          reason: 'deny: infra',
          children: [
            {
              rule: 'infra',
              matched: true,
              reason: 'deny: people change what runs',
              children: [{ matched: true, reason: 'path like infra/*: it is infra/x' }],
            },
            { rule: 'ship', matched: false },
          ],
        },
      },
      text: expect.stringContaining('- yes: infra: deny: people change what runs'),
    },
  })
  await ready(1)
  const before = await versionOf(1)
  const allowed = await post({ verb: 'policy', task: 1, args: { tool: 'bash', path: 'src/a.ts' } })
  expect(allowed.json).toMatchObject({ policy: { outcome: 'allow', missing: [] } })
  const gated = await post({ verb: 'policy', task: 'DEV-1', args: { action: 'succeed' } })
  expect(gated.json).toMatchObject({ policy: { outcome: 'gate', gates: ['deploy'], missing: ['deploy'] } })
  expect(await versionOf(1)).toBe(before)
})

it('what the holder of a task is told of a tool is on record, once, with the rule; plain permission and others’ questions are not', async () => {
  const { post, look, ready, engine } = await given()
  await ready(1)
  const asked = { verb: 'policy', task: 1, args: { tool: 'bash', path: './infra/x' } }
  const onRecord = async () =>
    (await engine.store.log.read(taskStream(7, 1)))
      .filter(({ type }) => type === 'policy-evaluated')
      .map(({ data }) => data)
  await look(asked)
  expect(await onRecord()).toEqual([])
  await post({ verb: 'claim', task: 1 })
  for (let n = 0; n < 3; n += 1) expect((await look(asked)).json).toMatchObject({ policy: { outcome: 'deny' } })
  await look({ ...asked, args: { tool: 'bash', path: 'src/a.ts' } })
  const recorded = { verb: 'tool', agent: 'claude', outcome: 'deny', rules: ['infra'], attempt: 1, tool: 'bash' }
  expect(await onRecord()).toEqual([{ ...recorded, path: './infra/x' }])
  await look({ ...asked, args: { tool: 'bash', path: 'infra/y' } })
  expect(await onRecord()).toEqual([
    { ...recorded, path: './infra/x' },
    { ...recorded, path: 'infra/y' },
  ])
})

it('every other verb still needs its task', async () => {
  const { post } = await given()
  expect(await post({ verb: 'show' })).toMatchObject({ status: 400, json: { error: { code: 'bad-request' } } })
})

it('a success that waits for a gate is refused with who can open it, and the agent may ask for it by name', async () => {
  const { post, ready, taskOf } = await given()
  await ready(1)
  const { lease } = (await post({ verb: 'claim', task: 1 })).json as { lease: { fence: string } }
  const fence = lease.fence
  const answer = await post({ verb: 'succeed', task: 1, args: { fence } })
  expect(answer).toMatchObject({
    status: 423,
    json: { error: { code: 'gate-open', next: expect.stringContaining('`/approve-gate deploy`') } },
  })
  expect((await taskOf(1)).gates).toMatchObject([
    { name: 'deploy', state: 'open', needs: { approvals: 1, role: 'admin' } },
  ])
  expect(await post({ verb: 'gate', task: 1, args: { name: 'deploy', fence } })).toMatchObject({ status: 200 })
  const unknown = await post({ verb: 'gate', task: 1, args: { name: 'depoy', fence } })
  expect(unknown).toMatchObject({ status: 404, json: { error: { next: 'Name one of deploy.' } } })
  expect(await post({ verb: 'approve-gate', task: 1, args: { name: 'deploy' } })).toMatchObject({ status: 403 })
})
