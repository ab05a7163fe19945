/** Who is assigned to an issue: at most ten, only people who can see the repository; others are ignored, as on GitHub. */
import { roleOf } from '../auth/access.ts'
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { renderAccountId } from '../render/account.ts'
import type { Doer } from './doer.ts'
import { emitIssue } from './emit-issue.ts'
import { noteEvent } from './note-event.ts'

const MAX_ASSIGNEES = 10

export function isAssignable(doer: Pick<Doer, 'world'>, repository: Repository, login: string): number | undefined {
  const account = doer.world.state.accounts.find((one) => one.login.toLowerCase() === login.toLowerCase())
  if (account?.type !== 'User') return undefined
  const explicit = repository.collaborators[account.id] !== undefined
  return explicit && roleOf(repository, account.id) !== 'none' ? account.id : undefined
}

export function resolveAssignees(doer: Doer, repository: Repository, logins: readonly string[]): number[] {
  const ids = logins.map((login) => isAssignable(doer, repository, login)).filter((id) => id !== undefined)
  return [...new Set(ids)].slice(0, MAX_ASSIGNEES)
}

/** Makes the assignees exactly these ids, one event for each who came or went. */
export function setAssignees(doer: Doer, issue: Issue, ids: readonly number[]): Issue {
  const { state, clock } = doer.world
  let current = issue
  const change = (assigneeIds: readonly number[], id: number, action: 'assigned' | 'unassigned') => {
    current = state.issues.update(issue.id, { assigneeIds, updatedAt: clock.now() })
    const assignee = renderAccountId(doer.world, id)
    noteEvent(doer, current, action, { assignee })
    emitIssue(doer, current, action, { assignee })
  }
  for (const id of issue.assigneeIds.filter((one) => !ids.includes(one)))
    change(
      current.assigneeIds.filter((one) => one !== id),
      id,
      'unassigned',
    )
  for (const id of ids.slice(0, MAX_ASSIGNEES))
    if (!current.assigneeIds.includes(id)) change([...current.assigneeIds, id], id, 'assigned')
  return current
}
