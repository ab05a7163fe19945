/** The database is lost on a GitHub that is not kind, in the middle of work, and the work goes on; then GitHub itself is away at a start. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { SQLITE_FILE } from '../../app/store/open-store.ts'
import { createMachine, eventually, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it(
  'a task that was claimed, failed and retried comes back byte for byte, and work goes on',
  { timeout: 120_000 },
  async () => {
    const m = (open = await createMachine())
    await m.start()
    const issue = await m.issue('Sum is wrong')
    await m.say('alice', issue, '/task\n/ready')
    await m.labelled(issue, 'status/ready')
    const agent = await m.agent()
    expect(await agent(issue, 'claim')).toMatchObject({ status: 200 })
    const fence = { fence: '1.1' }
    expect(await agent(issue, 'start', fence)).toMatchObject({ status: 200 })
    await m.push('export const sum = (a, b) => a - b\n')
    await m.pull()
    await m.checked('muster / DEV-1 #1')
    await m.checked('muster @')
    expect(await agent(issue, 'fail', { ...fence, class: 'test_fail', message: '1 of 9' })).toMatchObject({
      status: 200,
    })
    await m.labelled(issue, 'failure/test_fail')
    await m.say('alice', issue, '/retry')
    await m.labelled(issue, 'status/ready')
    expect(await agent(issue, 'claim')).toMatchObject({ status: 200 })

    expect(JSON.parse(await m.must('flush', '--json'))).toMatchObject({ behind: 0 })
    const before = await m.dump()
    const checks = m.checks()
    await m.kill()
    m.lose()
    expect(await m.muster('dump')).toMatchObject({ code: 1, err: expect.stringContaining('there is no database') })
    const restored = await m.muster('restore', 'acme/widgets', '--json')
    expect(restored).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(restored.out)).toMatchObject({
      doubts: [],
      streams: [{ outcome: 'imported' }, { outcome: 'imported' }],
    })
    const after = await m.dump()
    expect(after.text).toBe(before.text)
    expect(after.sha).toBe(before.sha)

    await m.start()
    await m.must('flush')
    expect((await m.dump()).project).toMatchObject({ state: { epoch: 2, paused: expect.stringContaining('restored') } })
    expect(m.records(issue)).toHaveLength(1)
    // What the lost database may not have carried out is delivered again: nothing is made twice, and nothing moves.
    expect(m.checks()).toEqual(checks)
    expect((await m.dump()).tasks).toEqual(before.tasks)
    const again = await m.agent()
    // The lease stands, and nobody else gets it; but who may have been given what before the loss is not known.
    const lost = { status: 409, json: { error: { code: 'stale-fence', next: expect.stringContaining('claim again') } } }
    expect(await again(issue, 'succeed', { fence: '1.2' })).toMatchObject(lost)
    expect(await again(issue, 'claim')).toMatchObject({ status: 423 })
    const second = await m.issue('Another')
    await m.say('alice', second, '/task\n/ready')
    await m.labelled(second, 'status/ready')
    expect(await again(second, 'claim')).toMatchObject({ json: { ok: false, error: { code: 'project-paused' } } })
    await m.must('resume', 'acme/widgets')
    expect(await again(second, 'claim')).toMatchObject({ status: 200, json: { lease: { fence: '2.1' } } })
    expect(await again(issue, 'claim')).toMatchObject({ status: 200, json: { lease: { fence: '2.3', attempt: 3 } } })
    expect(await again(issue, 'succeed', { fence: '2.3' })).toMatchObject({ status: 200 })
    await m.must('flush')
    expect(m.records(issue)).toHaveLength(1)
    expect(await m.must('verify')).toContain('0 not right')
  },
)

it(
  'a GitHub that is away does not keep the App from starting, and is caught up with when it is back',
  { timeout: 120_000 },
  async () => {
    const m = (open = await createMachine({ friendly: true }))
    await m.start()
    const issue = await m.issue('Sum is wrong')
    await m.say('alice', issue, '/task\n/ready')
    await m.labelled(issue, 'status/ready')
    const backup = join(m.data, '..', 'backup.sqlite')
    await m.must('backup', backup)
    const agent = await m.agent()
    await agent(issue, 'claim')
    await m.must('flush')
    const before = await m.dump()
    const shown = m.records(issue)
    await m.kill()
    copyFileSync(backup, join(m.data, SQLITE_FILE))
    const back = m.goAway()
    await m.start()
    await m.caughtUp()
    expect(m.log()).toContain('GitHub cannot be asked what this data is missing')
    await back()
    await eventually('the missing events', async () => ((await m.dump()).text === before.text ? true : null))
    expect(m.records(issue)).toEqual(shown)
  },
)

/** A life that went on for more events than a record holds after its backup was made; then the backup is what is left. */
const outlived = async () => {
  const m = (open = await createMachine({ friendly: true }))
  await m.start()
  const issue = await m.issue('Sum is wrong')
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  const backup = join(m.data, '..', 'backup.sqlite')
  const agent = await m.agent()
  await m.must('flush')
  await m.must('backup', backup)
  for (let n = 0; n < 80; n += 1) {
    expect(await agent(issue, 'note', { text: `note ${n} ${'x'.repeat(900)}` })).toMatchObject({ status: 200 })
  }
  await m.must('flush')
  const before = await m.dump()
  const [record] = m.records(issue)
  await m.kill()
  copyFileSync(backup, join(m.data, SQLITE_FILE))
  return { m, issue, before, record }
}

it('an older backup gets back from chapters what the record has no room for', { timeout: 180_000 }, async () => {
  const { m, issue, before, record } = await outlived()
  await m.start()
  await m.caughtUp()
  const after = await m.dump()
  expect(after.tasks).toEqual(before.tasks)
  expect(after.project).toMatchObject({ state: { epoch: 1 } })
  expect(m.records(issue)).toEqual([record])
  expect(await m.must('verify')).toContain('0 not right')
})

it('what GitHub no longer shows is missing for good, and the epoch says so', { timeout: 180_000 }, async () => {
  const { m, before } = await outlived()
  const chapters = m.sandbox.state.comments.all().filter(({ body }) => body.includes('<!-- muster:sealed '))
  expect(chapters.length).toBeGreaterThan(0)
  for (const { id } of chapters) await m.as('alice').delete(`/repos/acme/widgets/issues/comments/${id}`)
  await m.start()
  await m.caughtUp()
  const after = await m.dump()
  expect(after.project).toMatchObject({ state: { epoch: 2 } })
  const notesIn = (tasks: unknown): number => JSON.stringify(tasks).split('"text":"note ').length - 1
  expect([notesIn(before.tasks), notesIn(after.tasks)]).toEqual([80, 80])
})

it('a command whose comment outlived the database is carried out after all', { timeout: 120_000 }, async () => {
  const m = (open = await createMachine({ friendly: true }))
  await m.start()
  const issue = await m.issue('Sum is wrong')
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  await m.must('flush')
  const back = m.goAway()
  await m.say('alice', issue, '/priority p0')
  const shows = (text: string) =>
    eventually(text, async () => (JSON.stringify((await m.dump()).tasks).includes(text) ? true : null))
  await shows('"priority":"p0"')
  await m.kill()
  await back()
  m.lose()
  await m.must('restore', 'acme/widgets')
  await shows('"priority":"p2"')
  await m.start()
  await m.labelled(issue, 'priority/p0')
  await m.must('flush')
  expect(m.records(issue)).toHaveLength(1)
  const events = JSON.stringify(m.records(issue)[0]?.body)
  expect(events.match(/task-created/g)).toHaveLength(1)
})
