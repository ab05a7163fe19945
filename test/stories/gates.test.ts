/** Policy and a gate from the front door: the agent is refused and told why, a person with an organisation's own role opens it, the agent goes on. */
import { afterEach, expect, it } from 'vitest'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const CONFIGURATION = `
key: DEV
gates:
  deploy: {approvals: 1, role: maintain}
policy:
  rules:
    - {id: infra, effect: deny, reason: people change what runs, when: {path: "infra/*"}}
    - {id: eyes, effect: require-gate, gate: deploy, when: {verb: succeed}}
`

interface Said {
  readonly lease?: { readonly fence: string }
  readonly policy?: object
  readonly task?: { readonly status: string }
  readonly error?: { readonly code: string; readonly next: string }
}

it('an agent waits for the gate that the policy asks for, until somebody who maintains approves it', async () => {
  const p = (open = await play())
  const path = '/repos/acme/widgets/contents/.github/muster.yml'
  const { json } = await p.as('alice').get(path)
  const content = Buffer.from(CONFIGURATION).toString('base64')
  await p.as('alice').put(path, { message: 'Configure', content, sha: (json as { sha?: string }).sha })
  // Bob's role has a name of the organisation's own, and builds on maintain.
  const widgets = p.sandbox.seed.repositories.widgets.id
  const { collaborators } = p.sandbox.state.repositories.get(widgets) ?? { collaborators: {} }
  const bob = p.sandbox.state.accounts.all().find(({ login }) => login === 'bob')?.id ?? 0
  p.sandbox.state.repositories.update(widgets, {
    collaborators: { ...collaborators, [bob]: 'maintain' },
    customRoles: { [bob]: 'release captain' },
  })
  const issue = await p.issue('One')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()

  const ask = await p.agent('claude')
  const send = async (body: object): Promise<{ status: number; json: Said }> => ask(body)
  const beforehand = await send({ verb: 'policy', args: { tool: 'edit', path: 'infra/main.tf' } })
  expect(beforehand.json.policy).toMatchObject({ outcome: 'deny', rules: ['infra'] })
  const fence = (await send({ task: issue, verb: 'claim' })).json.lease?.fence
  const succeed = { task: issue, verb: 'succeed', args: { fence } }
  const refused = await send(succeed)
  expect(refused).toMatchObject({ status: 423, json: { error: { code: 'gate-open' } } })
  expect(refused.json.error?.next).toContain('`/approve-gate deploy`')

  await p.say('carol', issue, '/approve-gate deploy')
  await p.say('bob', issue, '/approve-gate deploy')
  await p.quiet()
  const thread = await p.thread(issue)
  expect(thread).toContain('`approve-gate` needs the maintain role here; you have triage.')
  expect(thread).toContain('[bob rocket]')
  expect(thread).toContain('Gate **deploy** for attempt 1: open, approved by bob')
  expect(await send(succeed)).toMatchObject({ status: 200, json: { task: { status: 'review' } } })
}, 60_000)
