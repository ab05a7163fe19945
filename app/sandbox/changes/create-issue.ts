/** Opens an issue. Labels, assignees and milestone of people without triage are dropped silently, as on GitHub. */
import type { Issue } from '../model/issue.ts'
import type { Repository } from '../model/repository.ts'
import { renderAccountId } from '../render/account.ts'
import { checkBody, checkTitle } from './check-text.ts'
import { type Doer, doerAccount, doerAppId, doerIs } from './doer.ts'
import { emitIssue } from './emit-issue.ts'
import { resolveAssignees } from './assignees.ts'
import { labelExtra, labelIdsByName, labelNote } from './labels.ts'
import { noteEvent } from './note-event.ts'

export interface NewIssue {
  readonly title: string
  readonly body?: string | null
  readonly labels?: readonly string[]
  readonly assignees?: readonly string[]
  readonly milestoneId?: number | null
  /** Set by the area of pull requests, which makes its own row under the same number. */
  readonly pull?: Issue['pull']
}

export function createIssue(doer: Doer, repository: Repository, input: NewIssue): Issue {
  const { state, clock } = doer.world
  checkTitle(input.pull ? 'PullRequest' : 'Issue', input.title)
  checkBody(input.pull ? 'PullRequest' : 'Issue', input.body ?? '')
  const triager = doerIs(doer, repository, 'triage')
  const number = (state.repositories.get(repository.id) ?? repository).lastNumber + 1
  state.repositories.update(repository.id, { lastNumber: number })
  const now = clock.now()
  const issue = state.issues.put({
    id: state.ids.next(),
    repositoryId: repository.id,
    number,
    title: input.title,
    body: input.body ?? null,
    state: 'open',
    stateReason: null,
    authorId: doerAccount(doer).id,
    appId: doerAppId(doer),
    labelIds: triager ? labelIdsByName(doer, repository, input.labels ?? []) : [],
    assigneeIds: triager ? resolveAssignees(doer, repository, input.assignees ?? []) : [],
    milestoneId: triager ? (input.milestoneId ?? null) : null,
    locked: false,
    lockReason: null,
    pinned: false,
    parentId: null,
    subIssueIds: [],
    blockedByIds: [],
    edits: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
    pull: input.pull ?? null,
  })
  emitIssue(doer, issue, 'opened')
  for (const id of issue.labelIds) {
    noteEvent(doer, issue, 'labeled', labelNote(doer, id))
    emitIssue(doer, issue, 'labeled', labelExtra(doer, issue, id))
  }
  for (const id of issue.assigneeIds) {
    const assignee = renderAccountId(doer.world, id)
    noteEvent(doer, issue, 'assigned', { assignee })
    emitIssue(doer, issue, 'assigned', { assignee })
  }
  return issue
}
