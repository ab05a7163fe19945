/** Finds what a mutation's ids name, and demands the right to change it. Hidden and missing are the same NOT_FOUND. */
import { demandAccess, maySee } from '../auth/access.ts'
import { nodeId, parseNodeId } from '../model/ids.ts'
import type { PermissionLevel, Role } from '../model/account.ts'
import type { Issue, IssueComment } from '../model/issue.ts'
import type { Label, Repository } from '../model/repository.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { graphqlFault } from './graphql-fault.ts'
import { visible } from './issue-source.ts'
import type { GraphqlContext } from './part.ts'

const unknownId = (id: string) =>
  graphqlFault('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)

/** An issue or pull request by its node id. */
export function issueOfId(c: GraphqlContext, id: string): Issue {
  const parsed = parseNodeId(id)
  const key = Number(parsed?.key)
  const { issues } = c.world.state
  const found = parsed?.kind === 'PullRequest' ? issues.find((one) => one.pull?.id === key) : issues.get(key)
  const fits = parsed?.kind === 'Issue' || parsed?.kind === 'PullRequest'
  if (!found || !fits || !visible(c, found)) throw unknownId(id)
  return found
}

export function commentOfId(c: GraphqlContext, id: string): IssueComment {
  const parsed = parseNodeId(id)
  const comment = parsed?.kind === 'IssueComment' ? c.world.state.comments.get(Number(parsed.key)) : undefined
  const issue = comment && c.world.state.issues.get(comment.issueId)
  if (!comment || !issue || !visible(c, issue)) throw unknownId(id)
  return comment
}

/** A comment with its issue, or an issue alone: what can be reacted to. */
export function textOrIssue(
  c: GraphqlContext,
  id: string,
): { readonly comment: IssueComment | null; readonly issue: Issue } {
  if (parseNodeId(id)?.kind !== 'IssueComment') return { comment: null, issue: issueOfId(c, id) }
  const comment = commentOfId(c, id)
  const issue = c.world.state.issues.get(comment.issueId)
  if (!issue) throw unknownId(id)
  return { comment, issue }
}

export function repositoryOfId(c: GraphqlContext, id: string): Repository {
  const parsed = parseNodeId(id)
  const repository = parsed?.kind === 'Repository' ? c.world.state.repositories.get(Number(parsed.key)) : undefined
  if (!repository || !maySee(c.world, c.caller, repository)) throw unknownId(id)
  return repository
}

export function labelOfId(c: GraphqlContext, id: string): Label {
  const parsed = parseNodeId(id)
  const label = parsed?.kind === 'Label' ? c.world.state.labels.get(Number(parsed.key)) : undefined
  if (!label) throw unknownId(id)
  repositoryOfId(c, nodeId('Repository', label.repositoryId))
  return label
}

/** A person's account id from a User node id. */
export function userOfId(c: GraphqlContext, id: string): number {
  const parsed = parseNodeId(id)
  const account = parsed?.kind === 'User' ? c.world.state.accounts.get(Number(parsed.key)) : undefined
  if (!account) throw unknownId(id)
  return account.id
}

/** Permission and role to change something on an issue; on a pull request its own permission serves too. */
export function demandOnIssue(c: GraphqlContext, issue: Issue, level: PermissionLevel, role: Role = 'read'): void {
  const permission = issue.pull ? { issues: level, pull_requests: level } : { issues: level }
  demandAccess(c.world, c.caller, repositoryOfIssue(c.world, issue), { permission, role, write: level === 'write' })
}
