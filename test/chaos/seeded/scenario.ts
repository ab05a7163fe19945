/**
 * Twenty tasks side by side: attempts that fail and are tried again, a pull request with its CI, label edits by people, commands
 * that do not commute, and bots that know no better. Everybody waits for what GitHub shows before the next step, so that the
 * same is said and done however slow the App is; only what stands in `PAIRS` is said without waiting.
 */
import { setJobExecutor } from '../../../app/sandbox/actions/job-scheduler.ts'
import { checkRunsOf } from '../../../app/sandbox/model/check.ts'
import { fightLabels, quoteNextSteps } from './bots.ts'
import { REPO, type People, type Who } from './people.ts'

export const TASKS = 20
export const BRANCH = 'muster/DEV-1-task-1'
/** Issues whose bots write as often as they are provoked: what they and we say there is no part of the end. */
export const FOUGHT = 17
export const QUOTED = 18

interface Pair {
  readonly before: string
  readonly said: readonly [readonly [Who, string], readonly [Who, string]]
}

/** Two comments in a row whose order decides the end, by issue. */
export const PAIRS: Readonly<Record<number, Pair>> = {
  3: {
    before: '/task\n/ready',
    said: [
      ['alice', '/block the database is down'],
      ['bob', '/claim'],
    ],
  },
  4: {
    before: '/task',
    said: [
      ['alice', '/priority p0'],
      ['bob', '/priority p2'],
    ],
  },
  5: {
    before: '/task\n/ready\n/claim\n/start\n/fail class=permission_error message="no rights"',
    said: [
      ['alice', '/cancel not wanted'],
      ['bob', '/retry'],
    ],
  },
  6: {
    before: '/task\n/ready',
    said: [
      ['bob', '/claim'],
      ['alice', '/cancel superseded'],
    ],
  },
  8: {
    before: '/task',
    said: [
      ['alice', '/depends #9'],
      ['bob', '/undepends #9'],
    ],
  },
}

/** Between the comments of a pair. */
const PAIR_GAP_MS = 60

const CI = `name: CI
on: pull_request
jobs:
  test: { runs-on: ubuntu-latest, steps: [] }
`

export interface Played {
  /** What somebody waited for in vain, or was refused. */
  readonly vain: readonly string[]
  /** The ids of the two comments of each pair, by issue. */
  readonly pairs: ReadonlyMap<number, readonly number[]>
}

/** `turned`: the second of each pair is said first. */
export const playScenario = async (people: People, turned = false): Promise<Played> => {
  const { time, sandbox } = people
  const { as, say, has, until, command } = people
  const file = (content: string) => Buffer.from(content).toString('base64')

  let runs = 0
  setJobExecutor(sandbox.world, async () => {
    const conclusion = (runs += 1) === 1 ? 'failure' : 'success'
    await time.sleep(8000)
    return { conclusion }
  })
  const workflow = `${REPO}/contents/.github/workflows/ci.yml`
  const { sha } = await as('alice', 'GET', workflow)
  await as('alice', 'PUT', workflow, { message: 'CI', content: file(CI), branch: 'main', sha })
  for (let n = 1; n <= TASKS; n += 1) await as('alice', 'POST', `${REPO}/issues`, { title: `Task ${n}`, body: '' })

  const pairs = new Map<number, readonly number[]>()
  const pair = async (n: number): Promise<void> => {
    const { before, said } = PAIRS[n] as Pair
    // What it depends on is a task by then.
    if (n === 8) await has(9, 'status/backlog')
    await say('alice', n, before)
    await has(n, n === 5 ? 'status/needs_human' : before.includes('/ready') ? 'status/ready' : 'status/backlog')
    const ids: number[] = []
    for (const [who, text] of turned ? said.toReversed() : said) {
      ids.push(await say(who, n, text))
      await time.sleep(PAIR_GAP_MS)
    }
    pairs.set(n, ids)
  }

  const push = async (name: string): Promise<string> => {
    const body = { message: name, content: file(`${name}\n`), branch: BRANCH }
    const sha = (await as('claude', 'PUT', `${REPO}/contents/${name}.txt`, body)).commit.sha as string
    // Heard of after its attempt has ended, a push is nobody's work.
    const checks = checkRunsOf(sandbox.state)
    await until(
      `the commit ${name}`,
      () => checks.find((one) => one.headSha === sha && one.name.startsWith('muster / ')) !== undefined,
    )
    return sha
  }
  /** One whole life: a failure, a person's retry, a pull request whose CI is red and then green, and its merge. */
  const wholeLife = async (): Promise<void> => {
    await say('alice', 1, '/task priority=p1\n/ready')
    await has(1, 'status/ready')
    const first = await command(1, 'claim')
    const main = await as('claude', 'GET', `${REPO}/git/ref/heads/main`)
    await as('claude', 'POST', `${REPO}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: main.object.sha })
    await command(1, 'start', { fence: first.lease.fence })
    await push('first')
    await command(1, 'fail', { fence: first.lease.fence, class: 'permission_error', message: 'no rights' })
    await has(1, 'failure/permission_error')
    await say('alice', 1, '/retry')
    await has(1, 'status/ready')
    const second = await command(1, 'claim')
    await command(1, 'start', { fence: second.lease.fence })
    await push('second')
    const { number } = await as('claude', 'POST', `${REPO}/pulls`, {
      title: 'Wrong',
      body: 'Closes #1',
      head: BRANCH,
      base: 'main',
    })
    await time.sleep(20_000)
    await as('claude', 'PATCH', `${REPO}/pulls/${number}`, { title: 'Add right' })
    await push('third')
    await time.sleep(20_000)
    await command(1, 'succeed', { fence: second.lease.fence, cost: '$0.10', tokens: 1000 })
    await has(1, 'status/review')
    await as('bob', 'PUT', `${REPO}/pulls/${number}/merge`, {})
    await has(1, 'status/done')
  }

  const scripts: Readonly<Record<number, () => Promise<void>>> = {
    1: wholeLife,
    2: async () => {
      await say('bob', 2, '/task\n/ready')
      await has(2, 'status/ready')
      const { lease } = await command(2, 'claim')
      await command(2, 'start', { fence: lease.fence })
      await command(2, 'fail', { fence: lease.fence, class: 'tool_error', message: 'the tool broke' })
      await until('the backoff', () => people.labels(2).includes('status/ready'))
      const again = await command(2, 'claim')
      await command(2, 'note', { text: 'half way', fence: again.lease.fence })
      await command(2, 'succeed', { fence: again.lease.fence, cost: '$0.20', tokens: 2000 })
    },
    7: async () => {
      await say('alice', 7, '/task')
      await has(7, 'priority/p2')
      await as('bob', 'POST', `${REPO}/issues/7/labels`, { labels: ['priority/p1'] })
      await until('one priority', () => people.labels(7).filter((name) => name.startsWith('priority/')).length === 1)
      await as('bob', 'POST', `${REPO}/issues/7/labels`, { labels: ['bug', 'priority/p3'] })
    },
    10: async () => {
      const id = await say('bob', 10, '/task')
      await has(10, 'status/backlog')
      await as('bob', 'PATCH', `${REPO}/issues/comments/${id}`, { body: '/task\n/note seen\n/ready' })
      await has(10, 'status/ready')
    },
    11: async () => {
      await say('alice', 11, '/task\n/note twice\n/note twice')
      await has(11, 'status/backlog')
      await say('bob', 11, '/note twice')
      await say('carol', 11, '/evidence "npm test" exit=1')
    },
    12: async () => {
      await say('alice', 12, '/task')
      await say('alice', 13, '/task\n/ready')
      await has(12, 'status/backlog')
      await has(13, 'status/ready')
      await say('alice', 12, '/depends #13 failed=drop\n/ready')
      await has(12, 'status/waiting')
      await say('bob', 13, '/cancel "not needed"')
      await has(12, 'status/ready')
    },
    14: async () => {
      await say('alice', 14, '/task')
      await has(14, 'status/backlog')
      await say('alice', 14, '/prioritise p0')
      await say('dave', 14, '/cancel because I say so')
      await say('mallory', 14, 'Look:\n/ready')
    },
    15: async () => {
      await say('alice', 15, '/task')
      await has(15, 'status/backlog')
      await as('bob', 'DELETE', `${REPO}/issues/15/labels/status%2Fbacklog`)
      await time.sleep(40_000)
      await as('carol', 'POST', `${REPO}/issues/15/labels`, { labels: ['status/done'] })
    },
    16: async () => {
      await say('alice', 16, '/task')
      await has(16, 'status/backlog')
      await time.sleep(60_000)
      await until('the record', () => recordOf(people, 16) !== undefined)
      await as('alice', 'DELETE', `${REPO}/issues/comments/${recordOf(people, 16)?.id}`)
      await time.sleep(60_000)
      await say('bob', 16, '/note still here')
    },
    [FOUGHT]: () => fightLabels(people, FOUGHT),
    [QUOTED]: () => quoteNextSteps(people, QUOTED),
    19: async () => {
      await say('alice', 19, '/task')
      await has(19, 'status/backlog')
      await as('bob', 'PATCH', `${REPO}/issues/19`, { title: 'Task nineteen' })
      await say('alice', 19, '/cancel')
      await has(19, 'status/canceled')
      await as('bob', 'PATCH', `${REPO}/issues/19`, { state: 'closed', state_reason: 'not_planned' })
      await time.sleep(60_000)
      await as('bob', 'PATCH', `${REPO}/issues/19`, { state: 'open' })
      await has(19, 'status/backlog')
    },
    20: async () => {
      await say('bob', 20, '/task\n/ready')
      await has(20, 'status/ready')
      await say('bob', 20, '/claim')
      await has(20, 'status/claimed')
      await say('bob', 20, '/release reason="wrong branch"')
      await has(20, 'status/ready')
      await say('alice', 20, '/claim\n/start\n/progress 40\n/phase testing')
      await has(20, 'status/in_progress')
    },
    9: async () => {
      await say('alice', 9, '/task\n/help')
      await has(9, 'status/backlog')
    },
  }
  const all = [...Object.values(scripts), ...Object.keys(PAIRS).map((n) => () => pair(Number(n)))]
  const ended = await Promise.allSettled(
    all.map(async (script, k) => {
      await time.sleep(k * 900)
      await script()
    }),
  )
  return { vain: ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])), pairs }
}

const recordOf = ({ sandbox, issue }: People, number: number) => {
  const { id } = issue(number)
  return sandbox.state.comments.find((one) => one.issueId === id && one.body.includes('<!-- muster:record '))
}
