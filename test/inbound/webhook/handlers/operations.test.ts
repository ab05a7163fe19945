/** Commands that reach far: the role is read anew, and a gate's own role decides about it. */
import { expect, it } from 'vitest'
import { onComment } from '../../../../app/inbound/webhook/handlers/issue-comment.ts'
import type { GateNeeds } from '../../../../app/domain/policy/rule.ts'
import { AGENT } from '../../../domain/given.ts'
import { givenDeps, PLACE } from './given-deps.ts'

const given = async (gates: Readonly<Record<string, GateNeeds>> = {}) => {
  const test = await givenDeps()
  const reads: (readonly [string, boolean])[] = []
  const deps = {
    ...test.deps,
    facts: {
      ...test.deps.facts,
      roleOf: (_place: typeof PLACE, login: string, fresh = false) => {
        reads.push([login, fresh])
        return Promise.resolve(test.github.roles.get(login) ?? 'none')
      },
    },
  }
  test.github.configuration = `key: DEV\ngates: ${JSON.stringify(gates)}\n`
  await test.deps.projects.open(PLACE)
  const { settingsOf } = test.engine
  const own = await settingsOf('project/7')
  const engine = { ...test.engine, settingsOf: () => Promise.resolve({ ...own, gates }) }
  let id = 0
  const say = async (login: string, body: string) => {
    id += 1
    await onComment({ ...deps, engine }, PLACE, {
      id,
      nodeId: `IC_${id}`,
      body,
      before: null,
      author: { id: login.length, login, isBot: false },
      senderId: login.length,
      appId: null,
      issue: { number: 1, isPullRequest: false },
    })
  }
  return { ...test, say, reads }
}

it('an admin’s command never rests on a role that was read a minute ago', async () => {
  const { say, reads, ready, github, store } = await given()
  await ready(1)
  github.roles.set('alice', 'admin')
  await say('alice', '/note x')
  await say('alice', '/kill agent=a1 "it loops"')
  expect(reads).toEqual([
    ['alice', false],
    ['alice', true],
  ])
  github.roles.set('alice', 'write')
  await say('alice', '/unkill agent=a1')
  expect((await store.projections.project('project/7'))?.kills).toMatchObject([{ agent: 'a1', reason: 'it loops' }])
})

it('a gate is approved by those whom it names, which may be less than an admin or more than most', async () => {
  const { say, reads, ready, claim, ask, github, taskOf } = await given({ deploy: { approvals: 1, role: 'maintain' } })
  await ready(1)
  await claim(1, 'a1', AGENT)
  await ask('task/7/1', { type: 'open-gate', gate: 'deploy', fence: { epoch: 1, n: 1 } }, AGENT)
  github.roles.set('bob', 'write').set('carol', 'maintain')
  await say('bob', '/approve-gate deploy')
  expect((await taskOf(1)).gates).toBeUndefined()
  await say('carol', '/approve-gate deploy')
  expect(reads).toEqual([
    ['bob', true],
    ['carol', true],
  ])
  expect((await taskOf(1)).gates).toMatchObject([{ name: 'deploy', state: 'approved', approvals: [{ by: 'carol' }] }])
})
