/** `npm run flush`, a process of its own: beside an App that runs, and where none does. */
import { afterEach, expect, it } from 'vitest'
import { createMachine, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it('brings record and ledger up to date, whether an App runs or not', { timeout: 90_000 }, async () => {
  const m = (open = await createMachine({ friendly: true }))
  await m.start()
  // A key can be made before there is any task.
  const agent = await m.agent()
  const issue = await m.issue('Sum is wrong')
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  await agent(issue, 'claim')
  expect(await m.muster('restore', 'acme/widgets')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^muster: an App works on .*\n$/),
  })
  expect(JSON.parse(await m.must('flush', '--json'))).toMatchObject({ behind: 0 })
  expect(m.records(issue)[0]?.body).toContain('"status":"claimed"')
  const [project, marks] = m.ledger()
  expect(project?.body).toContain('ledger-opened')
  expect(marks?.body).toMatch(/"rev":\d+,"stream":"task\/401\/1"/)

  // The answer to this comes from the App; what follows from it is still to be written when the App dies.
  expect(await agent(issue, 'start', { fence: '1.1' })).toMatchObject({ status: 200 })
  await m.kill()
  expect(m.records(issue)[0]?.body).toContain('"status":"claimed"')
  const before = await m.dump()
  expect(await m.muster('flush', '--json')).toMatchObject({ code: 0, err: '' })
  expect((await m.dump()).text).toBe(before.text)
  expect(m.records(issue)).toHaveLength(1)
  expect(m.records(issue)[0]?.body).toContain('"status":"in_progress"')
  expect(m.ledger()[1]?.body).not.toBe(marks?.body)
  expect(m.sandbox.log.unsupported).toEqual([])
})
