/** The database is lost: what GitHub holds brings everything back, byte for byte. Every Muster here is a process of its own. */
import { afterEach, expect, it } from 'vitest'
import { createMachine, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it(
  'a task with a failed attempt comes back byte for byte, paused and in a higher epoch',
  { timeout: 60_000 },
  async () => {
    const m = (open = await createMachine({ friendly: true }))
    await m.start()
    const issue = await m.issue('Sum is wrong')
    await m.say('alice', issue, '/task\n/ready')
    await m.labelled(issue, 'status/ready')
    const agent = await m.agent()
    await agent(issue, 'claim')
    await agent(issue, 'fail', { fence: '1.1', class: 'test_fail', message: '1 of 9' })
    await m.must('flush')
    const before = await m.dump()
    const records = m.records(issue).map(({ id }) => id)
    await m.kill()
    m.lose()
    expect(await m.muster('dump')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('there is no database'),
    })
    expect(await m.muster('restore', 'acme/widgets')).toMatchObject({ code: 0, err: '' })
    expect((await m.dump()).text).toBe(before.text)

    await m.start()
    await m.caughtUp()
    expect((await m.dump()).project).toMatchObject({ state: { epoch: 2, paused: expect.stringContaining('restored') } })
    expect(await m.must('resume', 'acme/widgets')).toContain('Resumed')
    expect((await m.dump()).project).toMatchObject({ state: { epoch: 2, paused: null } })
    expect(m.records(issue).map(({ id }) => id)).toEqual(records)
  },
)
