/** Two databases tell different stories of one task: nobody's work is written over, people are told once and quietly, and what they are told to type works. */
import { copyFileSync, cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { SQLITE_FILE } from '../../app/store/open-store.ts'
import { createMachine, eventually, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

interface Health {
  readonly degraded: boolean
  readonly set_apart: { readonly tasks: number; readonly ledgers: number }
}

const health = async (m: Machine): Promise<Health> => (await (await fetch(`${m.url}/healthz`)).json()) as Health

const begin = async () => {
  const m = (open = await createMachine({ friendly: true }))
  await m.start()
  const issue = await m.issue('Sum is wrong')
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  const agent = await m.agent()
  await m.must('flush')
  const number = (await m.dump()).project as { readonly state: { readonly ledgerIssue: number } }
  const ledger = number.state.ledgerIssue
  return {
    m,
    issue,
    ledger,
    note: (text: string) => agent(issue, 'note', { text }),
    notices: () => m.commentsOn(ledger).filter(({ body }) => body.includes('<!-- muster:set-apart ')),
    shown: () => [...m.records(issue), ...m.ledger()].map(({ id, body }) => ({ id, body })),
  }
}

it(
  'a backup that went its own way: told once on the ledger, and what it says to type brings all in order',
  { timeout: 180_000 },
  async () => {
    const { m, issue, note, notices } = await begin()
    const other = await m.issue('Another')
    await m.say('alice', other, '/task')
    await m.labelled(other, 'status/backlog')
    await m.must('flush')
    const backup = join(m.data, '..', 'backup.sqlite')
    await m.must('backup', backup)
    await note('what the first life knows')
    await m.must('flush')
    const [record] = m.records(issue)
    await m.kill()

    // The backup is put in place while GitHub cannot be asked, and works on.
    copyFileSync(backup, join(m.data, SQLITE_FILE))
    const back = m.goAway()
    await m.start()
    expect(await note('what the backup went on to do')).toMatchObject({ status: 200 })
    await back()
    await eventually('the notice on the ledger', async () => {
      await m.muster('flush')
      return notices().length > 0 ? true : null
    })
    expect(m.records(issue)).toEqual([record])
    expect(notices()).toHaveLength(1)
    const [told] = notices()
    expect(told?.body).toContain(`| #${issue} | forked: both stand at 3, with different events`)
    expect(told?.body).toContain('npm run restore -- acme/widgets')
    expect(await health(m)).toMatchObject({ degraded: true, set_apart: { tasks: 1, ledgers: 0 } })

    // Work goes on: there and elsewhere, and the notice is no news any more.
    await note('and more')
    await m.say('alice', other, '/priority p0')
    await m.labelled(other, 'priority/p0')
    await m.must('flush')
    expect(notices()).toEqual([told])
    expect(m.records(issue)).toEqual([record])
    const verified = await m.muster('verify')
    expect(verified).toMatchObject({ code: 1, err: '' })
    expect(verified.out).toContain(`(issue #${issue})`)

    // As the notice says.
    await m.stop()
    renameSync(m.data, `${m.data}-aside`)
    await m.must('restore', 'acme/widgets')
    await m.start()
    await m.must('resume', 'acme/widgets')
    await m.must('flush')
    const tasks = JSON.stringify((await m.dump()).tasks)
    expect(tasks).toContain('what the first life knows')
    expect(tasks).not.toContain('went on to do')
    expect(notices()).toEqual([])
    expect(await health(m)).toMatchObject({ degraded: false, set_apart: { tasks: 0, ledgers: 0 } })
    expect(await m.must('verify')).toContain('0 not right')
  },
)

it(
  'a database that another has taken over from: not a word on GitHub, and health and verify say why',
  { timeout: 180_000 },
  async () => {
    const { m, issue, note, notices, shown } = await begin()
    await m.stop()
    const old = `${m.data}-old`
    cpSync(m.data, old, { recursive: true })
    m.lose()
    await m.must('restore', 'acme/widgets')
    await m.start()
    await m.must('resume', 'acme/widgets')
    await m.must('flush')
    await m.stop()
    const before = shown()

    rmSync(m.data, { recursive: true })
    renameSync(old, m.data)
    await m.start()
    await m.caughtUp()
    expect(await note('from the past')).toMatchObject({ status: 200 })
    await m.say('alice', issue, '/priority p0')
    await eventually('both to be set apart', async () => {
      await m.muster('flush')
      const { tasks, ledgers } = (await health(m)).set_apart
      return tasks === 1 && ledgers === 1 ? true : null
    })
    expect(shown()).toEqual(before)
    expect(notices()).toEqual([])
    expect(await m.labelled(issue, 'priority/p2')).toBe(true)
    const verified = await m.muster('verify')
    expect(verified.code).toBe(1)
    expect(verified.out).toMatch(
      /newer-epoch: it was written in epoch 2, and this log knows 1\n\s+next: another Muster has taken over/,
    )
  },
)

it(
  'a record that was deleted and then the database lost: the task is made again with /task, and kept',
  { timeout: 180_000 },
  async () => {
    const { m, issue, note, notices } = await begin()
    for (const text of ['one', 'two', 'three']) await note(text)
    await m.must('flush')
    await m.stop()
    await m.as('alice').delete(`/repos/acme/widgets/issues/comments/${m.records(issue)[0]?.id}`)
    m.lose()
    const restored = await m.muster('restore', 'acme/widgets')
    expect(restored).toMatchObject({ code: 1, out: expect.stringContaining('make the issue a task again with /task') })
    await m.start()
    await m.must('resume', 'acme/widgets')
    await m.say('alice', issue, '/task')
    await eventually('a new record', async () => (m.records(issue).length > 0 ? true : null))
    await m.must('flush')
    expect(m.records(issue)).toHaveLength(1)
    expect(notices()).toEqual([])
    expect(await health(m)).toMatchObject({ set_apart: { tasks: 0, ledgers: 0 } })
    // The next life meets its own record, which is below what the ledger has once seen.
    await m.stop()
    await m.start()
    await m.say('alice', issue, '/ready')
    await m.labelled(issue, 'status/ready')
    expect(await health(m)).toMatchObject({ set_apart: { tasks: 0, ledgers: 0 } })
  },
)
