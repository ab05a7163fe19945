import { describe, expect, it } from 'vitest'
import type { Dependency, TaskRef } from '../../../../app/domain/task/state.ts'
import { closeAfterEach, open, type World } from './use-world.ts'

closeAfterEach()

const path = (at: World) => `/repos/acme/widgets/issues/${at.number}`

/** What GitHub shows: `parent 3`, `blocked by 4`. */
const shown = async (at: World): Promise<readonly string[]> => {
  const { state } = at.sandbox
  const issue = state.issues.find(
    ({ number, repositoryId }) => number === at.number && repositoryId === at.repository.id,
  )
  const number = (id: number) => state.issues.get(id)?.number
  const parent = issue?.parentId ?? null
  const blockers = (issue?.blockedByIds ?? []).map((id) => `blocked by ${number(id)}`)
  return [...(parent === null ? [] : [`parent ${number(parent)}`]), ...blockers].toSorted()
}

const relate = (at: World, dependsOn: readonly Dependency[], parent?: TaskRef) =>
  at.change({ dependsOn, details: parent === undefined ? {} : { parent } })

describe('edges of the task', () => {
  it('are drawn in the request that writes the rest, and nothing is asked or written a second time', async () => {
    const at = await open()
    const [first, second, whole] = [await at.other('A'), await at.other('B'), await at.other('Whole')]
    await at.reconcile()
    // Asked for once each, because nobody has looked at those issues yet.
    relate(at, [first.ref, second.ref], whole.ref)
    const before = at.requests()['GraphQL Reconcile'] ?? 0
    await at.reconcile()
    expect(await shown(at)).toEqual(
      [`blocked by ${first.number}`, `blocked by ${second.number}`, `parent ${whole.number}`].toSorted(),
    )
    expect(at.requests()['GraphQL Reconcile']).toBe(before + 1)
    expect(at.requests()['GET /repos/{owner}/{repo}/issues/{issue_number}']).toBe(3)
    const asked = { ...at.requests() }
    await at.reconcile()
    expect(at.requests()).toEqual(asked)

    relate(at, [second.ref], first.ref)
    await at.reconcile()
    expect(await shown(at)).toEqual([`blocked by ${second.number}`, `parent ${first.number}`].toSorted())
    relate(at, [])
    await at.reconcile()
    expect(await shown(at)).toEqual([])
    // Their ids are known now.
    expect(at.requests()['GET /repos/{owner}/{repo}/issues/{issue_number}']).toBe(3)
    expect(at.requests()['GraphQL EdgeEvents']).toBeUndefined()
    expect(at.changes).toEqual([])
    expect(at.sandbox.log.unsupported).toEqual([])
  })

  it('cost issues without any nothing: the same requests as ever', async () => {
    const at = await open()
    await at.reconcile()
    at.change({ status: 'blocked' })
    await at.reconcile()
    await at.touch()
    await at.reconcile()
    expect(at.requests()).toEqual({
      'POST /app/installations/{installation_id}/access_tokens': 1,
      'GraphQL Observe': 2,
      'GraphQL Reconcile': 3,
    })
  })

  it('that GitHub would not take stay in Muster: said once, and the rest is written', async () => {
    const at = await open({ maxDependencies: 1 })
    const [first, second] = [await at.other('A'), await at.other('B')]
    await at.reconcile()
    relate(at, [first.ref, second.ref])
    await at.reconcile()
    expect(await shown(at)).toEqual([`blocked by ${first.number}`])
    const due = at.put.findLast(({ kind }) => kind === 'look-at-task')?.dueAt ?? expect.fail()
    at.passTime(due - at.now())
    await at.reconcile()
    const line = expect.stringContaining(
      `GitHub does not take over all relations of DEV-12: blocked by #${second.number}.`,
    )
    const texts = async () => (await at.comments()).map(({ body }) => body.split('\n')[0])
    expect(await texts()).toEqual(['### DEV-12: ready', line])
    const asked = { ...at.requests() }
    await at.reconcile()
    expect(at.requests()).toEqual(asked)
    // There is room again: it is drawn after all.
    relate(at, [second.ref])
    await at.reconcile()
    expect(await shown(at)).toEqual([`blocked by ${second.number}`])
    expect(await texts()).toHaveLength(2)
  })

  it('that stand there already, because an answer was lost, are found and not fought over', async () => {
    const at = await open()
    const first = await at.other('A')
    await at.reconcile()
    relate(at, [first.ref])
    await at.as('muster').post(`${path(at)}/dependencies/blocked_by`, { issue_id: first.id })
    await at.reconcile()
    at.passTime(16_000)
    await at.reconcile()
    expect(await shown(at)).toEqual([`blocked by ${first.number}`])
    expect(await at.base()).toMatchObject({ relations: { edges: [`blocked-by:${first.ref.stream}`], unheld: [] } })
    expect(await at.comments()).toHaveLength(1)
    expect(at.changes).toEqual([])
  })
})

describe('edges that people draw', () => {
  it('are handed over with who did it and GitHub’s own event; refused, they are taken out with one line', async () => {
    const at = await open()
    const first = await at.other('A')
    await at.reconcile()
    at.passTime(60_000)
    at.answers.explain = 'It would close a circle.'
    await at.as('carol').post(`${path(at)}/dependencies/blocked_by`, { issue_id: first.id })
    await at.as('carol').post(`/repos/acme/widgets/issues/${first.number}/sub_issues`, { sub_issue_id: await idOf(at) })
    await at.touch()
    await at.reconcile()
    expect(at.changes).toMatchObject([
      { field: 'edge', change: 'added', kind: 'blocked-by', to: first.ref.stream, by: { kind: 'user', id: 'carol' } },
      {
        field: 'edge',
        change: 'added',
        kind: 'parent',
        to: first.ref.stream,
        seen: { repository: 'acme/widgets', number: first.number },
      },
    ])
    expect(await shown(at)).toEqual([])
    expect((await at.comments()).filter(({ body }) => body === 'It would close a circle.')).toHaveLength(2)
    await at.touch()
    at.passTime(60_000)
    await at.reconcile()
    expect(at.changes).toHaveLength(2)
    expect(at.requests()['GraphQL EdgeEvents']).toBe(1)
  })

  it('are put back three times an hour against whoever keeps changing them, and then left with one line', async () => {
    const at = await open()
    const first = await at.other('A')
    await at.reconcile()
    relate(at, [first.ref])
    await at.reconcile()
    at.answers.explain = 'It is put back.'
    for (let fight = 0; fight < 6; fight += 1) {
      at.passTime(60_000)
      await at.as('bob').delete(`${path(at)}/dependencies/blocked_by/${first.id}`)
      await at.touch()
      await at.reconcile()
    }
    expect(at.changes.filter(({ field }) => field === 'war')).toMatchObject([{ over: 'dependencies' }])
    expect(await shown(at)).toEqual([])
    const lines = (await at.comments()).filter(({ body }) =>
      body.startsWith('Something keeps changing what this issue is'),
    )
    expect(lines).toHaveLength(1)
    // Said only as often as it was done.
    expect((await at.comments()).filter(({ body }) => body === 'It is put back.')).toHaveLength(3)
    expect(await at.base()).toMatchObject({ withheld: ['dependencies'] })
    at.change({ status: 'blocked' })
    await at.reconcile()
    expect(await shown(at)).toEqual([`blocked by ${first.number}`])
  })

  it('before the issue was a task count as theirs; what is no task stays where it is', async () => {
    const at = await open()
    const [first, epic] = [await at.other('A'), await at.other('Epic', false)]
    await at.as('bob').post(`${path(at)}/dependencies/blocked_by`, { issue_id: first.id })
    await at.as('bob').post(`/repos/acme/widgets/issues/${epic.number}/sub_issues`, { sub_issue_id: await idOf(at) })
    at.passTime(60_000)
    await at.reconcile()
    expect(at.changes).toMatchObject([{ field: 'edge', kind: 'blocked-by', to: first.ref.stream, by: { id: 'bob' } }])
    // Nobody took it over here, so that it is put back.
    expect(await shown(at)).toEqual([`parent ${epic.number}`])
  })
})

it('an issue at the other end that was transferred is still the same one', async () => {
  const at = await open()
  const first = await at.other('A')
  await at.reconcile()
  relate(at, [first.ref])
  await at.reconcile()
  const issueId = (await at.as('alice').get(`/repos/acme/widgets/issues/${first.number}`)).json.node_id
  const repositoryId = (await at.as('alice').get('/repos/acme/secret')).json.node_id
  const query = `mutation($input: TransferIssueInput!) { transferIssue(input: $input) { issue { number repository { databaseId } } } }`
  const { data } = (await at.as('alice').post('/graphql', { query, variables: { input: { issueId, repositoryId } } }))
    .json
  const { number, repository } = data.transferIssue.issue
  at.moveOther(first.ref.stream, `project/${repository.databaseId}`, number)
  at.passTime(60_000)
  await at.touch()
  await at.reconcile()
  expect(at.changes).toEqual([])
  expect(await shown(at)).toEqual([`blocked by ${number}`])
  expect(await at.base()).toMatchObject({ relations: { edges: [`blocked-by:${first.ref.stream}`], unheld: [] } })
  expect(at.requests()['GraphQL EdgeEvents']).toBeUndefined()
})

it('after everything was forgotten the log wins once, and lists what that changed', async () => {
  const at = await open()
  const [first, second] = [await at.other('A'), await at.other('B')]
  await at.reconcile()
  relate(at, [first.ref])
  await at.reconcile()
  await at.documents.delete('replica', at.task.stream)
  await at.as('bob').delete(`${path(at)}/dependencies/blocked_by/${first.id}`)
  await at.as('bob').post(`${path(at)}/dependencies/blocked_by`, { issue_id: second.id })
  at.restart()
  await at.reconcile()
  expect(await shown(at)).toEqual([`blocked by ${first.number}`])
  expect(at.changes.filter(({ field }) => field === 'edge')).toEqual([])
  const line = expect.stringContaining(
    `taken away: blocked by #${second.number}; put there: blocked by #${first.number}`,
  )
  expect((await at.comments()).map(({ body }) => body)).toContainEqual(line)
  const asked = { ...at.requests() }
  await at.reconcile()
  expect(at.requests()).toEqual(asked)
})

it('tells who is assigned and what it is planned for, once', async () => {
  const at = await open()
  const { number } = (await at.as('alice').post('/repos/acme/widgets/milestones', { title: 'v1' })).json
  await at.as('alice').patch(path(at), { assignees: ['bob', 'alice'], milestone: number })
  await at.reconcile()
  expect(at.changes).toMatchObject([
    { field: 'assignees', assignees: ['alice', 'bob'] },
    { field: 'milestone', milestone: { number, title: 'v1' } },
  ])
  at.change({ assignees: ['alice', 'bob'], milestone: { number, title: 'v1' } })
  await at.touch()
  await at.reconcile()
  expect(at.changes).toHaveLength(2)
})

const idOf = async (at: World): Promise<number> => (await at.as('bob').get(path(at))).json.id
