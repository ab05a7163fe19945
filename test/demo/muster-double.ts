/** Stands in for the App and for GitHub's pull requests while the agent's process is tested alone: answers, and notes what was asked. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

import type { NamedTest } from '../../demo/agent/repair/repair.ts'

export interface MusterDouble {
  readonly url: string
  readonly asked: readonly { readonly verb: string; readonly args: Readonly<Record<string, unknown>> }[]
  readonly pulls: readonly Readonly<Record<string, string>>[]
}

export interface DoubleOptions {
  readonly attempt: number
  readonly text: string
  readonly failing: readonly NamedTest[]
  readonly refuse?: string
}

export async function musterDouble({ attempt, text, failing, refuse }: DoubleOptions): Promise<MusterDouble> {
  const asked: { verb: string; args: Record<string, unknown> }[] = []
  const pulls: Record<string, string>[] = []
  const answers: Record<string, object> = {
    claim: { lease: { fence: `1.${attempt}`, attempt, owner: 'claude', expires_at: '2030-01-01T00:00:00Z' } },
    brief: { brief: { text, branch: 'muster/DEV-1-scratch', attempt, failing_tests: failing } },
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      const value = JSON.parse(body) as Record<string, string> & { verb: string; args: Record<string, unknown> }
      const send = (status: number, answer: object) => response.writeHead(status).end(JSON.stringify(answer))
      if (request.url !== '/v1/commands') {
        pulls.push(value)
        return send(201, { html_url: 'http://github.example/pull/2' })
      }
      asked.push({ verb: value.verb, args: value.args })
      if (value.verb === refuse)
        return send(409, { ok: false, error: { code: 'wrong-status', message: 'It is not ready.', next: 'Wait.' } })
      return send(200, { ok: true, ...answers[value.verb] })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, pulls }
}
