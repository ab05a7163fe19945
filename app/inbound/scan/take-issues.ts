/** Which issues and pull requests of a page are not as we know them. What was done to them is found by looking, when the row is worked on. */
import { projectStream, type Millis } from '../../domain/event/envelope.ts'
import type { PullRequest, Task } from '../../domain/task/state.ts'
import { namedTasks } from '../../domain/task/named-tasks.ts'
import type { Delivery, ScannedIssue, ScanPlace } from '../../engine/ports.ts'
import { streamAt } from '../standing-at.ts'
import { isTaskLabel } from '../webhook/handlers/issues.ts'
import type { PullSeen } from './ports.ts'
import { scannedDelivery } from './scanned-delivery.ts'
import type { TakeDeps } from './take-comments.ts'

export const takeIssues = async (
  deps: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedIssue[],
  since: Millis,
): Promise<readonly Delivery[]> => [
  ...(await issuesIn(
    deps,
    place,
    rows.filter(({ isPullRequest }) => !isPullRequest),
  )),
  ...(await pullsIn(
    deps,
    place,
    rows.filter(({ isPullRequest }) => isPullRequest),
    since,
  )),
]

const issuesIn = async (
  { engine, asKnown, clock }: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedIssue[],
): Promise<readonly Delivery[]> => {
  const { projections } = engine.store
  const ledger = (await projections.project(projectStream(place.repositoryId)))?.ledgerIssue ?? null
  const found: Delivery[] = []
  for (const row of rows) {
    const { number: issue, nodeId, labels, title, open, locked, author, updatedAt } = row
    const stream = await streamAt(projections, place, issue)
    const identity = engine.sha256(JSON.stringify([nodeId, updatedAt, labels, title, open, locked]))
    const about = { place, issue, identity, now: clock.now() }
    if (issue === ledger) {
      if (!open || !locked) found.push(scannedDelivery('ledger', { issue }, about))
    } else if ((await projections.task(stream)) !== null) {
      if (!(await asKnown.issue(stream, row))) found.push(scannedDelivery('touched', { issue, title, open }, about))
    } else if (labels.some(isTaskLabel)) {
      found.push(scannedDelivery('label', { issue, nodeId, labels, author }, about))
    }
  }
  return found
}

const pullsIn = async (
  { engine, facts, clock }: TakeDeps,
  place: ScanPlace,
  rows: readonly ScannedIssue[],
  since: Millis,
): Promise<readonly Delivery[]> => {
  const tasks = rows.length === 0 ? [] : await engine.store.projections.tasks(projectStream(place.repositoryId))
  // Without a task nothing can be named.
  if (tasks.length === 0) return []
  const seen = await facts.pulls(
    place,
    rows.map(({ nodeId }) => nodeId),
  )
  return seen.flatMap((pull) => {
    const { number, state, headSha, branch } = pull
    // One that was closed before had its chance, and its text may have been edited ever since.
    const gains = pull.closedAt === null || pull.closedAt >= since
    if (!isNews(tasks, pull, gains)) return []
    const text = gains && state !== 'open' ? pull.text : null
    const identity = engine.sha256(JSON.stringify([place.repositoryId, number, state, headSha, branch, pull.text]))
    return [scannedDelivery('pull', { number, text }, { place, issue: number, identity, now: clock.now() })]
  })
}

const isNews = (tasks: readonly Task[], pull: PullSeen, gains: boolean): boolean => {
  const named = gains ? namedTasks(pull.text, pull.isOwn ? pull.branch : '') : { closes: [], keys: [] }
  const isNamed = ({ number, key }: Task): boolean =>
    named.closes.includes(number) || named.keys.includes(key.toUpperCase())
  return tasks.some((task) => {
    const linked = task.pullRequests.find(({ number }) => number === pull.number)
    return linked === undefined ? isNamed(task) : !isSame(linked, pull)
  })
}

const isSame = (linked: PullRequest, { state, headSha, branch }: PullSeen): boolean =>
  linked.state === state && linked.headSha === headSha && linked.branch === branch
