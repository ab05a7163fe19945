/** Naming tasks of other projects: who may, what is answered to whoever may not, and what graph and show say. */
import { describe, expect, it } from 'vitest'
import { settingsFrom } from '../../app/inbound/configuration/settings-from.ts'
import { parseConfiguration } from '../../app/inbound/configuration/parse-configuration.ts'
import { givenEndpoint } from './http/given-endpoint.ts'

const given = async () => {
  const test = await givenEndpoint()
  const { ask, ready, github } = test
  await ready(1)
  await ready(2)
  const make = (project: number, key: string) =>
    ask(`task/${project}/3`, {
      type: 'create-task',
      project: `project/${project}`,
      key,
      number: 3,
      title: 'T',
      priority: 'p2',
    })
  await make(8, 'OTH-3')
  await ask('project/9', {
    type: 'open-project',
    repositoryId: 9,
    repositoryNodeId: 'R_9',
    repository: 'rival/secret',
    installationId: 2,
    prefix: 'SEC',
  })
  await make(9, 'SEC-3')
  const say = async (body: string, login = 'someone'): Promise<string> =>
    (await test.say(body, login)).replaceAll('\u200b', '')
  github.roles.set('someone', 'triage')
  github.roles.set('alice', 'write')
  return { ...test, say }
}

const OTHER = { stream: 'task/8/3', key: 'OTH-3', repository: 'acme/other' }

describe('a dependency on a task of another project', () => {
  it.each(['acme/other#3', 'OTH-3', 'https://github.com/Acme/Other/issues/3'])('is named %s', async (name) => {
    const { say, taskOf } = await given()
    expect(await say(`/depends ${name} failed=drop`)).toBe('rocket')
    expect((await taskOf(1)).dependsOn).toEqual([{ ...OTHER, onFailure: 'drop' }])
    expect(await say(`/undepends ${name.startsWith('https') ? 'oth-3' : name}`)).toBe('rocket')
    expect((await taskOf(1)).dependsOn).toEqual([])
  })

  it('tells whoever may not read it, and of what Muster does not know, the same', async () => {
    const { say, taskOf } = await given()
    const unknown = await say('/depends acme/nothing#3')
    expect(unknown).toMatch(
      /^confused acme\/nothing#3 is not a task of this project.*`\/task` there, where the App must be installed too\./,
    )
    for (const name of ['acme/other#99', 'rival/secret#3']) {
      expect((await say(`/depends ${name}`)).replace(name, 'X')).toBe(unknown.replace('acme/nothing#3', 'X'))
    }
    expect((await say('/depends SEC-3')).replace('SEC-3', 'X')).toBe(unknown.replace('acme/nothing#3', 'X'))
    expect((await taskOf(1)).dependsOn).toEqual([])
  })

  it('is dropped also by somebody who may not read it', async () => {
    const { say, github, taskOf, deps } = await given()
    await say('/depends OTH-3')
    Object.assign(deps.facts, {
      roleOf: ({ repositoryId }: { repositoryId: number }) => Promise.resolve(repositoryId === 7 ? 'triage' : 'none'),
    })
    github.roles.set('bob', 'triage')
    expect(await say('/depends acme/other#3', 'bob')).toMatch(/^confused acme\/other#3 is not a task/)
    expect(await say('/undepends acme/other#3', 'bob')).toBe('rocket')
    expect((await taskOf(1)).dependsOn).toEqual([])
  })

  it('takes an agent a key of that project too', async () => {
    const { post, taskOf } = await given()
    const named = { verb: 'depends', task: 1, args: { on: 'OTH-3' } }
    expect(await post(named, 'codex')).toMatchObject({ status: 404, json: { error: { code: 'unknown-reference' } } })
    expect((await post(named, 'claude')).status).toBe(200)
    expect((await taskOf(1)).dependsOn).toEqual([OTHER])
  })
})

describe('what is answered', () => {
  it('to graph is text in comments, and data over HTTP', async () => {
    const { say, post } = await given()
    await say('/depends #2')
    const text = await say('/graph')
    expect(text).toContain('t1 --> t0')
    expect(text).toContain('1. DEV-2\n2. DEV-1')
    const { status, json } = await post({ verb: 'graph', task: 2 }, 'claude', null)
    expect([status, json]).toMatchObject([200, { graph: { waves: [['DEV-2'], ['DEV-1']], releases: ['DEV-1'] } }])
  })

  it('to show names the parts of a task, and what they come to', async () => {
    const { say, post, taskOf } = await given()
    expect((await post({ verb: 'parent', task: 2, args: { of: 1 } })).status).toBe(200)
    expect((await taskOf(2)).details.parent).toEqual({ stream: 'task/7/1', key: 'DEV-1' })
    expect(await say('/show')).toContain('**Parts**: 0 of 1 done (0 %): 1 ready.\n\nDEV-2 (ready)')
    expect(await say('/parent #2', 'alice')).toContain(
      'A task cannot be a part of itself: DEV-1 is a part of DEV-2 is a part of DEV-1.',
    )
    expect((await post({ verb: 'parent', task: 2, args: { of: 'none' } })).status).toBe(200)
    expect(await say('/show')).toBe('rocket card')
  })
})

it('the policy for failed dependencies is read from the configuration', () => {
  const parsed = parseConfiguration('dependencies: { on_failure: drop }\n')
  expect(parsed.ok && settingsFrom(parsed.configuration).dependencies).toEqual({ onFailure: 'drop' })
  expect(parseConfiguration('dependencies: { on_failure: ignore }\n')).toMatchObject({ ok: false })
})
