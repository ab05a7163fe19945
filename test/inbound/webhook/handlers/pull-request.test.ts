import { expect, it } from 'vitest'
import type { PullRequestFacts } from '../../../../app/inbound/ports.ts'
import { onPullRequest } from '../../../../app/inbound/webhook/handlers/pull-request.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const HEAD = 'a'.repeat(40)

const pull = (over: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  number: 9,
  body: '',
  branch: 'fix',
  headSha: HEAD,
  headRepositoryId: 7,
  state: 'open',
  author: 'bob',
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
