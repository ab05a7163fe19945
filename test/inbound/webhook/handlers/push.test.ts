import { expect, it } from 'vitest'
import { onPush, type Push } from '../../../../app/inbound/webhook/handlers/push.ts'
import { task } from '../../../engine/create-engine.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const BRANCH = 'muster/DEV-1-sum'
const NONE = '0'.repeat(40)
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string]

const push = (before: string, after: string): Push => ({
  ref: `refs/heads/${BRANCH}`,
  before,
  after,
  deleted: after === NONE,
  defaultBranch: 'main',
  paths: [],
  commits: 1,
  headMessage: 'Work',
})

const orders = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item].concat(rest)))

it.each([
  ['forward', [push(NONE, A), push(A, B), push(B, C)], C],
  ['back to where it was', [push(NONE, A), push(A, B), push(B, A)], A],
  ['back and on', [push(NONE, A), push(A, B), push(B, A), push(A, C)], C],
] as const)('the head ends where the branch stands, however pushes %s are ordered', async (_, pushes, head) => {
  for (const order of orders(pushes)) {
    const { deps, github, ready, claim, taskOf } = await givenDeps()
    await ready(1)
    await claim(1)
    github.heads.set(BRANCH, head)
    for (const one of order) await onPush(deps, PLACE, one)
    expect((await taskOf(1)).attempts[0]?.headSha, order.map(({ after }) => after[0]).join()).toBe(head)
  }
})

it('a late push of an earlier attempt does not become the head of the next one', async () => {
  const { deps, github, ready, claim, taskOf } = await givenDeps()
  await ready(1)
  await onPush(deps, PLACE, push(A, B))
  await claim(1)
  github.heads.set(BRANCH, B)
  await onPush(deps, PLACE, push(NONE, A))
  expect((await taskOf(1)).attempts[0]?.headSha).toBe(B)
})

it('a push that is heard of after its attempt has ended still becomes its head, by the commit’s trailer', async () => {
  const { deps, github, ready, claim, taskOf, ask } = await givenDeps()
  await ready(1)
  await claim(1)
  await ask(task(1), { type: 'release-task', fence: null, reason: 'stopped' })
  await claim(1)
  github.heads.set(BRANCH, A)
  await onPush(deps, PLACE, { ...push(NONE, A), headMessage: 'Sum right\n\nMuster-Attempt: DEV-1#1' })
  expect((await taskOf(1)).attempts.map(({ headSha }) => headSha)).toEqual([A, null])
})

it('the default branch is followed, also when its pushes are delivered out of order; other branches are not', async () => {
  const main = (before: string, after: string): Push => ({ ...push(before, after), ref: 'refs/heads/main' })
  for (const order of orders([main(A, B), main(B, C), { ...main(A, NONE), ref: 'refs/heads/other' }])) {
    const { deps, github } = await givenDeps()
    for (const one of order) await onPush(deps, PLACE, one)
    expect(github.defaultHead).toBe(C)
  }
})
