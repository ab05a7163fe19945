import { describe, expect, it } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import type { AppliedCheck } from '../../../../app/outbound/github/replica/base.ts'
import { SETTLE_MS } from '../../../../app/outbound/github/replica/compare.ts'
import { LOOK_AGAIN_MS } from '../../../../app/outbound/github/replica/probe.ts'
import { anAttempt } from '../task-fixture.ts'
import { closeAfterEach, faultOf, open } from './use-world.ts'

closeAfterEach()

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

  it('makes no double when all was done, and only the look for a label that was there already failed', async () => {
    const at = await open()
    await at.as('bob').post('/repos/acme/widgets/labels', { name: 'agent/bob', color: 'd4c5f9' })
    at.change({ status: 'in_progress', attempts: [anAttempt({ baseSha: at.baseSha, owner: 'bob' })] })
    const real = globalThis.fetch
    let failed = 0
    globalThis.fetch = async (input, init) => {
      if (!(typeof init?.body === 'string' && init.body.includes('LookUpLabels'))) return real(input, init)
      failed += 1
      return new Response('', { status: 502 })
    }
    await expect(at.reconcile()).rejects.toMatchObject({ retryable: true })
    globalThis.fetch = real
    expect(failed).toBeGreaterThan(0)
    await at.reconcile()
    expect(await at.comments()).toHaveLength(1)
    expect(await at.checks(at.baseSha)).toHaveLength(1)
    expect(await at.labels()).toContain('agent/bob')
  })

  it('leaves no label behind that a request put on whose answer was lost, when the state has gone on meanwhile', async () => {
    const at = await open()
    await at.reconcile()
    at.passTime(60_000)
    const real = globalThis.fetch
    globalThis.fetch = async (input, init) => {
      const answer = await real(input, init)
      if (!(typeof init?.body === 'string' && init.body.includes('addLabelsToLabelable'))) return answer
      globalThis.fetch = real
      await answer.arrayBuffer()
      return new Response('bad gateway', { status: 502 })
    }
    at.change({ status: 'waiting' })
    expect(await faultOf(at.reconcile())).toMatchObject({ ambiguous: true })
    at.change({ status: 'blocked' })
    await at.reconcile()
    expect(await at.labels()).toEqual(['priority/p2', 'status/blocked'])
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
