import { describe, expect, it } from 'vitest'
import { attemptCheck } from '../../../../app/outbound/github/checks/attempt-check.ts'
import { checkUnsureKey } from '../../../../app/outbound/github/replica/operations.ts'
import { aFailedAttempt, anAttempt, failedTests } from '../task-fixture.ts'
import { closeAfterEach, open } from './use-world.ts'

closeAfterEach()

describe('bringing an issue up to date', () => {
  it('makes labels and record with three requests the first time, then with one per change and none without', async () => {
    const at = await open()
    await at.reconcile()
    expect(await at.labels()).toEqual(['priority/p2', 'status/ready'])
    expect((await at.comments()).map(({ body }) => body.split('\n')[0])).toEqual(['### DEV-12: ready'])
    expect(at.requests()).toEqual({
      'POST /app/installations/{installation_id}/access_tokens': 1,
      'GraphQL Observe': 1,
      'GraphQL Reconcile': 2,
    })
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha, owner: 'bob' })] })
    await at.reconcile()
    at.change({ status: 'blocked' })
    await at.reconcile()
    await at.reconcile()
    // The first brought a new label, agent/bob, which is worn in a second request.
    expect(at.requests()['GraphQL Reconcile']).toBe(5)
    expect(await at.labels()).toEqual(['agent/bob', 'priority/p2', 'status/blocked'])
    expect((await at.comments()).map(({ body }) => body.split('\n')[0])).toEqual(['### DEV-12: blocked'])
    expect(at.sandbox.log.unsupported).toEqual([])
  })

  it('leaves labels of others alone', async () => {
    const at = await open()
    await at.as('alice').post(`/repos/acme/widgets/issues/${at.number}/labels`, { labels: ['bug'] })
    await at.reconcile()
    expect(await at.labels()).toEqual(['bug', 'priority/p2', 'status/ready'])
  })

  it('shows an attempt on its base, then on its head, with annotations in batches and buttons', async () => {
    const at = await open()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    await at.reconcile()
    expect(await at.checks(at.baseSha)).toMatchObject([{ name: 'muster / DEV-12 #1', status: 'in_progress' }])

    const head = await at.pushBranch('muster/DEV-12-round', { 'src/round.js': 'export const round = 1\n' })
    const attempt = aFailedAttempt({ baseSha: at.baseSha, headSha: head, tests: failedTests(70) })
    const pull = await at.as('bob').post('/repos/acme/widgets/pulls', {
      title: 'Round',
      head: 'muster/DEV-12-round',
      base: 'main',
    })
    const { number } = pull.json
    at.change({
      status: 'waiting',
      attempts: [attempt],
      pullRequests: [{ number, branch: 'muster/DEV-12-round', headSha: head, state: 'open' }],
    })
    await at.reconcile()
    const [onBase] = await at.checks(at.baseSha)
    expect(onBase).toMatchObject({ status: 'completed', conclusion: 'neutral' })
    const [onHead, constant] = await at.checks(head)
    expect(onHead).toMatchObject({
      name: 'muster / DEV-12 #1',
      conclusion: 'failure',
      output: { title: 'Failed: test_fail, $0.42', annotations_count: 70 },
    })
    expect(constant).toMatchObject({ name: 'muster', status: 'in_progress' })
    const comments = (await at.as('alice').get(`/repos/acme/widgets/issues/${number}/comments`)).json
    expect(comments).toHaveLength(1)
    expect(comments[0].body).toContain('**Attempt 1**: Failed: test_fail')
    await at.reconcile()
    expect((await at.checks(head)).map(({ output }) => output.annotations_count)).toEqual([70, 0])
    expect(at.sandbox.log.unsupported).toEqual([])
  })

  it('asks once for a check on a commit that GitHub does not have, and writes all the rest', async () => {
    const at = await open()
    const attempt = anAttempt({ baseSha: 'd'.repeat(40), owner: 'bob' })
    at.change({ status: 'in_progress', attempts: [attempt] })
    await at.reconcile()
    expect(await at.labels()).toEqual(['agent/bob', 'priority/p2', 'status/in_progress'])
    expect((await at.comments()).map(({ body }) => body.split('\n')[0])).toEqual(['### DEV-12: in_progress'])
    const refusedCheck = attemptCheck(at.task, attempt)
    if (refusedCheck === null) throw new Error('an attempt that began has a check')
    const base = JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '{}')
    expect(Object.keys(base.refused)).toHaveLength(1)
    expect(base.checks).toEqual({})
    const asked = at.requests()['GraphQL Reconcile']
    await at.reconcile()
    await at.reconcile()
    expect(at.requests()['GraphQL Reconcile']).toBe(asked)
    // A life that ended while it asked looks for the check once, not for ever after.
    const asking = { ...base, unsure: [checkUnsureKey(refusedCheck)] }
    await at.documents.put('replica', at.task.stream, JSON.stringify(asking))
    await at.reconcile()
    const after = JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '{}')
    expect(after).toMatchObject({ unsure: [], lookAgain: null })
    at.change({ attempts: [{ ...attempt, baseSha: at.baseSha }] })
    await at.reconcile()
    expect(await at.checks(at.baseSha)).toMatchObject([{ name: 'muster / DEV-12 #1', status: 'in_progress' }])
  })

  it('closes the issue of a task that is done in the request that says so, and no second time', async () => {
    const at = await open()
    await at.reconcile()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    await at.reconcile()
    const stateNow = async () => (await at.as('alice').get(`/repos/acme/widgets/issues/${at.number}`)).json
    at.change({ status: 'done' })
    const before = at.requests()['GraphQL Reconcile'] ?? 0
    await at.reconcile()
    expect(await stateNow()).toMatchObject({ state: 'closed', state_reason: 'completed' })
    expect(at.requests()['GraphQL Reconcile']).toBe(before + 1)
    await at.as('alice').patch(`/repos/acme/widgets/issues/${at.number}`, { state: 'open' })
    at.change({ title: 'Another word' })
    await at.reconcile()
    expect(await stateNow()).toMatchObject({ state: 'open' })
  })

  it('writes nothing where the record has another history', async () => {
    const at = await open()
    at.meetAs('apart')
    for (let look = 0; look < 3; look += 1) await at.reconcile()
    expect(await at.comments()).toEqual([])
    // Said once, however often it is found.
    expect(at.warnings).toHaveLength(1)
  })
})
