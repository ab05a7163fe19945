/** The database is lost and comes back from GitHub, where somebody changed the relations meanwhile: the record wins once, and says what that changed. */
import { afterEach, expect, it } from 'vitest'
import { createMachine, eventually, type Machine } from './machine.ts'

let open: Machine | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const WIDGETS = '/repos/acme/widgets'

it('restores, puts the edges of the record back, and lists the differences', { timeout: 90_000 }, async () => {
  const m = (open = await createMachine({ friendly: true }))
  await m.start()
  const numbers: number[] = []
  for (const title of ['Waits', 'Comes first', 'Whole', 'Drawn meanwhile']) numbers.push(await m.issue(title))
  const [waits = 0, first = 0, whole = 0, drawn = 0] = numbers
  for (const issue of numbers) await m.say('alice', issue, '/task')
  for (const issue of numbers) await m.labelled(issue, 'status/backlog')
  await m.say('alice', waits, `/depends #${first}\n/parent #${whole}`)
  const { state } = m.sandbox
  const issueAt = (number: number) => state.issues.find((one) => one.number === number && one.repositoryId === 401)
  const idOf = (number: number): number => issueAt(number)?.id ?? 0
  const shown = (): string => {
    const issue = issueAt(waits)
    const numberOf = (id: number | null): string => String(id === null ? null : state.issues.get(id)?.number)
    return `${numberOf(issue?.parentId ?? null)} <- ${(issue?.blockedByIds ?? []).map(numberOf).join()}`
  }
  const becomes = (want: string) => eventually(want, async () => (shown() === want ? want : null))
  await becomes(`${whole} <- ${first}`)
  await m.must('flush')
  const before = await m.dump()
  await m.kill()
  m.lose()

  await m.as('bob').post(`${WIDGETS}/issues/${waits}/dependencies/blocked_by`, { issue_id: idOf(drawn) })
  await m.as('bob').delete(`${WIDGETS}/issues/${waits}/dependencies/blocked_by/${idOf(first)}`)
  await m.as('bob').delete(`${WIDGETS}/issues/${whole}/sub_issue`, { sub_issue_id: idOf(waits) })
  expect(await m.muster('restore', 'acme/widgets')).toMatchObject({ code: 0, err: '' })
  expect((await m.dump()).text).toBe(before.text)
  await m.start()
  await m.caughtUp()
  await becomes(`${whole} <- ${first}`)
  const line = `taken away: blocked by #${drawn}; put there: blocked by #${first}, parent #${whole}`
  const lines = () =>
    state.comments.all().filter((comment) => comment.issueId === idOf(waits) && comment.body.includes(line))
  await eventually('the line about the differences', async () => (lines().length > 0 ? true : null))
  await m.say('alice', waits, '/note and now')
  await m.must('resume', 'acme/widgets')
  await m.stop()
  await m.must('flush')
  expect(lines()).toHaveLength(1)
  expect(shown()).toBe(`${whole} <- ${first}`)
})
