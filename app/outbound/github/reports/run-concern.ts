/**
 * Whether a run may have used another workflow file than the one on its commit, or looked at another commit: what it reports
 * is not CI's word then. A pull request's run takes the file from the merge with its base, and anyone who can push can make a
 * base. Pure: what it asks for is read elsewhere.
 */
import type { Millis } from '../../../domain/event/envelope.ts'

export interface PullBase {
  readonly number: number
  /** Whether it leads into the default branch now. */
  readonly intoDefault: boolean
  readonly openedAt: Millis
  readonly closedAt: Millis | null
}

export interface StandingRun {
  readonly event: string
  readonly headBranch: string | null
  readonly createdAt: Millis
}

export interface Standing {
  /** Whether the run stands on the attempt's branch. */
  readonly onBranch: boolean
  readonly defaultBranch: string | null
}

/** Null: more than can be looked at. */
export interface BaseReader {
  readonly pulls: (branch: string) => Promise<readonly PullBase[] | null>
  readonly changes: (pull: number) => Promise<readonly Millis[] | null>
}

/** Events whose runs take file and code from the commit that they name. */
const OF_THE_COMMIT = new Set(['push', 'create', 'workflow_dispatch'])
/** Events whose runs take file and code from the merge with the base. */
const OF_THE_MERGE = new Set(['pull_request', 'pull_request_review', 'pull_request_review_comment'])

/** Between what happens to a pull request and the run that it starts; clocks differ, and closing one starts runs too. */
const SLACK_MS: Millis = 60_000

/** Why the run's word is not CI's, or null. */
export const findConcern = async (run: StandingRun, at: Standing, read: BaseReader): Promise<string | null> => {
  if (OF_THE_MERGE.has(run.event)) {
    return (await findBaseConcern(run, read)) ?? (isKnownPlace(run, at) ? null : STRANGE_PLACE)
  }
  if (!isKnownPlace(run, at)) return STRANGE_PLACE
  // On the default branch every event runs the default branch's file and code, except those of pull requests.
  const own = OF_THE_COMMIT.has(run.event) || (!at.onBranch && !run.event.startsWith('pull_request'))
  return own ? null : 'its event does not look at the commit of the branch'
}

const STRANGE_PLACE = 'it ran neither on the branch of the attempt nor on the default branch'

const isKnownPlace = ({ headBranch }: StandingRun, { onBranch, defaultBranch }: Standing): boolean =>
  onBranch || (headBranch !== null && headBranch === defaultBranch)

const findBaseConcern = async ({ headBranch, createdAt }: StandingRun, read: BaseReader): Promise<string | null> => {
  const pulls = headBranch === null ? null : await read.pulls(headBranch)
  if (pulls === null) return 'it cannot be told which pull request it ran for'
  const possible = pulls.filter(
    ({ openedAt, closedAt }) => openedAt <= createdAt + SLACK_MS && (closedAt ?? createdAt) + SLACK_MS >= createdAt,
  )
  if (possible.length === 0) return 'the pull request that it ran for is not known'
  if (possible.some(({ intoDefault }) => !intoDefault))
    return 'a pull request of its branch leads elsewhere than into the default branch'
  for (const { number } of possible) {
    const changes = await read.changes(number)
    if (changes === null) return 'too much happened to its pull request to tell what it was based on'
    if (changes.some((at) => at + SLACK_MS >= createdAt)) return 'its pull request was based on another branch'
  }
  return null
}
