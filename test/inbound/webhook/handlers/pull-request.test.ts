import { expect, it } from 'vitest'
import type { PullRequestFacts } from '../../../../app/inbound/ports.ts'
import { onPullRequest } from '../../../../app/inbound/webhook/handlers/pull-request.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const HEAD = 'a'.repeat(40)
/** A little after the clock of the tests starts. */
const OPENED = 1_700_000_000_500

const pull = (over: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  number: 9,
  body: '',
  branch: 'fix',
  headSha: HEAD,
  headRepositoryId: 7,
  state: 'open',
  author: 'bob',
  openedAt: OPENED,
  isFromDefault: false,
  ...over,
})

const opened = async (over: Partial<PullRequestFacts>) => {
  const given = await givenDeps()
  await given.ready(1)
  const see = async (facts: Partial<PullRequestFacts> = {}, action = 'edited') => {
    given.github.pull = pull({ ...over, ...facts })
    await onPullRequest(given.deps, PLACE, 9, action)
    return given.taskOf(1)
  }
  return { ...given, see }
}

it.each([
  ['a closing keyword', { body: 'Closes #1' }],
  ['its branch', { branch: 'muster/DEV-1-sum-is-wrong' }],
  ['a Task: line', { body: 'Sums.\r\n\r\nTask: dev-1\r\n' }],
])('a pull request is tied to its task by %s, and its merge completes it', async (_, over) => {
  const { see } = await opened(over)
  expect((await see()).pullRequests).toMatchObject([{ number: 9, state: 'open', headSha: HEAD }])
  expect(await see({ state: 'merged' })).toMatchObject({ status: 'done', pullRequests: [{ state: 'merged' }] })
})

it.each([
  ['the branch of a fork', { branch: 'muster/DEV-1-sum-is-wrong', headRepositoryId: 99 }],
  ['the branch of a deleted fork', { branch: 'muster/DEV-1-sum-is-wrong', headRepositoryId: null }],
  ['another repository', { body: 'Closes other/widgets#1' }],
  ['a task that is none', { body: 'Closes #2\nTask: DEV-3' }],
])('a pull request is not tied by %s', async (_, over) => {
  expect((await (await opened(over)).see()).pullRequests).toEqual([])
})

it('a pull request that is closed and opened again with the same head is open', async () => {
  const { see } = await opened({ body: 'Closes #1' })
  await see()
  expect(await see({ state: 'closed' })).toMatchObject({ status: 'ready', pullRequests: [{ state: 'closed' }] })
  expect((await see({ state: 'open' })).pullRequests).toMatchObject([{ state: 'open' }])
  expect((await see({ state: 'closed' })).pullRequests).toMatchObject([{ state: 'closed' }])
})

it('seen twice it is one fact', async () => {
  const { see, store } = await opened({ body: 'Closes #1' })
  await see()
  const { version } = await store.log.load('task/7/1')
  await see()
  expect((await store.log.load('task/7/1')).version).toBe(version)
})

it('one that was merged without naming a task gains none by a later edit of its text', async () => {
  const { see } = await opened({ state: 'merged' })
  await see({ body: '' }, 'closed')
  expect((await see({ body: 'Closes #1' }, 'edited')).status).toBe('ready')
})

it('one that is closed before it was ever heard of is still counted', async () => {
  const { see } = await opened({ body: 'Closes #1' })
  expect((await see({ state: 'merged' }, 'closed')).status).toBe('done')
})

it('moves the attempt of the task that its branch names, not of every task that it closes', async () => {
  const given = await opened({ body: 'Closes #1', branch: 'muster/DEV-2-other' })
  await given.ready(2)
  await given.claim(1)
  await given.claim(2)
  expect((await given.see()).attempts[0]?.headSha).toBeNull()
  expect((await given.taskOf(2)).attempts[0]?.headSha).toBe(HEAD)
})

const BOB = { kind: 'user', id: 'bob' } as const
const BOT = { kind: 'bot', id: 'claude[bot]' } as const
const AGENT = { kind: 'agent', id: 'bob' } as const

it.each([
  ['who holds the lease', BOB, 'bob', {}],
  ['who holds the lease, however the login is written', BOB, 'bob', { author: 'Bob' }],
  ['the bot that holds the lease', BOT, 'claude[bot]', { author: 'claude[bot]' }],
  ['who claimed for an agent', BOB, 'claude', {}],
] as const)(
  'a branch without the key moves the attempt when the pull request is by %s',
  async (_, holder, owner, over) => {
    const given = await opened({ body: 'Closes #1', ...over })
    await given.claim(1, owner, holder)
    expect((await given.see()).attempts).toMatchObject([{ headSha: HEAD, branch: 'fix' }])
    const next = 'b'.repeat(40)
    expect((await given.see({ headSha: next }, 'synchronize')).attempts).toMatchObject([{ headSha: next }])
    expect(given.github.commitReads).toBe(0)
  },
)

it.each([
  ['somebody else', { author: 'mallory' }],
  ['the holder in a fork', { headRepositoryId: 99 }],
  ['the holder in a deleted fork', { headRepositoryId: null }],
  ['the holder on the branch of another task', { branch: 'muster/DEV-2-other' }],
  ['the holder on the default branch', { branch: 'main', isFromDefault: true }],
  ['the holder, but closed', { state: 'closed' as const }],
  ['the holder, about another task', { body: 'Closes #2' }],
])('a pull request by %s moves no attempt', async (_, over) => {
  const given = await opened({ body: 'Closes #1', ...over })
  await given.claim(1, 'bob', BOB)
  expect((await given.see()).attempts).toMatchObject([{ headSha: null, branch: null }])
})

it('an agent’s id is no login: whoever is called like it moves nothing', async () => {
  const given = await opened({ body: 'Closes #1' })
  await given.claim(1, 'bob', AGENT)
  expect((await given.see()).attempts).toMatchObject([{ headSha: null }])
})

it('a commit that names the attempt counts for the one who opened it; one that names another attempt or task does not', async () => {
  const given = await opened({ body: 'Task: DEV-1', author: 'claude[bot]' })
  await given.claim(1, 'bob', BOB)
  given.github.messages = ['Sum\n\nMuster-Attempt: DEV-1#2', 'Sum\n\nMuster-Attempt: DEV-2#1']
  expect((await given.see()).attempts).toMatchObject([{ headSha: null }])
  given.github.messages = ['Sum\n\nMuster-Attempt: DEV-1#1', 'More']
  expect((await given.see({ headSha: 'b'.repeat(40) })).attempts).toMatchObject([{ branch: 'fix' }])
})

it('an attempt that has a branch of its own keeps it', async () => {
  const given = await opened({ body: 'Closes #1' })
  await given.claim(1, 'bob', BOB)
  await given.ask('task/7/1', {
    type: 'observe-head',
    branch: 'muster/DEV-1-x',
    headSha: 'c'.repeat(40),
    attempt: null,
  })
  given.github.messages = ['Sum\n\nMuster-Attempt: DEV-1#1']
  expect((await given.see()).attempts).toMatchObject([{ headSha: 'c'.repeat(40), branch: 'muster/DEV-1-x' }])
})

it('an attempt that follows another does not take over its commit', async () => {
  const given = await opened({ body: 'Closes #1' })
  await given.claim(1, 'bob', BOB)
  await given.see()
  await given.ask('task/7/1', { type: 'release-task', fence: null, reason: 'stopped' }, BOB)
  await given.claim(1, 'bob', BOB)
  expect((await given.see()).attempts).toMatchObject([{ headSha: HEAD }, { headSha: null }])
  const next = 'b'.repeat(40)
  expect((await given.see({ headSha: next })).attempts).toMatchObject([{ headSha: HEAD }, { headSha: next }])
})

it('heard of after the attempt has ended it still counts when it was opened before; later ones do not', async () => {
  for (const [openedAt, head] of [
    [OPENED, HEAD],
    [OPENED + 60_000, null],
  ] as const) {
    const given = await opened({ body: 'Closes #1', openedAt })
    await given.claim(1, 'bob', BOB)
    given.clock.pass(5_000)
    await given.ask('task/7/1', { type: 'release-task', fence: null, reason: 'stopped' }, BOB)
    expect((await given.see()).attempts).toMatchObject([{ headSha: head }])
  }
})
