/** Bots beside ours that know no better: one that fights over a label, and one that quotes what we say should come next. */
import type { IssueComment } from '../../../app/sandbox/model/issue.ts'
import { REPO, type People } from './people.ts'

/** For how long the one fights, how soon it strikes back, and how often the other quotes at most. */
const FIGHT_MS = 6 * 60_000
const STRIKE_MS = 3000
const MOST_QUOTES = 6

/** Wants every task of its own to be in `status/backlog`, whatever its state. */
export const fightLabels = async (people: People, issue: number): Promise<void> => {
  const { time, as, say, has, labels } = people
  await say('alice', issue, '/task\n/ready')
  await has(issue, 'status/ready')
  for (const end = time.now() + FIGHT_MS; time.now() < end; await time.sleep(STRIKE_MS)) {
    if (!labels(issue).includes('status/ready')) continue
    await as('claude', 'POST', `${REPO}/issues/${issue}/labels`, { labels: ['status/backlog'] })
    if (labels(issue).includes('status/ready'))
      await as('claude', 'DELETE', `${REPO}/issues/${issue}/labels/status%2Fready`)
  }
}

/** Repeats each next step that we name, at the start of a line, as if it were its own command. */
export const quoteNextSteps = async (people: People, issue: number): Promise<void> => {
  const { time, say, has, sandbox } = people
  await say('alice', issue, '/task')
  await has(issue, 'status/backlog')
  const quoted = new Set<string>()
  const ours = (): readonly IssueComment[] =>
    sandbox.state.comments.where(
      (one) => one.issueId === people.issue(issue).id && one.appId === sandbox.seed.muster.id,
    )
  const answered = (comment: number): boolean =>
    sandbox.state.reactions.find(
      ({ subject, content }) => subject.kind === 'comment' && subject.id === comment && content === 'confused',
    ) !== undefined
  let refused: number | null = null
  let isReady = false
  for (let look = 0; !isReady || quoted.size < 2; look += 1) {
    for (const { id, body } of ours()) {
      const steps = [...body.matchAll(/`(\/[a-z]+[^`]*)`/g)].map(([, step = '']) => step)
      const text = steps.join('\n')
      if (text === '' || quoted.has(`${id} ${text}`) || quoted.size >= MOST_QUOTES) continue
      quoted.add(`${id} ${text}`)
      await say('claude', issue, `Muster says:\n${text}`)
    }
    if (look === 5) refused = await say('bob', issue, '/claim')
    if (refused !== null && !isReady && answered(refused)) {
      await say('bob', issue, '/ready')
      isReady = true
    }
    await time.sleep(2000)
  }
  await has(issue, 'status/ready')
}
