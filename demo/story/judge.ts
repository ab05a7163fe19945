/** Whether the story ended as it should: one sentence for each thing that is not so. */
import type { Scene } from './outcome.ts'

/** GitHub requests that App and Action may make in one task's life. */
export const MOST_REQUESTS = 40

export function judge({ outcome, records, pull }: Scene): readonly string[] {
  const { task, labels, check_runs: checks, requests } = outcome
  const problems: string[] = []
  const expect = (holds: boolean, problem: string) => void (holds || problems.push(problem))
  const summary = task.attempts
    .map(({ status, failure }) => (failure === null ? status : `${status} (${failure})`))
    .join(', ')
  expect(task.status === 'done', `The task's status is "${task.status}", not done.`)
  expect(
    summary === 'failed (test_fail), succeeded',
    `The attempts are "${summary}", not "failed (test_fail), succeeded".`,
  )
  expect(
    labels.filter((name) => name.startsWith('status/')).join() === 'status/done',
    `The status labels are "${labels.filter((name) => name.startsWith('status/')).join(', ')}", not status/done alone.`,
  )
  expect(records === 1, `There are ${records} record comments, not one.`)
  const [first, second] = task.attempts
  expect(first?.conclusion === 'failure', `Attempt 1's check run concluded "${first?.conclusion}", not failure.`)
  expect(second?.conclusion === 'success', `Attempt 2's check run concluded "${second?.conclusion}", not success.`)
  for (const { n, cost_usd: cost, tokens } of task.attempts)
    expect((cost ?? 0) > 0 && (tokens ?? 0) > 0, `Attempt ${n} has no cost or no tokens.`)
  const failed = checks.find(({ name }) => name === `muster / ${task.key} #1`)
  expect((failed?.annotations ?? 0) > 0, `Attempt 1's check run has no annotation on a failing line.`)
  expect(
    pull?.merged === true,
    pull === null ? 'There is no pull request.' : `Pull request #${pull.number} is not merged.`,
  )
  const constant = checks.filter(({ name, sha }) => name === 'muster' && sha === pull?.headSha)
  expect(
    constant.length === 1 && constant[0]?.conclusion === 'success',
    `The check "muster" on the pull request's head is "${constant.map(({ conclusion }) => conclusion).join(', ')}", not one success.`,
  )
  for (const attempt of task.attempts) {
    const own = checks.filter(({ name }) => name === `muster / ${task.key} #${attempt.n}`)
    expect(own.length === 1, `Attempt ${attempt.n} has ${own.length} check runs, not one.`)
  }
  expect(
    requests.total <= MOST_REQUESTS,
    `App and Action made ${requests.total} GitHub requests, more than ${MOST_REQUESTS}.`,
  )
  return problems
}

/** Routes with their numbers, the most frequent first. */
export function requestTable(byRoute: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(byRoute)
    .sort(([, a], [, b]) => b - a)
    .map(([route, count]) => `${String(count).padStart(4)}  ${route}`)
}
