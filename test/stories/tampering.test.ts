/** People and other Apps lay hands on what only Muster writes: it is not believed, put right, and put on record once. */
import { afterEach, expect, it } from 'vitest'
import { LEDGER_DEBOUNCE_MS } from '../../app/engine/effects.ts'
import type { IssueComment } from '../../app/sandbox/model/issue.ts'
import { SEED_KEYS } from '../sandbox/seed-keys.ts'
import { play, type Play } from './play.ts'

const REPO = '/repos/acme/widgets'
/** Longer than GitHub's replicas lag behind a write of ours. */
const SETTLED_MS = 20_000

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const start = async () => {
  const p = (open = await play({ friendly: true, keys: SEED_KEYS, speed: 15 }))
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const { state } = p.sandbox
  const on = (number: number): readonly IssueComment[] => {
    const id = state.issues.all().find((one) => one.number === number && one.repositoryId === 401)?.id
    return state.comments.all().filter((comment) => comment.issueId === id)
  }
  const ours = (comment: IssueComment): boolean => state.accounts.get(comment.authorId)?.login === 'muster[bot]'
  return {
    p,
    issue,
    on,
    records: (number = issue) => on(number).filter((one) => ours(one) && one.body.includes('<!-- muster:record ')),
    /** `what by whom`, in order. */
    tampering: async (number = issue): Promise<readonly string[]> => {
      const events = await p.app.store.log.read(`task/401/${number}`)
      return events
        .filter(({ type }) => type === 'tampering-found')
        .map(({ data }) => data as { what: string; by: { id: string } | null })
        .map(({ what, by }) => `${what} by ${by?.id ?? 'nobody known'}`)
    },
    edit: (comment: IssueComment | undefined, body: string, who: 'alice' | 'claude' | 'muster' = 'alice') =>
      p.as(who).patch(`${REPO}/issues/comments/${comment?.id ?? 0}`, { body }),
    /** GitHub's lag is over, and so is every wait for company. */
    settle: async () => {
      p.pass(SETTLED_MS)
      await p.quiet()
      p.pass(LEDGER_DEBOUNCE_MS)
      await p.quiet()
    },
  }
}

/** The record as it says of itself. */
const revOf = (body = ''): number => Number(/ rev=(\d+) /.exec(body)?.[1])

it('an edited record is written anew, and who did it is on record once', async () => {
  const { p, records, edit, tampering, settle } = await start()
  const [record] = records()
  await edit(record, 'Nothing to see here.')
  await settle()
  expect(records()).toMatchObject([{ id: record?.id }])
  expect(revOf(records()[0]?.body)).toBeGreaterThan(revOf(record?.body))
  expect(await tampering()).toEqual(['record-edited by alice'])
  await settle()
  expect(await tampering()).toHaveLength(1)
  expect(p.sandbox.log.unsupported).toEqual([])
})

it('a state that a person wrote into the record changes nothing', async () => {
  const { p, issue, records, edit, tampering, settle } = await start()
  const [record] = records()
  await edit(record, record?.body.replaceAll('"status":"ready"', '"status":"done"') ?? '', 'claude')
  await settle()
  expect((await p.app.store.projections.task(`task/401/${issue}`))?.task.status).toBe('ready')
  expect(records()[0]?.body).toContain('"status":"ready"')
  expect(await tampering()).toEqual(['record-edited by claude[bot]'])
})

it('a record rolled back to an older signed body is put right, whoever did it', async () => {
  const { p, issue, records, edit, tampering, settle } = await start()
  const older = records()[0]?.body ?? ''
  await p.say('alice', issue, '/note one more event')
  await settle()
  const newest = records()[0]?.body ?? ''
  expect(revOf(newest)).toBeGreaterThan(revOf(older))
  await edit(records()[0], older)
  await settle()
  expect(await tampering()).toEqual(['record-edited by alice'])
  expect(revOf(records()[0]?.body)).toBeGreaterThan(revOf(newest))
  // As a thief of our token would. Our own echoes are not looked at, so that the next look finds it.
  await edit(records()[0], older, 'muster')
  await settle()
  await p.as('alice').post(`${REPO}/issues/${issue}/labels`, { labels: ['priority/p0'] })
  await settle()
  expect(await tampering()).toEqual(['record-edited by alice', 'record-edited by nobody known'])
  expect(revOf(records()[0]?.body)).toBeGreaterThan(revOf(newest))
})

it('a deleted record is written anew', async () => {
  const { p, records, tampering, settle } = await start()
  const [record] = records()
  await p.as('alice').delete(`${REPO}/issues/comments/${record?.id ?? 0}`)
  await settle()
  expect(records()).toHaveLength(1)
  expect(records()[0]?.id).not.toBe(record?.id)
  expect(await tampering()).toEqual(['record-deleted by alice'])
})

it('a record forged by another App stands for nothing', async () => {
  const { p, issue, on, records, tampering, settle } = await start()
  const [record] = records()
  const forged = record?.body.replace('"status":"ready"', '"status":"done"') ?? ''
  await p.as('claude').post(`${REPO}/issues/${issue}/comments`, { body: forged })
  await settle()
  expect(await tampering()).toEqual(['record-forged by claude[bot]'])
  expect((await p.app.store.projections.task(`task/401/${issue}`))?.task.status).toBe('ready')
  expect(records()).toMatchObject([{ id: record?.id }])
  expect(on(issue).filter(({ body }) => body === forged)).toHaveLength(1)
})

it('a record pasted from another issue stands for nothing, as a new comment or in the place of ours', async () => {
  const { p, issue, records, edit, tampering, settle } = await start()
  const other = await p.issue('Another')
  await p.say('alice', other, '/task')
  await p.quiet()
  const theirs = records(other)[0]?.body ?? ''
  await p.say('bob', issue, theirs)
  await settle()
  expect(await tampering()).toEqual(['record-forged by bob'])
  await edit(records()[0], theirs)
  await settle()
  expect(await tampering()).toEqual(['record-forged by bob', 'record-edited by alice'])
  expect(records()).toHaveLength(1)
  expect(records()[0]?.body).toContain(`"issueNumber":${issue}`)
  expect(await tampering(other)).toEqual([])
})

it('a changed page of the ledger is written anew, and stands on record in the project', async () => {
  const { p, on, edit, settle } = await start()
  await settle()
  const project = (await p.app.store.projections.projects())[0]
  const pages = on(project?.ledgerIssue ?? 0)
  expect(pages).toHaveLength(2)
  await edit(pages[1], 'mine now')
  for (let round = 0; round < 5 && on(project?.ledgerIssue ?? 0)[1]?.body !== pages[1]?.body; round += 1) await settle()
  expect(on(project?.ledgerIssue ?? 0).map(({ id }) => id)).toEqual(pages.map(({ id }) => id))
  expect(on(project?.ledgerIssue ?? 0)[1]?.body).toBe(pages[1]?.body)
  const events = await p.app.store.log.read('project/401')
  expect(events.filter(({ type }) => type === 'project-tampering-found')).toHaveLength(1)
})

const MINUTE_MS = 60_000

/** Somebody writes over the record so often, with time to put it right in between. */
const fight = async ({ p, records, edit, settle }: Awaited<ReturnType<typeof start>>, times: number): Promise<void> => {
  for (let n = 0; n < times; n += 1) {
    p.pass(MINUTE_MS)
    await edit(records()[0], `hacked ${n} ${records()[0]?.body ?? ''}`)
    await settle()
  }
}

it('somebody who edits the record again and again is told of once; a person is asked, and what is new is written', async () => {
  const at = await start()
  const { p, issue, records, edit, on, tampering, settle } = at
  const lines = () => on(issue).filter(({ body }) => body.startsWith('Something keeps editing'))
  await fight(at, 4)
  expect((await p.app.store.projections.task(`task/401/${issue}`))?.task.status).toBe('needs_human')
  expect(await p.labels(issue)).toContain('status/needs_human')
  expect(records()[0]?.body).toContain('"status":"needs_human"')
  expect(lines()).toHaveLength(1)
  expect(await p.app.ledgers.withheld()).toEqual([])

  await edit(records()[0], `hacked again ${records()[0]?.body ?? ''}`)
  await settle()
  expect(records()[0]?.body).toMatch(/^hacked again/)
  expect(await p.app.ledgers.withheld()).toMatchObject([{ stream: `task/401/${issue}`, issue, fields: ['record'] }])
  const found = await tampering()
  await p.say('alice', issue, '/note what is new')
  await settle()
  expect(records()[0]?.body).toContain('what is new')
  expect(await p.app.ledgers.withheld()).toEqual([])

  await edit(records()[0], `hacked for good ${records()[0]?.body ?? ''}`)
  await settle()
  expect(await tampering()).toEqual(found)
  expect(lines()).toHaveLength(1)
})

it('who is at work is not stopped by a quarrel over the record, and people are told of it all the same', async () => {
  const at = await start()
  const { p, issue, records, on, settle } = at
  await p.say('alice', issue, '/claim ttl=8h\n/start')
  await settle()
  await fight(at, 4)
  expect((await p.app.store.projections.task(`task/401/${issue}`))?.task.status).toBe('in_progress')
  expect(on(issue).filter(({ body }) => body.startsWith('Something keeps editing'))).toHaveLength(1)
  expect(records()[0]?.body).toMatch(/^hacked 3/)
  expect(await p.app.ledgers.withheld()).toMatchObject([{ issue, fields: ['record'] }])
})

it('a record that is deleted after three edits, and then again and again, is always made anew', async () => {
  const at = await start()
  const { p, issue, on, records, settle } = at
  await fight(at, 3)
  const lose = async (): Promise<void> => {
    await p.as('alice').delete(`${REPO}/issues/comments/${records()[0]?.id ?? 0}`)
    await settle()
  }
  for (let n = 0; n < 5; n += 1) {
    await lose()
    for (let waits = 0; waits < 5 && records().length === 0; waits += 1) {
      expect(await p.app.ledgers.withheld()).toMatchObject([{ issue, fields: ['record-gone'] }])
      p.pass(MINUTE_MS)
      await settle()
    }
    expect(records()).toHaveLength(1)
  }
  expect(on(issue).filter(({ body }) => body.startsWith('Something keeps deleting'))).toHaveLength(1)
})
