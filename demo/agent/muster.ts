/** The agent's side of Muster's `POST /v1/commands`: claim, start, brief, release. One method per word it uses. */
import type { AgentEnvironment } from './agent-environment.ts'
import type { NamedTest } from './repair/repair.ts'

export interface Lease {
  readonly fence: string
  readonly attempt: number
}

export interface Brief {
  readonly text: string
  readonly branch: string
  readonly failing_tests: readonly NamedTest[]
}

export interface Muster {
  claim(baseSha: string): Promise<Lease>
  start(lease: Lease): Promise<void>
  brief(): Promise<Brief>
  heartbeat(lease: Lease): Promise<void>
  release(lease: Lease, reason: string): Promise<void>
}

/** Muster said no; the message has its reason and what it says to do next. */
export class RefusedFault extends Error {
  override readonly name = 'RefusedFault'
  readonly retryable = false
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Answer {
  readonly ok: boolean
  readonly lease?: Lease
  readonly brief?: Brief
  readonly error?: { readonly code: string; readonly message: string; readonly next: string }
}

export function createMuster(env: AgentEnvironment): Muster {
  const ask = async (verb: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const response = await fetch(`${env.musterUrl}/v1/commands`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${env.agentKey}`,
        'content-type': 'application/json',
        'idempotency-key': `${env.runId}.${env.runAttempt}.${verb}`,
      },
      body: JSON.stringify({ task: env.task, repository: env.repository, verb, args }),
    })
    const answer = (await response.json()) as Answer
    if (answer.ok) return answer
    const { code, message, next } = answer.error ?? {
      code: String(response.status),
      message: 'no reason given',
      next: '',
    }
    throw new RefusedFault(code, `Muster refused "${verb}": ${message} ${next}`.trim())
  }
  const given = <T>(value: T | null | undefined, verb: string): T => {
    if (value === undefined || value === null) throw new Error(`Muster's answer to "${verb}" is not complete`)
    return value
  }
  return {
    claim: async (base) => given((await ask('claim', { ttl: '30m', run: Number(env.runId), base })).lease, 'claim'),
    start: async ({ fence }) => void (await ask('start', { fence })),
    brief: async () => given((await ask('brief')).brief, 'brief'),
    heartbeat: async ({ fence }) => void (await ask('heartbeat', { fence })),
    release: async ({ fence }, reason) => void (await ask('release', { fence, reason })),
  }
}
