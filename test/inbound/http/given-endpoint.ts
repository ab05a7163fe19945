/** The endpoint over a real engine, with keys of two agents of one project and one of another. */
import type { Settings } from '../../../app/domain/settings.ts'
import { createCommandsEndpoint, COMMANDS_PATH } from '../../../app/inbound/http/commands.ts'
import { issueAgentKey } from '../../../app/inbound/http/agent-key.ts'
import { PROJECT } from '../../engine/create-engine.ts'
import { givenDeps } from '../webhook/handlers/given-deps.ts'

export interface Answer {
  readonly status: number
  readonly json: {
    readonly ok: boolean
    readonly error?: { readonly code: string; readonly message: string; readonly next: string }
    readonly task?: { readonly key: string; readonly status: string } | null
    readonly lease?: { readonly fence: string; readonly owner: string; readonly expires_at: string } | null
    readonly brief?: { readonly text: string; readonly branch: string; readonly failing_tests: readonly object[] }
    readonly text?: string
    readonly signals?: object
  }
}

export const givenEndpoint = async (settings?: Settings) => {
  const given = await givenDeps(settings)
  const { agentKeys } = given.store
  await given.ask('project/8', {
    type: 'open-project',
    repositoryId: 8,
    repositoryNodeId: 'R_8',
    repository: 'acme/other',
    installationId: 1,
    prefix: 'OTH',
  })
  const keys = {
    claude: await issueAgentKey(agentKeys, 'claude', PROJECT),
    codex: await issueAgentKey(agentKeys, 'codex', PROJECT),
    elsewhere: await issueAgentKey(agentKeys, 'claude', 'project/8'),
  }
  const endpoint = createCommandsEndpoint(given.deps)
  let asked = 0
  const send = async (body: string, headers: Record<string, string>): Promise<Answer> => {
    const answer = await endpoint.request(COMMANDS_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return { status: answer.status, json: (await answer.json()) as Answer['json'] }
  }
  return {
    ...given,
    keys,
    endpoint,
    send,
    /** With a key and, unless null, an idempotency key of its own. */
    post: (body: object, as: keyof typeof keys = 'claude', idempotencyKey: string | null = `t-${(asked += 1)}`) =>
      send(JSON.stringify(body), {
        authorization: `Bearer ${keys[as]}`,
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
      }),
    versionOf: async (n: number) => (await given.store.log.load(`task/7/${n}`)).version,
  }
}
