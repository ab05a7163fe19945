/** A busy minute on six tasks: some 200 deliveries of comments whose commands do not commute, edits, labels, titles, pushes and a pull request. */
import type { Play } from './play.ts'

const REPO = '/repos/acme/widgets'
export const BRANCH = 'muster/DEV-1-sum-is-wrong'
export const TASKS = 6

/** Six tasks at rest: the first is claimed by alice. */
export const sixTasks = async (p: Play): Promise<void> => {
  for (let n = 1; n <= TASKS; n += 1) await p.issue(`Task ${n}`)
  for (let n = 1; n <= TASKS; n += 1) await p.say('alice', n, n === 1 ? '/task\n/ready\n/claim' : '/task')
  await p.quiet()
}

export interface Burst {
  /** Where the branch and the pull request stand at the end. */
  readonly head: string
  readonly pull: number
}

export const busyMinute = async (p: Play): Promise<Burst> => {
  const edit = (who: 'bob' | 'carol', comment: number, body: string) =>
    p.as(who).patch(`${REPO}/issues/comments/${comment}`, { body })
  const title = (n: number, text: string) => p.as('bob').patch(`${REPO}/issues/${n}`, { title: text })
  const label = (n: number, name: string) => p.as('bob').post(`${REPO}/issues/${n}/labels`, { labels: [name] })
  const sha = async (ref: string): Promise<string> =>
    (await p.as('bob').get(`${REPO}/git/ref/heads/${ref}`)).json.object.sha as string
  const commit = async (n: number): Promise<string> => {
    const content = Buffer.from(`${n}\n`).toString('base64')
    const file = `${REPO}/contents/work-${n}.txt`
    const answer = await p.as('bob').put(file, { message: `Step ${n}`, content, branch: BRANCH })
    return answer.json.commit.sha as string
  }

  await p.as('bob').post(`${REPO}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha: await sha('main') })
  const first = await commit(1)
  const pull = (
    await p.as('bob').post(`${REPO}/pulls`, { title: 'Fix', head: BRANCH, base: 'main', body: 'Closes #1' })
  ).json.number as number
  for (let round = 1; round <= 6; round += 1) {
    for (let n = 1; n <= TASKS; n += 1) {
      // Nobody writes more than GitHub lets one person write in a minute.
      const who = n % 2 === 0 ? 'alice' : 'bob'
      await p.say('bob', n, `Round ${round}.\n/note round ${round} of ${n}`)
      if (n !== 5) await p.say(who, n, round % 2 === 0 ? '/priority p0' : '/priority p3')
      if (n === 2) await p.say(who, n, round % 2 === 0 ? '/unblock' : `/block reason ${round}`)
      if (n === 3) await p.say(who, n, round % 2 === 0 ? '/undepends #2' : '/depends #2')
      if (n === 4 && round === 1) await p.say('alice', n, '/claim')
      if (n === 4 && round === 2) await p.say('alice', n, '/ready')
      if (n === 4 && round === 3) await p.say('alice', n, '/claim')
      if (n === 4 && round === 4) await p.say('alice', n, '/fail class=test_fail message="1 of 2"')
      if (n === 4 && round === 5) await p.say('alice', n, '/retry')
      const talk = await p.say('carol', n, `Thinking about ${round}.`)
      await edit('carol', talk, `Thought about ${round}.\n/note thought ${round}`)
      if (round === 2) await edit('bob', talk, '/cancel said by somebody else')
      if (round % 2 === 0) await title(n, `Task ${n}, take ${round}`)
    }
    if (round < 4) await commit(round + 1)
    await label(5, round % 2 === 0 ? 'question' : 'bug')
  }
  await label(5, 'priority/p1')
  await p.as('bob').patch(`${REPO}/pulls/${pull}`, { state: 'closed' })
  await p.as('bob').patch(`${REPO}/pulls/${pull}`, { state: 'open' })
  await p.as('bob').patch(`${REPO}/git/refs/heads/${BRANCH}`, { sha: first, force: true })
  return { head: first, pull }
}
