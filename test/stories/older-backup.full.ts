/** An older database in the place of the newest one: nothing on GitHub is overwritten, and what is missing comes from there. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { SQLITE_FILE } from '../../app/store/open-store.ts'
import { createMachine, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

/** The record of a task as it says of itself. */
const revOf = (body = ''): number => Number(/ rev=(\d+) /.exec(body)?.[1])

/** A task with one failed attempt, and a backup of that. */
const begin = async (m: Machine) => {
  await m.start()
  const issue = await m.issue('Sum is wrong')
  await m.say('alice', issue, '/task\n/ready')
  await m.labelled(issue, 'status/ready')
  const agent = await m.agent()
  await agent(issue, 'claim')
  await agent(issue, 'start', { fence: '1.1' })
  await agent(issue, 'fail', { fence: '1.1', class: 'test_fail', message: '1 of 9' })
  await m.labelled(issue, 'failure/test_fail')
  const backup = join(m.data, '..', 'backup.sqlite')
  await m.must('backup', backup)
  return { issue, agent, putBack: () => copyFileSync(backup, join(m.data, SQLITE_FILE)) }
}

it(
  'a database from before the last attempts catches up at its start, and writes nothing twice',
  { timeout: 90_000 },
  async () => {
    const m = (open = await createMachine({ friendly: true }))
    const { issue, agent, putBack } = await begin(m)
    await m.say('alice', issue, '/retry')
    await m.labelled(issue, 'status/ready')
    expect(await agent(issue, 'claim')).toMatchObject({ status: 200 })
    await m.push('export const sum = (a, b) => a + b\n')
    await m.pull()
    await m.checked('muster / DEV-1 #2')
    await m.checked('muster @')
    const other = await m.issue('Another')
    await m.say('alice', other, '/task')
    await m.labelled(other, 'status/backlog')
    await m.must('flush')
    const before = await m.dump()
    const onGitHub = () => ({
      records: [issue, other].map((number) => m.records(number).map(({ id, body }) => ({ id, body }))),
      comments: [issue, other].map((number) => m.commentsOn(number).map(({ id }) => id)),
      checks: m.checks(),
      ledger: m.ledger().map(({ id, body }) => ({ id, body })),
    })
    const shown = onGitHub()
    await m.kill()
    putBack()
    expect((await m.dump()).sha).not.toBe(before.sha)

    const asked = m.sandbox.log.entries.length
    await m.start()
    await m.caughtUp()
    const requests = m.sandbox.log.entries.slice(asked).map(({ method, path }) => `${method} ${path}`)
    expect(requests.filter((one) => /^(?:PATCH|PUT|DELETE)/.test(one))).toEqual([])
    expect((await m.dump()).text).toBe(before.text)
    await m.must('flush')
    expect(onGitHub()).toEqual(shown)

    expect(await agent(issue, 'start', { fence: '1.2' })).toMatchObject({ status: 200 })
    await m.labelled(issue, 'status/in_progress')
    await m.must('flush')
    expect(m.records(issue)).toHaveLength(1)
    expect(revOf(m.records(issue)[0]?.body)).toBeGreaterThan(revOf(shown.records[0]?.[0]?.body))
    expect(m.checks().map((check) => check.split(' → ')[0])).toEqual(shown.checks.map((check) => check.split(' → ')[0]))

    // With nothing missing, a start asks for the ledger issue and its comments, and for nothing else of the project.
    await m.must('flush')
    await m.stop()
    const quiet = m.sandbox.log.entries.length
    await m.start()
    await m.caughtUp()
    const routes = m.sandbox.log.entries.slice(quiet).map(({ route }) => route)
    expect(routes.filter((route) => !/\/app(?:\/|$)/.test(route))).toHaveLength(2)
  },
)
