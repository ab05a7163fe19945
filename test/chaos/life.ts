/** One task's life as short as it can be told, for being interrupted anywhere: everybody involved simply tries again until it is done. */
import { setTimeout as sleep } from 'node:timers/promises'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import type { Sandbox } from '../../app/sandbox/sandbox.ts'
import { createSpeaker } from '../sandbox/client.ts'

const REPO = '/repos/acme/widgets'
const PATIENCE_MS = 40_000
const SOON_MS = 3000
/** The stated bound within which doubles and leftovers of a lost answer are healed. */
const HEALING_MS = 60_000

/** What must be the same however the life went. */
export interface EndState {
  readonly status: string
  readonly attempts: readonly { readonly n: number; readonly status: string; readonly failure: string | null }[]
  readonly labels: readonly string[]
  readonly recordComments: number
  /** `name @ head → conclusion`, sorted; doubles show. Without those of commits that were passed over, whether or not they were seen. */
  readonly checkRuns: readonly string[]
  /** What became of each comment. Without 👀, which says that an answer took longer, as it does while the App is dead. */
  readonly reactions: readonly string[]
  readonly unsupported: readonly unknown[]
}

const eventually = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  const until = Date.now() + PATIENCE_MS
  for (let last: unknown = null; ; await sleep(60)) {
    const seen = await look().catch((error: unknown) => {
      last = error
      return null
    })
    if (seen !== null) return seen
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`, { cause: last })
  }
}

/** `appUrl` answers only while the App lives. */
export const live = async (
  sandbox: Sandbox,
  appUrl: string,
  agentKeyOf: () => Promise<string>,
  isRight: (end: EndState) => boolean,
): Promise<EndState> => {
  const as = (who: 'alice' | 'bob') => createSpeaker(sandbox.url, sandbox.tokens[who])
  const agent = createSpeaker(sandbox.url, sandbox.tokens.claude)
  const labels = async (): Promise<readonly string[]> => {
    const { json } = await as('alice').get(`${REPO}/issues/1`)
    return (json as { labels: { name: string }[] }).labels.map(({ name }) => name).sort()
  }
  const has = (label: string) => eventually(label, async () => ((await labels()).includes(label) ? true : null))
  const say = (text: string) => as('alice').post(`${REPO}/issues/1/comments`, { body: text })

  await as('alice').post(`${REPO}/issues`, { title: 'Sum is wrong', body: 'It adds wrong.' })
  await say('/task\n/ready')
  await has('status/ready')

  const key = await agentKeyOf()
  let n = 0
  const command = async (verb: string, args: object = {}): Promise<{ lease?: { fence: string } }> => {
    let idempotencyKey = `life-${(n += 1)}`
    return eventually(verb, async () => {
      const answer = await fetch(`${appUrl}/v1/commands`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'idempotency-key': idempotencyKey },
        body: JSON.stringify({ task: 1, verb, args }),
      })
      const json = (await answer.json()) as { ok: boolean; lease?: { fence: string }; error?: { message: string } }
      if (!json.ok) {
        // A refusal is kept under its key; asking anew takes a new one.
        idempotencyKey = `life-${(n += 1)}`
        throw new Error(json.error?.message)
      }
      return json
    })
  }
  const heads = new Map<string, string>()
  const push = async (name: string, content: string): Promise<void> => {
    const path = `${REPO}/contents/sum.js`
    const branch = 'muster/DEV-1-sum-is-wrong'
    const { json } = await agent.get(`${path}?ref=${branch}`)
    const put = await agent.put(path, {
      message: 'Work',
      content: Buffer.from(content).toString('base64'),
      branch,
      ...(json.sha === undefined ? {} : { sha: json.sha }),
    })
    if (put.status >= 300) throw new Error(`push: ${put.status} ${JSON.stringify(put.json)}`)
    heads.set((put.json as { commit: { sha: string } }).commit.sha, name)
  }

  const first = await command('claim')
  const { json: main } = await agent.get(`${REPO}/git/ref/heads/main`)
  await agent.post(`${REPO}/git/refs`, { ref: 'refs/heads/muster/DEV-1-sum-is-wrong', sha: main.object.sha })
  await command('start', { fence: first.lease?.fence })
  await push('first push', 'export const sum = (a, b) => a - b\n')
  await command('fail', { fence: first.lease?.fence, class: 'test_fail', message: '1 test failed' })
  await has('failure/test_fail')
  await say('/retry')
  await has('status/ready')
  const second = await command('claim')
  await push('second push', 'export const sum = (a, b) => a + b\n')
  await command('start', { fence: second.lease?.fence })
  await agent.post(`${REPO}/pulls`, {
    title: 'Add right',
    body: 'Closes #1',
    head: 'muster/DEV-1-sum-is-wrong',
    base: 'main',
  })
  await command('succeed', { fence: second.lease?.fence, cost: '$0.10', tokens: 1000 })
  await has('status/review')
  await eventually('merge', async () => {
    const { json: pulls } = await as('bob').get(`${REPO}/pulls?state=all`)
    const number = (pulls as { number: number }[])[0]?.number
    // A list may lag behind.
    if (number === undefined) return null
    const merged = await as('bob').put(`${REPO}/pulls/${number}/merge`, {})
    return merged.status === 200 ? true : null
  })
  await has('status/done')
  await eventually('quiet', async () => {
    const health = (await (await fetch(`${appUrl}/healthz`)).json()) as {
      inbox: number
      outbox: { count: number; next_in_ms: number }
    }
    // What is due much later, the ledger's turn, is not about this task.
    const idle = health.outbox.count === 0 || health.outbox.next_in_ms > SOON_MS
    if (sandbox.deliveries.pending === 0 && health.inbox === 0 && idle) return true
    throw new Error(`still at work: ${JSON.stringify(health)}`)
  })
  // What a killed request left in doubt is looked at once GitHub's lists have caught up, and healed then.
  let end = endState(sandbox, await labels(), heads)
  for (const until = Date.now() + HEALING_MS; !isRight(end) && Date.now() < until; await sleep(300)) {
    end = endState(sandbox, await labels(), heads)
  }
  return end
}

/** Where an attempt stood before its own work was pushed: seen or not, as fast as the App was. */
const PASSED_OVER = 'another head'

/** Anything but one neutral check of an attempt there would be wrong, and stays. */
const withoutPassedOver = (checks: readonly string[]): readonly string[] =>
  checks.filter(
    (check, n) => !check.endsWith(`${PASSED_OVER} → neutral`) || checks[n - 1] === check || checks[n + 1] === check,
  )

const endState = (sandbox: Sandbox, labels: readonly string[], heads: ReadonlyMap<string, string>): EndState => {
  const { state } = sandbox
  const issue = state.issues.all().find(({ number, repositoryId }) => number === 1 && repositoryId === 401)
  const comments = state.comments.all().filter(({ issueId }) => issueId === issue?.id)
  const records = comments.filter(({ body }) => body.includes('<!-- muster:record '))
  const hidden = /<!-- muster:record v1 [^{]*(\{.*\}) -->/.exec(records[0]?.body ?? '')?.[1] ?? '{"snapshot":{}}'
  const { snapshot: task } = JSON.parse(hidden) as {
    snapshot: {
      status?: string
      attempts?: { n: number; status: string; failure: { class: string } | null }[]
    }
  }
  const musterApp = sandbox.seed.muster.id
  return {
    status: task.status ?? 'unknown',
    attempts: (task.attempts ?? []).map(({ n, status, failure }) => ({ n, status, failure: failure?.class ?? null })),
    labels,
    recordComments: records.length,
    checkRuns: withoutPassedOver(
      checkRunsOf(state)
        .all()
        .filter(({ appId }) => appId === musterApp)
        .map(
          ({ name, headSha, conclusion }) =>
            `${name} @ ${heads.get(headSha) ?? PASSED_OVER} → ${conclusion ?? 'running'}`,
        )
        .sort(),
    ),
    reactions: state.reactions
      .all()
      .filter(({ subject, content }) => subject.kind === 'comment' && content !== 'eyes')
      .map(({ content }) => content)
      .sort(),
    unsupported: sandbox.log.unsupported,
  }
}
