/** Issues that were transferred: heard of where they left and where they arrived, in any order, or at one end only. */
import type { Actor } from '../../../domain/actor.ts'
import { followBack, followNews, type IssueAt } from '../../follow-issue.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { HandlerDeps } from '../deps.ts'

interface Named {
  readonly id: number
  readonly full_name: string
}

export const issueAt = ({ id, full_name: repository }: Named, { number }: { readonly number: number }): IssueAt => ({
  repository,
  repositoryId: id,
  number,
})

/** `arrives`: heard of in the repository where it is now. True when it is the issue of a task, and no new one. */
export const onTransfer = async (
  deps: HandlerDeps,
  place: RepositoryPlace,
  {
    from,
    to,
    by,
    arrives,
  }: {
    /** Null: GitHub does not say. */
    readonly from: IssueAt | null
    readonly to: IssueAt
    readonly by: Actor
    readonly arrives: boolean
  },
): Promise<boolean> => {
  const known = from !== null && (await followNews(deps, { from, to, through: place, actor: by }))
  // It went on where nobody of ours was, and only its record says whose it is.
  const stream = known || !arrives ? null : await deps.recordAt(place, to.number)
  const back = stream !== null && (await followBack(deps, stream, to, by))
  if (known || back) deps.log.info('the issue of a task was transferred', { to: to.repositoryId, issue: to.number })
  return known || back
}
