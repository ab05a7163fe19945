/** Mutations of issues themselves: open, edit, close, lock, pin, transfer, assign, relate. */
import { setAssignees } from '../changes/assignees.ts'
import { createIssue } from '../changes/create-issue.ts'
import { deleteIssue } from '../changes/delete-issue.ts'
import { doerAccount } from '../changes/doer.ts'
import { addBlockedBy, addSubIssue, removeBlockedBy, removeSubIssue } from '../changes/relations.ts'
import { transferIssue } from '../changes/transfer-issue.ts'
import { lockIssue, setPinned, setState, unlockIssue, updateIssue } from '../changes/update-issue.ts'
import { demandAccess } from '../auth/access.ts'
import type { Role } from '../model/account.ts'
import type { Issue, LockReason, StateReason } from '../model/issue.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { actorById } from './base-part.ts'
import { issueSource } from './issue-source.ts'
import { mutation, mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { demandOnIssue, issueOfId, labelOfId, repositoryOfId, userOfId } from './subject.ts'

const sdl = [
  mutationSdl(
    'createIssue',
    'assigneeIds: [ID!] body: String labelIds: [ID!] repositoryId: ID! title: String! parentIssueId: ID',
    'issue: Issue',
  ),
  mutationSdl(
    'updateIssue',
    'body: String id: ID! labelIds: [ID!] state: IssueState title: String',
    'actor: Actor issue: Issue',
  ),
  mutationSdl('closeIssue', 'issueId: ID! stateReason: IssueClosedStateReason', 'issue: Issue'),
  mutationSdl('reopenIssue', 'issueId: ID!', 'issue: Issue'),
  mutationSdl('lockLockable', 'lockReason: LockReason lockableId: ID!', 'actor: Actor lockedRecord: Lockable'),
  mutationSdl('unlockLockable', 'lockableId: ID!', 'actor: Actor unlockedRecord: Lockable'),
  mutationSdl('pinIssue', 'issueId: ID!', 'issue: Issue'),
  mutationSdl('unpinIssue', 'issueId: ID!', 'issue: Issue'),
  mutationSdl('transferIssue', 'createLabelsIfMissing: Boolean = false issueId: ID! repositoryId: ID!', 'issue: Issue'),
  mutationSdl('deleteIssue', 'issueId: ID!', 'repository: Repository'),
  mutationSdl('addAssigneesToAssignable', 'assignableId: ID! assigneeIds: [ID!]!', 'assignable: Assignable'),
  mutationSdl('removeAssigneesFromAssignable', 'assignableId: ID! assigneeIds: [ID!]!', 'assignable: Assignable'),
  mutationSdl('addSubIssue', 'issueId: ID! replaceParent: Boolean subIssueId: ID', 'issue: Issue subIssue: Issue'),
  mutationSdl('removeSubIssue', 'issueId: ID! subIssueId: ID!', 'issue: Issue subIssue: Issue'),
  mutationSdl('addBlockedBy', 'issueId: ID! blockingIssueId: ID!', 'issue: Issue blockingIssue: Issue'),
  mutationSdl('removeBlockedBy', 'issueId: ID! blockingIssueId: ID!', 'issue: Issue blockingIssue: Issue'),
].join('\n')

export const issueMutations: GraphqlPart = {
  sdl,
  resolvers: {
    Mutation: {
      createIssue: mutation((input, c) => {
        const repository = repositoryOfId(c, String(input['repositoryId']))
        demandAccess(c.world, c.caller, repository, { permission: { issues: 'write' }, write: true })
        const issue = createIssue(c, repository, {
          title: String(input['title']),
          body: textOrNull(input['body']),
          labels: idsIn(input['labelIds']).map((id) => labelOfId(c, id).name),
          assignees: loginsOf(c, input['assigneeIds']),
        })
        if (typeof input['parentIssueId'] !== 'string') return { issue }
        addSubIssue(c, target(c, input['parentIssueId'], 'triage'), issue)
        return { issue: c.world.state.issues.get(issue.id) }
      }),
      updateIssue: mutation((input, c) => {
        const { title, body, state, labelIds } = input
        const issue = updateIssue(c, target(c, input['id']), {
          ...(typeof title === 'string' && { title }),
          ...(typeof body === 'string' && { body }),
          ...(typeof state === 'string' && { state: state === 'OPEN' ? 'open' : 'closed' }),
          ...(labelIds !== undefined &&
            labelIds !== null && { labels: idsIn(labelIds).map((id) => labelOfId(c, id).name) }),
        })
        return { issue, actor: actorById(c, doerAccount(c).id) }
      }),
      closeIssue: mutation((input, c) => {
        const reason = lower(input['stateReason'], '_') as StateReason | null
        return { issue: setState(c, ownOrTriage(c, input['issueId']), 'closed', reason) }
      }),
      reopenIssue: mutation((input, c) => ({ issue: setState(c, ownOrTriage(c, input['issueId']), 'open', null) })),
      lockLockable: mutation((input, c) => {
        const reason = lower(input['lockReason'], input['lockReason'] === 'TOO_HEATED' ? ' ' : '-') as LockReason | null
        const locked = lockIssue(c, target(c, input['lockableId'], 'triage'), reason)
        return { lockedRecord: issueSource(locked), actor: actorById(c, doerAccount(c).id) }
      }),
      unlockLockable: mutation((input, c) => ({
        unlockedRecord: issueSource(unlockIssue(c, target(c, input['lockableId'], 'triage'))),
        actor: actorById(c, doerAccount(c).id),
      })),
      pinIssue: mutation((input, c) => ({ issue: setPinned(c, target(c, input['issueId'], 'triage'), true) })),
      unpinIssue: mutation((input, c) => ({ issue: setPinned(c, target(c, input['issueId'], 'triage'), false) })),
      transferIssue: mutation((input, c) => {
        const to = repositoryOfId(c, String(input['repositoryId']))
        demandAccess(c.world, c.caller, to, { permission: { issues: 'write' }, write: true, role: 'write' })
        return {
          issue: transferIssue(c, target(c, input['issueId'], 'write'), to, input['createLabelsIfMissing'] === true),
        }
      }),
      deleteIssue: mutation((input, c) => {
        const issue = target(c, input['issueId'])
        deleteIssue(c, issue)
        return { repository: repositoryOfIssue(c.world, issue) }
      }),
      addAssigneesToAssignable: mutation((input, c) => {
        const issue = target(c, input['assignableId'], 'triage')
        const ids = idsIn(input['assigneeIds']).map((id) => userOfId(c, id))
        return { assignable: issueSource(setAssignees(c, issue, [...new Set([...issue.assigneeIds, ...ids])])) }
      }),
      removeAssigneesFromAssignable: mutation((input, c) => {
        const issue = target(c, input['assignableId'], 'triage')
        const gone = new Set(idsIn(input['assigneeIds']).map((id) => userOfId(c, id)))
        return {
          assignable: issueSource(
            setAssignees(
              c,
              issue,
              issue.assigneeIds.filter((id) => !gone.has(id)),
            ),
          ),
        }
      }),
      addSubIssue: mutation((input, c) => {
        const child = issueOfId(c, String(input['subIssueId']))
        const issue = addSubIssue(c, target(c, input['issueId'], 'triage'), child, input['replaceParent'] === true)
        return { issue, subIssue: c.world.state.issues.get(child.id) }
      }),
      removeSubIssue: mutation((input, c) => {
        const child = issueOfId(c, String(input['subIssueId']))
        const issue = removeSubIssue(c, target(c, input['issueId'], 'triage'), child)
        return { issue, subIssue: c.world.state.issues.get(child.id) }
      }),
      addBlockedBy: mutation((input, c) => {
        const blockingIssue = issueOfId(c, String(input['blockingIssueId']))
        return { issue: addBlockedBy(c, target(c, input['issueId'], 'triage'), blockingIssue), blockingIssue }
      }),
      removeBlockedBy: mutation((input, c) => {
        const blockingIssue = issueOfId(c, String(input['blockingIssueId']))
        return { issue: removeBlockedBy(c, target(c, input['issueId'], 'triage'), blockingIssue), blockingIssue }
      }),
    },
  },
}

/** The issue that an id names, when the caller may write to it at all and has the role. */
function target(c: GraphqlContext, id: unknown, role: Role = 'read'): Issue {
  const issue = issueOfId(c, String(id))
  demandOnIssue(c, issue, 'write', role)
  return issue
}

/** An author may close and reopen what is theirs. */
function ownOrTriage(c: GraphqlContext, id: unknown): Issue {
  const issue = issueOfId(c, String(id))
  demandOnIssue(c, issue, 'write', doerAccount(c).id === issue.authorId ? 'read' : 'triage')
  return issue
}

function loginsOf(c: GraphqlContext, ids: unknown): string[] {
  return idsIn(ids).map((id) => c.world.state.accounts.get(userOfId(c, id))?.login ?? '')
}

function idsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** `NOT_PLANNED` → `not_planned`, with another joint where REST has one. */
function lower(value: unknown, joint: string): string | null {
  return typeof value === 'string' ? value.toLowerCase().replaceAll('_', joint) : null
}
