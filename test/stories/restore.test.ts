/** The database is lost: what GitHub holds brings everything back, byte for byte. Every Muster here is a process of its own. */
import { afterEach, expect, it } from 'vitest'
import { createMachine, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it(
  'a task that was claimed, failed and retried comes back byte for byte, and work goes on',
  { timeout: 60_000 },
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
    expect(m.checks()).toEqual(checks)
    const again = await m.agent()
    expect(await again(issue, 'succeed', { fence: '1.2' })).toMatchObject({ status: 200 })
    const second = await m.issue('Another')
    await m.say('alice', second, '/task\n/ready')
    await m.labelled(second, 'status/ready')
    expect(await again(second, 'claim')).toMatchObject({ json: { ok: false, error: { code: 'project-paused' } } })
    await m.must('resume', 'acme/widgets')
    expect(await again(second, 'claim')).toMatchObject({ status: 200, json: { lease: { fence: '2.1' } } })
    await m.must('flush')
    expect(m.records(issue)).toHaveLength(1)
    expect(await m.must('verify')).toContain('0 not right')
  },
)
