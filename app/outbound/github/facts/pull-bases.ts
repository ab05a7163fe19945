/** Which pull requests a branch has or had and where they lead to, now and before. Read from GitHub, never from a payload. */
import type { Millis } from '../../../domain/event/envelope.ts'
import type { PullBase } from '../reports/run-concern.ts'
import type { RunPlace } from './run-facts.ts'

const PER_PAGE = 100
const MAX_PAGES = 10
/** GitHub changes the base itself when the branch is deleted. */
const CHANGES = new Set(['base_ref_changed', 'automatic_base_change_succeeded'])

/** Pull requests of the repository itself, open or closed; null when there are more than are looked at. */
export const readPullsOfBranch = async (
  { client, owner, repo }: RunPlace,
  branch: string,
): Promise<readonly PullBase[] | null> => {
  const head = `${owner}:${branch}`
  const { data } = await client.rest.pulls.list({ owner, repo, head, state: 'all', per_page: PER_PAGE })
  if (data.length === PER_PAGE) return null
  return data.map(({ number, base, created_at, closed_at }) => ({
    number,
    intoDefault: base.ref === base.repo.default_branch,
    openedAt: Date.parse(created_at),
    closedAt: closed_at === null ? null : Date.parse(closed_at),
  }))
}

/** When the base of a pull request became another branch; null when more happened to it than is looked at. */
export const readBaseChanges = async (
  { client, owner, repo }: RunPlace,
  number: number,
): Promise<readonly Millis[] | null> => {
  const changes: Millis[] = []
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await client.rest.issues.listEvents({
      owner,
      repo,
      issue_number: number,
      per_page: PER_PAGE,
      page,
    })
    for (const { event, created_at } of data) if (CHANGES.has(event)) changes.push(Date.parse(created_at))
    if (data.length < PER_PAGE) return changes
  }
  return null
}
