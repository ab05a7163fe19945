/** An issue row on its way through GraphQL: its type, whether the viewer may see it, whether it is the viewer's own. */
import { maySee } from '../auth/access.ts'
import { doerAccount } from '../changes/doer.ts'
import type { Issue } from '../model/issue.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import type { GraphqlContext } from './part.ts'

/** An issue row with the type that interfaces need: an issue or a pull request. */
export function issueSource(issue: Issue) {
  return { __typename: issue.pull ? 'PullRequest' : 'Issue', ...issue }
}

export function visible(c: GraphqlContext, issue: Issue): boolean {
  return maySee(c.world, c.caller, repositoryOfIssue(c.world, issue))
}

export function viewerIs(c: GraphqlContext, accountId: number): boolean {
  return c.caller.kind !== 'anonymous' && c.caller.kind !== 'app' && doerAccount(c).id === accountId
}
