/** Where an attempt's check run stands: on the default branch before there is a commit, on the pull request that its holder opened after. */
import { afterEach, expect, it } from 'vitest'
import type { Caller } from '../../app/sandbox/auth/caller.ts'
import { pressCheckAction } from '../../app/sandbox/changes/check-runs.ts'
import { checkRunsOf } from '../../app/sandbox/model/check.ts'
import { play, type Play } from './play.ts'

let open: Play | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

const BOB: Caller = { kind: 'user', userId: 102, agent: false }
const WIDGETS = '/repos/acme/widgets'

type Who = 'alice' | 'bob' | 'claude'

const mainOf = async (p: Play): Promise<string> =>
  (await p.as('bob').get(`${WIDGETS}/git/ref/heads/main`)).json.object.sha as string

const commit = async (p: Play, who: Who, branch: string, file: string, message = `Add ${file}`): Promise<string> => {
  const content = Buffer.from(`${file}\n`).toString('base64')
  const answer = await p.as(who).put(`${WIDGETS}/contents/${file}`, { message, content, branch })
  expect(answer.status).toBe(201)
  return answer.json.commit.sha as string
}

const branchOff = async (p: Play, who: Who, branch: string): Promise<void> => {
  const sha = await mainOf(p)
  expect((await p.as(who).post(`${WIDGETS}/git/refs`, { ref: `refs/heads/${branch}`, sha })).status).toBe(201)
}

const pullFrom = async (p: Play, who: Who, head: string, body: string): Promise<number> => {
  const answer = await p.as(who).post(`${WIDGETS}/pulls`, { title: 'Work', head, base: 'main', body })
  expect(answer.status).toBe(201)
  return answer.json.number as number
}

/** `#1 → neutral: Failed: test_fail [retry escalate]` for each attempt's check run on a commit. */
const attemptsOn = (p: Play, sha: string): readonly string[] =>
  checkRunsOf(p.sandbox.state)
    .all()
    .filter(({ appId, headSha, name }) => appId === p.sandbox.seed.muster.id && headSha === sha && name !== 'muster')
    .map(({ name, status, conclusion, title, actions }) => {
      const buttons = actions.map(({ identifier }) => identifier).join(' ')
      return `${name.replace('muster / ', '')} → ${conclusion ?? status}: ${title}${buttons === '' ? '' : ` [${buttons}]`}`
    })
    .toSorted()

it('a failed attempt without a commit shows on the default branch, neutral and with its buttons; asked for by comment', async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  await p.say('bob', issue, '/claim')
  await p.quiet()
  const base = await mainOf(p)
  expect(attemptsOn(p, base)).toEqual([`DEV-${issue} #1 → queued: Claimed, not started`])
  await p.say('bob', issue, '/start')
  await p.quiet()
  expect(attemptsOn(p, base)).toEqual([`DEV-${issue} #1 → in_progress: Running`])
  await p.say('bob', issue, '/fail class=test_fail message=boom')
  await p.quiet()
  expect(attemptsOn(p, base)).toEqual([`DEV-${issue} #1 → neutral: Failed: test_fail [retry escalate]`])

  const { world, seed } = p.sandbox
  const failed = checkRunsOf(world.state)
    .all()
    .find(({ headSha, appId }) => headSha === base && appId === seed.muster.id)
  pressCheckAction({ world, caller: BOB }, failed?.id ?? 0, 'retry')
  await p.quiet()
  expect(await p.labels(issue)).toContain('status/ready')
  await p.say('bob', issue, '/claim')
  await p.quiet()
  expect(attemptsOn(p, base)).toEqual([
    `DEV-${issue} #1 → neutral: Failed: test_fail`,
    `DEV-${issue} #2 → queued: Claimed, not started`,
  ])
}, 60_000)

it('the same over HTTP without a base; a push to the default branch is followed, and a commit takes the check run along', async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const old = await mainOf(p)
  const base = await commit(p, 'alice', 'main', 'newer.txt')
  await p.quiet()
  const ask = await p.agent('claude')
  expect((await ask({ verb: 'claim', task: issue })).status).toBe(200)
  await p.quiet()
  expect(attemptsOn(p, old)).toEqual([])
  expect(attemptsOn(p, base)).toEqual([`DEV-${issue} #1 → queued: Claimed, not started`])

  const branch = `muster/DEV-${issue}-sum-is-wrong`
  await branchOff(p, 'claude', branch)
  const head = await commit(p, 'claude', branch, 'sum.txt')
  await p.quiet()
  expect(attemptsOn(p, head)).toEqual([`DEV-${issue} #1 → queued: Claimed, not started`])
  expect(attemptsOn(p, base)).toEqual([`DEV-${issue} #1 → neutral: The attempt went on to a newer commit`])
}, 60_000)

it('is read when nothing is known of it, and a repository without a default branch does no harm', async () => {
  const p = (open = await play())
  const [first, second] = [await p.issue('First'), await p.issue('Second')]
  for (const issue of [first, second]) await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  const { documents } = p.app.store
  const ask = await p.agent('claude')
  const base = await mainOf(p)

  await documents.delete('default-head', '401')
  expect((await ask({ verb: 'claim', task: first })).status).toBe(200)
  await p.quiet()
  expect(attemptsOn(p, base)).toEqual([`DEV-${first} #1 → queued: Claimed, not started`])

  await documents.delete('default-head', '401')
  p.sandbox.state.repositories.update(401, { defaultBranch: 'nothing-was-pushed-yet' })
  expect((await ask({ verb: 'claim', task: second })).status).toBe(200)
  await p.say('alice', second, '/cancel')
  await p.quiet()
  expect(await p.labels(second)).toContain('status/canceled')
  expect(attemptsOn(p, base)).toHaveLength(1)
}, 60_000)

it('the pull request that the holder opened from another branch takes the attempt along; one by somebody else does not', async () => {
  const p = (open = await play())
  const [issue, other] = [await p.issue('Sum is wrong'), await p.issue('Other')]
  for (const n of [issue, other]) await p.say('alice', n, '/task\n/ready')
  await p.quiet()
  await p.say('bob', issue, '/claim\n/start')
  await p.say('alice', other, '/claim\n/start')
  await p.quiet()

  await branchOff(p, 'bob', 'mend')
  const first = await commit(p, 'bob', 'mend', 'one.txt')
  await branchOff(p, 'alice', 'foul')
  const foul = await commit(p, 'alice', 'foul', 'two.txt')
  await pullFrom(p, 'alice', 'foul', `Task: DEV-${issue}`)
  await p.quiet()
  expect(attemptsOn(p, foul)).toEqual([])

  // Alice's task is named by a pull request of Bob's: it is not his to move.
  await pullFrom(p, 'bob', 'mend', `Closes #${issue}\n\nTask: DEV-${other}`)
  await p.quiet()
  expect(attemptsOn(p, first)).toEqual([`DEV-${issue} #1 → in_progress: Running`])
  const second = await commit(p, 'bob', 'mend', 'three.txt')
  await p.quiet()
  await p.say('bob', issue, '/fail class=test_fail message=boom')
  await p.quiet()
  expect(attemptsOn(p, second)).toEqual([`DEV-${issue} #1 → failure: Failed: test_fail [retry escalate]`])
  expect(attemptsOn(p, first)).toEqual([`DEV-${issue} #1 → neutral: The attempt went on to a newer commit`])
  expect(attemptsOn(p, await mainOf(p))).toContain(`DEV-${other} #1 → in_progress: Running`)
}, 60_000)

it('a commit that names the attempt ties it to the pull request that an agent opened for its holder; a fork’s never does', async () => {
  const p = (open = await play())
  const issue = await p.issue('Sum is wrong')
  await p.say('alice', issue, '/task\n/ready')
  await p.quiet()
  await p.say('bob', issue, '/claim agent=claude\n/start')
  await p.quiet()
  const trailer = `Mend\n\nMuster-Attempt: DEV-${issue}#1`

  const forked = (await p.as('bob').post(`${WIDGETS}/forks`, {})).json.full_name as string
  const put = { message: trailer, content: Buffer.from('x').toString('base64'), branch: 'main' }
  const far = (await p.as('bob').put(`/repos/${forked}/contents/far.txt`, put)).json.commit.sha as string
  await pullFrom(p, 'bob', 'bob:main', `Closes #${issue}`)
  await p.quiet()
  expect(attemptsOn(p, far)).toEqual([])

  await branchOff(p, 'claude', 'mend')
  await commit(p, 'claude', 'mend', 'one.txt', trailer)
  const head = await commit(p, 'claude', 'mend', 'two.txt')
  await pullFrom(p, 'claude', 'mend', `Closes #${issue}`)
  await p.quiet()
  expect(attemptsOn(p, head)).toEqual([`DEV-${issue} #1 → in_progress: Running`])
}, 60_000)
