/** People, agents and bots as they meet GitHub and the App: they try again until they are heard, and look at what GitHub shows now. */
import { issueAgentKey } from '../../../app/inbound/http/agent-key.ts'
import type { Sandbox } from '../../../app/sandbox/sandbox.ts'
import type { Issue } from '../../../app/sandbox/model/issue.ts'
import type { App } from './life.ts'
import type { VirtualTime } from './virtual-time.ts'
import { APP_URL, type Wire } from './wire.ts'
import type { Reply } from '../../sandbox/client.ts'

export const REPO = '/repos/acme/widgets'
export type Who = keyof Sandbox['tokens']

const AGAIN_MS = 700
/** Longer than the longest downtime and what it takes to catch up. */
const PATIENCE_MS = 90 * 60_000

type Json = Reply['json']

export interface People {
  readonly sandbox: Sandbox
  readonly time: VirtualTime
  readonly as: (who: Who, method: string, path: string, body?: object) => Promise<Json>
  /** Comments, and gives the comment's id. */
  readonly say: (who: Who, issue: number, text: string) => Promise<number>
  readonly issue: (number: number) => Issue
  readonly labels: (issue: number) => readonly string[]
  /** Waits until the issue wears the label. */
  readonly has: (issue: number, label: string) => Promise<void>
  readonly until: (what: string, look: () => boolean | Promise<boolean>) => Promise<void>
  /** `POST /v1/commands` until it is carried out. */
  readonly command: (issue: number, verb: string, args?: object) => Promise<Json>
}

export const createPeople = (input: {
  readonly sandbox: Sandbox
  readonly time: VirtualTime
  readonly wire: Wire
  readonly app: () => App | null
}): People => {
  const { sandbox, time, wire } = input
  let key: string | null = null
  let asked = 0

  const until = async (what: string, look: () => boolean | Promise<boolean>): Promise<void> => {
    const end = time.now() + PATIENCE_MS
    for (;;) {
      if (await Promise.resolve(look()).catch(() => false)) return
      if (time.now() > end) throw new Error(`waited in vain for ${what}`)
      await time.sleep(AGAIN_MS)
    }
  }

  const as = async (who: Who, method: string, path: string, body?: object): Promise<Json> => {
    for (;;) {
      const answer = await wire.speak(sandbox.url + path, {
        method,
        headers: { authorization: `Bearer ${sandbox.tokens[who]}`, 'user-agent': 'people' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const json: Json = answer.status === 204 ? null : await answer.json()
      // Whoever writes too fast is told to wait.
      if (answer.status === 403 || answer.status === 429) await time.sleep(20_000)
      else if (answer.status >= 300)
        throw new Error(`${who}: ${method} ${path}: ${answer.status} ${JSON.stringify(json)}`)
      else return json
    }
  }

  const issue = (number: number): Issue => {
    const { id } = sandbox.seed.repositories.widgets
    const found = sandbox.state.issues.find((one) => one.number === number && one.repositoryId === id)
    if (found === undefined) throw new Error(`no issue ${number}`)
    return found
  }
  const labels = (number: number): readonly string[] =>
    issue(number).labelIds.map((id) => sandbox.state.labels.get(id)?.name ?? '')

  return {
    sandbox,
    time,
    as,
    say: async (who, number, body) =>
      (await as(who, 'POST', `${REPO}/issues/${number}/comments`, { body })).id as number,
    issue,
    labels,
    has: (number, label) => until(`${label} on #${number}`, () => labels(number).includes(label)),
    until,
    async command(number, verb, args = {}) {
      await until('an App with a project', async () => {
        const app = input.app()
        if (key !== null || app === null) return key !== null
        const [project] = await app.store.projections.projects()
        if (project !== undefined) key = await issueAgentKey(app.store.agentKeys, 'claude', project.stream)
        return key !== null
      })
      let idempotency = `agent-${(asked += 1)}`
      let last: Json = null
      await until(`${verb} on #${number}`, async () => {
        const answer = await wire.speak(`${APP_URL}/v1/commands`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            'idempotency-key': idempotency,
          },
          body: JSON.stringify({ task: number, verb, args }),
        })
        last = await answer.json()
        // A refusal is kept under its key; asking anew takes a new one.
        if (answer.status < 500 && last.ok !== true) idempotency = `agent-${(asked += 1)}`
        return last.ok === true
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(last)}`)
      })
      return last
    },
  }
}
