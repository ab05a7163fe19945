/** An edge that somebody drew or took away on GitHub: whose rights count, what is said, and that it is run once. */
import { describe, expect, it } from 'vitest'
import type { TaskRef } from '../../app/domain/task/state.ts'
import type { EdgeChange } from '../../app/inbound/edge-change.ts'
import { createPersonChangeHandler } from '../../app/inbound/person-change.ts'
import { givenEndpoint } from './http/given-endpoint.ts'
import { PLACE } from './webhook/handlers/given-deps.ts'

const given = async () => {
  const test = await givenEndpoint()
  const { ask, ready, github, deps, store, taskOf } = test
  for (const issue of [1, 2, 3]) await ready(issue)
  const make = (stream: `task/${number}/${number}`, project: `project/${number}`, key: string) =>
    ask(stream, { type: 'create-task', project, key, number: 3, title: 'T', priority: 'p2' })
  await make('task/8/3', 'project/8', 'OTH-3')
  github.roles.set('bob', 'write')
  github.roles.set('carol', 'triage')
  github.roles.set('dave', 'read')
  const handler = createPersonChangeHandler({ ...deps, placeOf: async () => PLACE })
  let n = 0
  const change = async (more: Partial<EdgeChange>): Promise<string | null> => {
    n += 1
    const { explain } = await handler({
      field: 'edge',
      stream: 'task/7/1',
      change: 'added',
      kind: 'blocked-by',
      to: 'task/7/2',
      seen: null,
      by: { kind: 'user', id: 'bob' },
      eventId: `E${n}`,
      at: 1,
      ...more,
    })
    return explain?.replaceAll('\u200b', '') ?? null
  }
  const keys = async (issue: number) => (await taskOf(issue)).dependsOn.map(({ key }: TaskRef) => key)
  const count = async () => (await store.log.read('task/7/1')).length
  return { ...test, change, keys, count }
}

describe('an edge that was drawn', () => {
  it('is the command that says the same, by whoever drew it, once', async () => {
    const { change, keys, store, count } = await given()
    expect(await change({ eventId: 'E' })).toBeNull()
    expect(await keys(1)).toEqual(['DEV-2'])
    expect((await store.log.read('task/7/1')).find(({ type }) => type === 'dependency-added')).toMatchObject({
      actor: { kind: 'user', id: 'bob' },
      cause: 'click:edge:E',
    })
    await change({ change: 'removed' })
    const before = await count()
    // Heard of again after it was taken away: it is not drawn anew.
    await change({ eventId: 'E' })
    expect(await keys(1)).toEqual([])
    expect(await count()).toBe(before)
  })

  it('needs the role of its command, and a repetition is not told again', async () => {
    const { change, taskOf, github } = await given()
    const drawn = { kind: 'parent', by: { kind: 'user', id: 'carol' }, eventId: 'E' } as const
    expect(await change(drawn)).toBe(
      'The parent #2, as carol drew it, is taken out again. `parent` needs the write role here; you have triage. Ask someone with the write role to do it.',
    )
    github.roles.set('carol', 'write')
    expect(await change(drawn)).toBeNull()
    expect((await taskOf(1)).details.parent).toBeUndefined()
    expect(await change({ kind: 'parent', by: { kind: 'bot', id: 'claude[bot]' } })).toContain('you have none')
    expect(await change({ kind: 'parent', by: { kind: 'user', id: 'carol' } })).toBeNull()
    expect((await taskOf(1)).details.parent).toMatchObject({ key: 'DEV-2' })
  })

  it('may not close a circle, nor lead to what is no task', async () => {
    const { change } = await given()
    await change({})
    expect(await change({ stream: 'task/7/2', to: 'task/7/1' })).toContain('DEV-2 → DEV-1 → DEV-2')
    expect(await change({ to: 'task/7/99' })).toContain('#99 is not a task of this project')
  })

  it('leads to another repository only for who may read there, and its name is not said', async () => {
    const { change, keys, deps } = await given()
    const seen = { repository: 'Acme/Other', repositoryId: 8, number: 3 }
    const elsewhere = { to: 'task/8/3', seen } as const
    const facts = { ...deps.facts }
    deps.facts.roleOf = (place, login, fresh) =>
      place.repositoryId === 8 && login === 'carol' ? Promise.resolve('none') : facts.roleOf(place, login, fresh)
    const refused = await change({ ...elsewhere, by: { kind: 'user', id: 'carol' } })
    expect(refused).toContain('An issue of another repository is not a task of this project')
    expect(refused?.toLowerCase()).not.toContain('other#3')
    expect(await change({ ...elsewhere, by: { kind: 'user', id: 'bob' } })).toBeNull()
    expect(await keys(1)).toEqual(['OTH-3'])
  })
})

describe('an edge that was taken away', () => {
  it('is put back for who may not', async () => {
    const { change, keys } = await given()
    await change({})
    expect(await change({ change: 'removed', by: { kind: 'user', id: 'dave' } })).toBe(
      'That this is blocked by #2, which dave took away, is put back. `undepends` needs the triage role here; you have read. Ask someone with the triage role to do it.',
    )
    expect(await keys(1)).toEqual(['DEV-2'])
  })

  it('says nothing where the task has another, or none', async () => {
    const { change, taskOf, count } = await given()
    await change({ kind: 'parent', to: 'task/7/3' })
    const before = await count()
    expect(await change({ kind: 'parent', to: 'task/7/2', change: 'removed' })).toBeNull()
    expect(await change({ change: 'removed' })).toBeNull()
    expect(await count()).toBe(before)
    expect(await change({ kind: 'parent', to: 'task/7/3', change: 'removed' })).toBeNull()
    expect((await taskOf(1)).details.parent).toBeUndefined()
  })
})

it('who is assigned and which milestone is set are taken down as they are, by whoever did it', async () => {
  const { deps, taskOf, store } = await given()
  const handler = createPersonChangeHandler({ ...deps, placeOf: async () => PLACE })
  const by = { kind: 'user', id: 'dave' } as const
  const stream = 'task/7/1'
  await handler({ field: 'assignees', stream, assignees: ['alice', 'bob'], by })
  await handler({ field: 'milestone', stream, milestone: { number: 1, title: 'v1' }, by: null })
  expect(await taskOf(1)).toMatchObject({ assignees: ['alice', 'bob'], milestone: { number: 1, title: 'v1' } })
  expect((await store.log.read(stream)).slice(-2).map(({ actor }) => actor.id)).toEqual(['dave', 'muster'])
  await handler({ field: 'assignees', stream, assignees: [], by })
  await handler({ field: 'milestone', stream, milestone: null, by })
  const after = await taskOf(1)
  expect(['assignees' in after, 'milestone' in after]).toEqual([false, false])
})
