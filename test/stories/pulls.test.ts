/** Pull requests and their tasks: tied by word or branch, followed as they move, done when merged; a fork's branch name proves nothing. */
import { afterEach, expect, it } from 'vitest'
import type { Task } from '../../app/domain/task/state.ts'
import { deliver, heldBack, shuffled } from './deliver.ts'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const WIDGETS = '/repos/acme/widgets'

const commit = async (p: Play, who: 'bob' | 'mallory', repo: string, branch: string, file: string): Promise<string> => {
  const content = Buffer.from(`${file}\n`).toString('base64')
  const answer = await p.as(who).put(`${repo}/contents/${file}`, { message: `Add ${file}`, content, branch })
  expect(answer.status).toBe(201)
  return answer.json.commit.sha as string
}

const branchOff = async (p: Play, who: 'bob' | 'mallory', repo: string, branch: string): Promise<void> => {
  const { json } = await p.as(who).get(`${repo}/git/ref/heads/main`)
  const made = await p.as(who).post(`${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha: json.object.sha })
  expect(made.status).toBe(201)
}

const pullFrom = async (p: Play, who: 'bob' | 'mallory', head: string, body: string): Promise<number> => {
  const answer = await p.as(who).post(`${WIDGETS}/pulls`, { title: 'Work', head, base: 'main', body })
  expect(answer.status).toBe(201)
  return answer.json.number as number
}

const taskOf = async (p: Play, n: number): Promise<Task> => {
  const found = await p.app.store.projections.task(`task/401/${n}`)
  if (found === null) throw new Error(`no task ${n}`)
  return found.task
}

it('is tied by closing word, branch or Task line; merged is done, closed is noted, and a fork’s branch is nothing', async () => {
  const p = (open = await play())
  for (const n of [1, 2, 3, 4]) expect(await p.issue(`Task ${n}`)).toBe(n)
  for (const n of [1, 2, 3, 4]) await p.say('alice', n, '/task\n/ready')
  await p.quiet()

  const branches = ['fix-one', 'muster/DEV-2-two', 'three']
  for (const branch of branches) {
    await branchOff(p, 'bob', WIDGETS, branch)
    await commit(p, 'bob', WIDGETS, branch, `${branch.replaceAll('/', '-')}.txt`)
  }
  const one = await pullFrom(p, 'bob', 'fix-one', 'Closes #1')
  const two = await pullFrom(p, 'bob', 'muster/DEV-2-two', 'No words.')
  const three = await pullFrom(p, 'bob', 'three', 'Some work.\r\n\r\nTask: DEV-3\r\n')
  const forked = await p.as('mallory').post(`${WIDGETS}/forks`, {})
  const fork = `/repos/${forked.json.full_name as string}`
  await branchOff(p, 'mallory', fork, 'muster/DEV-4-four')
  await commit(p, 'mallory', fork, 'muster/DEV-4-four', 'four.txt')
  await pullFrom(p, 'mallory', 'mallory:muster/DEV-4-four', 'Mine.')
  await p.quiet()
  expect((await taskOf(p, 1)).pullRequests).toMatchObject([{ number: one, state: 'open' }])
  expect((await taskOf(p, 2)).pullRequests).toMatchObject([{ number: two, state: 'open' }])
  expect((await taskOf(p, 3)).pullRequests).toMatchObject([{ number: three, state: 'open' }])
  expect((await taskOf(p, 4)).pullRequests).toEqual([])

  expect((await p.as('bob').put(`${WIDGETS}/pulls/${one}/merge`, {})).status).toBe(200)
  await p.as('bob').patch(`${WIDGETS}/pulls/${two}`, { state: 'closed' })
  await p.as('bob').patch(`${WIDGETS}/pulls/${three}`, { state: 'closed' })
  await p.as('bob').patch(`${WIDGETS}/pulls/${three}`, { state: 'open' })
  await p.quiet()
  expect(await taskOf(p, 1)).toMatchObject({ status: 'done', pullRequests: [{ state: 'merged' }] })
  expect(await taskOf(p, 2)).toMatchObject({ status: 'ready', pullRequests: [{ state: 'closed' }] })
  expect(await taskOf(p, 3)).toMatchObject({ status: 'ready', pullRequests: [{ state: 'open' }] })
  expect(await p.labels(1)).toContain('status/done')
}, 60_000)

it('an attempt’s head and its pull request end where the branch stands, however the pushes are delivered', async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready\n/claim')
  await p.quiet()
  const branch = 'muster/DEV-1-sum-is-wrong'
  let head = ''
  const deliveries = await heldBack(p, async () => {
    await branchOff(p, 'bob', WIDGETS, branch)
    const first = await commit(p, 'bob', WIDGETS, branch, '1.txt')
    await pullFrom(p, 'bob', branch, '')
    for (const n of [2, 3, 4]) head = await commit(p, 'bob', WIDGETS, branch, `${n}.txt`)
    // Back, and on from there.
    await p.as('bob').patch(`${WIDGETS}/git/refs/heads/${branch}`, { sha: first, force: true })
    head = await commit(p, 'bob', WIDGETS, branch, '5.txt')
  })
  for (const one of shuffled(deliveries, 7)) await deliver(p, one)
  await p.quiet()
  const task = await taskOf(p, issue)
  expect(task.attempts).toMatchObject([{ headSha: head, branch }])
  expect(task.pullRequests).toMatchObject([{ headSha: head, state: 'open' }])
}, 60_000)
