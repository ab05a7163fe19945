import { afterEach, describe, expect, it } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { attemptCheck } from '../../../../app/outbound/github/checks/attempt-check.ts'
import type { AppliedCheck } from '../../../../app/outbound/github/replica/base.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { checkUnsureKey } from '../../../../app/outbound/github/replica/operations.ts'
import { LOOK_AGAIN_MS } from '../../../../app/outbound/github/replica/probe.ts'
import { aFailedAttempt, anAttempt, failedTests } from '../task-fixture.ts'
import { setUp } from './sandbox-harness.ts'

type World = Awaited<ReturnType<typeof setUp>>
let world: World | null = null
const open = async (...args: Parameters<typeof setUp>): Promise<World> => (world = await setUp(...args))
afterEach(async () => {
  await world?.close()
  world = null
})

const faultOf = async (work: Promise<unknown>): Promise<GitHubFault> => {
  const reason = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(reason).toBeInstanceOf(GitHubFault)
  return reason as GitHubFault
}

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

describe('what others change', () => {
  const path = (at: World) => `/repos/acme/widgets/issues/${at.number}`

  it('hands a label over with who changed it and GitHub’s own event, and puts it back with one line', async () => {
    const at = await open()
    await at.reconcile()
    at.passTime(60_000)
    at.answers.explain = 'Priorities need the triage role.'
    await at.as('carol').post(`${path(at)}/labels`, { labels: ['priority/p0'] })
    await at.touch()
    await at.reconcile()
    expect(at.changes).toMatchObject([
      { field: 'label', change: 'added', label: 'priority/p0', by: { kind: 'user', id: 'carol' } },
    ])
    expect(await at.labels()).toEqual(['priority/p2', 'status/ready'])
    expect((await at.comments()).map(({ body }) => body)).toContain('Priorities need the triage role.')
    await at.touch()
    await at.reconcile()
    expect(at.changes).toHaveLength(1)
  })

  it('makes a label anew that was renamed, and one that was deleted', async () => {
    const at = await open()
    await at.reconcile()
    at.passTime(60_000)
    await at.as('alice').patch('/repos/acme/widgets/labels/status%2Fready', { new_name: 'go' })
    await at.as('alice').delete('/repos/acme/widgets/labels/priority%2Fp2')
    await at.touch()
    await at.reconcile()
    expect(at.changes).toEqual([])
    expect(await at.labels()).toEqual(['go', 'priority/p2', 'status/ready'])
  })

  it('repairs a record comment that a person edited, and says who did it', async () => {
    const at = await open()
    await at.reconcile()
    const [before] = await at.comments()
    await at.as('bob').patch(`/repos/acme/widgets/issues/comments/${before?.id}`, { body: 'mine now' })
    await at.touch()
    await at.reconcile()
    expect(at.changes).toMatchObject([{ field: 'record', what: 'record-edited', by: { id: 'bob' } }])
    expect(await at.comments()).toMatchObject([{ id: before?.id, body: before?.body }])
  })

  it('repairs one that was rolled back to an older body of ours by a person, and one edited by another App', async () => {
    const at = await open()
    await at.reconcile()
    const [old] = await at.comments()
    at.change({ status: 'blocked' })
    await at.reconcile()
    const [newest] = await at.comments()
    for (const who of ['alice', 'claude'] as const) {
      await at.as(who).patch(`/repos/acme/widgets/issues/comments/${old?.id}`, { body: old?.body })
      await at.touch()
      await at.reconcile()
      expect(await at.comments()).toMatchObject([{ id: newest?.id, body: newest?.body }])
    }
    expect(at.changes.map((change) => (change.field === 'record' ? change.by?.id : null))).toEqual(['alice', 'claude'])
  })

  it('makes a deleted one anew', async () => {
    const at = await open()
    await at.reconcile()
    const [before] = await at.comments()
    at.passTime(60_000)
    await at.as('alice').delete(`/repos/acme/widgets/issues/comments/${before?.id}`)
    await at.touch()
    await at.reconcile()
    expect(at.changes).toMatchObject([{ field: 'record', what: 'record-deleted' }])
    expect(await at.comments()).toMatchObject([{ body: before?.body }])
  })

  it('does not take a person’s copy of the record for ours after everything was forgotten', async () => {
    const at = await open()
    await at.reconcile()
    const [ours] = await at.comments()
    await at.as('mallory').post(`${path(at)}/comments`, { body: ours?.body.replace('ready', 'done') })
    await at.documents.delete('replica', at.task.stream)
    at.restart()
    at.change({ status: 'blocked' })
    await at.reconcile()
    const comments = await at.comments()
    expect(comments.map(({ id, body }) => [id, body.split('\n')[0]])).toEqual([
      [ours?.id, '### DEV-12: blocked'],
      [comments[1]?.id, '### DEV-12: done'],
    ])
  })

  it('gives a field up after three corrections within an hour, and takes it up again later', async () => {
    const at = await open()
    await at.reconcile()
    for (let fight = 0; fight < 4; fight++) {
      at.passTime(60_000)
      await at.as('bob').delete(`${path(at)}/labels/status%2Fready`)
      await at.touch()
      await at.reconcile()
    }
    expect(await at.labels()).toEqual(['priority/p2'])
    expect(at.changes.filter(({ field }) => field === 'war')).toMatchObject([{ over: 'labels' }])
    at.passTime(3_600_000)
    at.restart()
    await at.reconcile()
    expect(await at.labels()).toEqual(['priority/p2', 'status/ready'])
  })
})

describe('when somebody keeps changing what only we write', () => {
  const MINUTE_MS = 60_000
  const HACKED = 'hacked'

  const fought = async (times: number) => {
    const at = await open()
    await at.reconcile()
    const [record] = await at.comments()
    const edit = async (): Promise<void> => {
      at.passTime(MINUTE_MS)
      await at.as('bob').patch(`/repos/acme/widgets/issues/comments/${record?.id}`, { body: HACKED })
      at.putOnRecord()
      await at.touch()
      await at.reconcile()
    }
    for (let n = 0; n < times; n += 1) await edit()
    const texts = async () => (await at.comments()).map(({ body }) => body.split('\n')[0])
    return { at, edit, record, texts, war: () => at.changes.filter(({ field }) => field === 'war') }
  }

  it('leaves an edited record alone the fourth time, with one line to people, and says so of itself', async () => {
    const { at, edit, texts, war } = await fought(4)
    const line = expect.stringContaining("Something keeps editing Muster's comment")
    expect(await texts()).toEqual([HACKED, line])
    expect(await at.base()).toMatchObject({ withheld: ['record'], told: ['record'] })
    for (let n = 0; n < 3; n += 1) await edit()
    expect(await texts()).toEqual([HACKED, line])
    expect(war()).toHaveLength(1)
    // Nor is every further edit put on record.
    expect(at.changes.filter(({ field }) => field === 'record')).toHaveLength(4)
  })

  it('writes it with the next change of the task, and not because somebody touched it again', async () => {
    const { at, edit, texts } = await fought(4)
    at.change({ status: 'blocked' })
    await at.reconcile()
    expect((await texts())[0]).toBe('### DEV-12: blocked')
    expect(await at.base()).toMatchObject({ withheld: [] })
    await edit()
    expect((await texts())[0]).toBe(HACKED)
    expect(await texts()).toHaveLength(2)
  })

  it('takes it up by itself when the hour is over', async () => {
    const { at, texts } = await fought(4)
    const due = at.put.findLast(({ kind }) => kind === 'look-at-task')?.dueAt ?? expect.fail()
    at.passTime(due - at.now())
    await at.reconcile()
    expect((await texts())[0]).toBe('### DEV-12: ready')
  })

  it('says the line later when GitHub would not take it', async () => {
    const { at, edit, texts } = await fought(3)
    Object.assign(at.sandbox.switches, { graphqlFailEvery: 1 })
    await expect(edit()).rejects.toThrow(GitHubFault)
    Object.assign(at.sandbox.switches, { graphqlFailEvery: 0 })
    await at.reconcile()
    expect(await texts()).toEqual([HACKED, expect.stringContaining('Something keeps editing')])
  })

  it('makes a deleted record anew after three edits, and after every deletion, only less and less often', async () => {
    const { at, texts } = await fought(3)
    const lose = async (): Promise<void> => {
      at.passTime(20_000)
      for (const { id, body } of await at.comments()) {
        if (body.startsWith('###')) await at.as('alice').delete(`/repos/acme/widgets/issues/comments/${id}`)
      }
      await at.touch()
      await at.reconcile()
    }
    for (let n = 0; n < 3; n += 1) {
      await lose()
      expect(await texts()).toEqual(['### DEV-12: ready'])
    }
    await lose()
    const line = expect.stringContaining("Something keeps deleting Muster's comment")
    expect(await texts()).toEqual([line])
    expect(await at.base()).toMatchObject({ withheld: ['record-gone'] })
    const dueIn = () => (at.put.findLast(({ kind }) => kind === 'look-at-task')?.dueAt ?? 0) - at.now()
    expect(dueIn()).toBeLessThanOrEqual(MINUTE_MS)
    at.passTime(MINUTE_MS)
    await at.reconcile()
    expect(await texts()).toEqual([line, '### DEV-12: ready'])
    expect(await at.base()).toMatchObject({ withheld: [] })
    await lose()
    expect(await texts()).toEqual([line])
    at.passTime(2 * MINUTE_MS)
    await at.reconcile()
    expect(await texts()).toEqual([line, '### DEV-12: ready'])
  })
})

describe('when GitHub is not kind', () => {
  it('gets there although every third change fails in part', async () => {
    const at = await open({ graphqlFailEvery: 3 })
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    let tries = 0
    for (;;) {
      tries++
      const failed = await at.reconcile().then(
        () => null,
        (error: unknown) => error,
      )
      at.passTime(5_000)
      if (failed === null) break
      expect(failed).toBeInstanceOf(GitHubFault)
      if (tries > 12) throw failed
    }
    expect(await at.labels()).toEqual(['agent/claude', 'priority/p2', 'status/in_progress'])
    expect(await at.comments()).toHaveLength(1)
    expect(await at.checks(at.baseSha)).toHaveLength(1)
  })

  it('looks once more at what a person touched moments ago, for GitHub may not have shown it yet', async () => {
    const at = await open()
    await at.reconcile()
    await at.reconciler().touched(at.task.stream, { kind: 'user', id: 'bob' })
    await at.reconcile()
    await at.as('bob').post(`/repos/acme/widgets/issues/${at.number}/labels`, { labels: ['priority/p0'] })
    await at.reconcile()
    expect(at.changes).toEqual([])
    at.passTime(SETTLE_MS)
    await at.reconcile()
    expect(at.changes).toMatchObject([{ field: 'label', change: 'added', label: 'priority/p0' }])
  })

  it('leaves no check in progress on a commit that the attempt left before the answer was missed', async () => {
    const at = await open()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    await at.reconcile()
    const file = { message: 'Work', content: 'YQ==', branch: 'main' }
    const { json } = await at.as('alice').put('/repos/acme/widgets/contents/work.txt', file)
    const headSha = json.commit.sha as string
    // As a life that ended while it asked for the first check, and heard of the push only afterwards.
    const base = JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '{}')
    const asking = {
      ...base,
      checks: {},
      unsure: [`check ${Object.values<AppliedCheck>(base.checks)[0]?.externalId} ${at.baseSha}`],
    }
    await at.documents.put('replica', at.task.stream, JSON.stringify(asking))
    at.restart()
    at.change({ attempts: [anAttempt({ baseSha: at.baseSha, headSha })] })
    await at.reconcile()
    expect(await at.checks(at.baseSha)).toMatchObject([{ status: 'completed', conclusion: 'neutral' }])
    expect(await at.checks(headSha)).toMatchObject([{ status: 'in_progress' }])
    // One that is nowhere to be found is looked for twice, and then no more.
    const lost = JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '{}')
    await at.documents.put(
      'replica',
      at.task.stream,
      JSON.stringify({ ...lost, unsure: [`check nowhere ${at.baseSha}`] }),
    )
    const lookAgain = async () => JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '{}').lookAgain
    await at.reconcile()
    expect(await lookAgain()).toMatchObject({ keys: [`check nowhere ${at.baseSha}`] })
    at.passTime(LOOK_AGAIN_MS + 1)
    await at.reconcile()
    expect(await lookAgain()).toBeNull()
  })

  it('finds what a create left behind whose answer was lost, and makes no double', async () => {
    const at = await open()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    const real = globalThis.fetch
    let lost = 0
    globalThis.fetch = async (input, init) => {
      const answer = await real(input, init)
      const text = typeof init?.body === 'string' ? init.body : ''
      if (!text.includes('createCheckRun')) return answer
      lost++
      if (lost > 1) return answer
      await answer.arrayBuffer()
      return new Response('bad gateway', { status: 502 })
    }
    try {
      expect(await faultOf(at.reconcile())).toMatchObject({ ambiguous: true, retryable: true })
      at.restart()
      await at.reconcile()
    } finally {
      globalThis.fetch = real
    }
    expect(lost).toBe(1)
    expect(await at.comments()).toHaveLength(1)
    expect(await at.checks(at.baseSha)).toMatchObject([{ status: 'in_progress' }])
    expect(await at.labels()).toContain('status/in_progress')
  })

  it('heals a double that GitHub’s replicas hid: the lowest id stays', async () => {
    const at = await open()
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha })] })
    await at.reconcile()
    const [comment] = await at.comments()
    const [check] = await at.checks(at.baseSha)
    // As after a probe that saw nothing: a second of each, and a note to look again.
    const { json: twin } = await at
      .as('muster')
      .post(`/repos/acme/widgets/issues/${at.number}/comments`, { body: comment?.body })
    await at.as('muster').post('/repos/acme/widgets/check-runs', {
      name: check.name,
      head_sha: at.baseSha,
      external_id: check.external_id,
    })
    const base = JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '') as object
    const keys = ['record', `check ${check.external_id} ${at.baseSha}`]
    const doubting = { ...base, lookAgain: { at: 1, keys } }
    await at.documents.put('replica', at.task.stream, JSON.stringify(doubting))
    await at.reconcile()
    expect((await at.comments()).map(({ id }) => id)).toEqual([comment?.id])
    expect(twin.id).not.toBe(comment?.id)
    expect((await at.checks(at.baseSha)).map(({ id, name, conclusion }) => [id, name, conclusion])).toEqual([
      [check.id, 'muster / DEV-12 #1', null],
      [expect.any(Number), 'muster (double)', 'skipped'],
    ])
    expect(JSON.parse((await at.documents.get('replica', at.task.stream)) ?? '')).toMatchObject({
      lookAgain: null,
      unsure: [],
    })
  })
})
