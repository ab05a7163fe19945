import { describe, expect, it } from 'vitest'
import { GitHubFault } from '../../../../app/outbound/github/client/fault.ts'
import { createLabelIdBook } from '../../../../app/outbound/github/labels/label-ids.ts'
import { closeAfterEach, open, type World } from './use-world.ts'

closeAfterEach()

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

  it('takes a label off that another look, begun before it was made, had not found', async () => {
    const at = await open()
    await at.reconcile()
    at.passTime(60_000)
    await at.as('bob').post(`${path(at)}/labels`, { labels: ['priority/p1'] })
    await createLabelIdBook(at.documents).learn(at.repository.id, { 'priority/p1': null })
    await at.touch()
    await at.reconcile()
    expect(await at.labels()).toEqual(['priority/p2', 'status/ready'])
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
    expect(at.changes.map((change) => (change.field === 'record' ? change.by?.id : null))).toEqual([
      'alice',
      'claude[bot]',
    ])
  })

  it('shows one again that somebody folded up, puts that on record once, and gives up after three times', async () => {
    const at = await open()
    await at.reconcile()
    const fold = async () => {
      at.passTime(60_000)
      const [record] = at.sandbox.state.comments.all()
      at.sandbox.state.comments.update(record?.id ?? 0, { minimized: 'spam' })
      await at.touch()
      await at.reconcile()
      return at.sandbox.state.comments.get(record?.id ?? 0)?.minimized
    }
    for (let n = 1; n <= 3; n += 1) {
      expect(await fold()).toBeNull()
      await at.reconcile()
      expect(at.changes).toHaveLength(n)
    }
    expect(at.changes[0]).toMatchObject({ field: 'record', what: 'record-minimised', by: null })
    expect(new Set(at.changes.map((change) => 'identity' in change && change.identity)).size).toBe(3)
    expect(await fold()).toBe('spam')
    expect(at.changes.at(-1)).toMatchObject({ field: 'war', over: 'record' })
    expect((await at.comments()).filter(({ body }) => body.startsWith('Somebody keeps hiding'))).toHaveLength(1)
  })

  it('knows its record wherever it stands in the thread', async () => {
    const at = await open()
    await at.as('alice').post(`/repos/acme/widgets/issues/${at.number}/comments`, { body: 'before' })
    await at.reconcile()
    await at.as('alice').post(`/repos/acme/widgets/issues/${at.number}/comments`, { body: 'after' })
    await at.documents.delete('replica', at.task.stream)
    at.restart()
    at.change({ status: 'blocked' })
    await at.reconcile()
    expect((await at.comments()).map(({ body }) => body.split('\n')[0])).toEqual([
      'before',
      '### DEV-12: blocked',
      'after',
    ])
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
