/** Pull requests as GraphQL shows them: what issues have too, and where the branch stands. They are changed over REST. */
import { nodeId } from '../model/ids.ts'
import type { Issue } from '../model/issue.ts'
import { type Pull, pullByNumber, pullOfIssue } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { graphqlFault } from './graphql-fault.ts'
import { sharedIssueFields } from './issue-part.ts'
import { SHARED_ISSUE_FIELDS } from './issue-sdl.ts'
import { issueSource, visible } from './issue-source.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

const sdl = `
  enum PullRequestState { CLOSED MERGED OPEN }
  type PullRequest implements Node & Comment & Reactable & Labelable & Lockable & Assignable & Closable {
    ${SHARED_ISSUE_FIELDS}
    baseRefName: String!
    baseRefOid: GitObjectID!
    headRefName: String!
    headRefOid: GitObjectID!
    headRepository: Repository
    isCrossRepository: Boolean!
    isDraft: Boolean!
    merged: Boolean!
    mergedAt: DateTime
    state: PullRequestState!
  }
  extend type Repository { pullRequest(number: Int!): PullRequest }
  extend type IssueComment { pullRequest: PullRequest }
`

const pullOf = (c: GraphqlContext, issue: Issue): Pull => {
  const pull = pullOfIssue(c.world.state, issue.id)
  if (!pull) throw new Error(`issue ${issue.id} is no pull request`)
  return pull
}

export const pullPart: GraphqlPart = {
  sdl,
  resolvers: {
    Repository: {
      pullRequest: (one: Repository, args, c) => {
        const number = Number(args['number'])
        const pull = pullByNumber(c.world.state, one.id, number)
        const issue = pull && c.world.state.issues.get(pull.issueId)
        if (!issue) throw graphqlFault('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
        return issueSource(issue)
      },
    },
    IssueComment: {
      pullRequest: (one: { readonly issueId: number }, _args, c) => {
        const issue = c.world.state.issues.get(one.issueId)
        return issue?.pull ? issueSource(issue) : null
      },
    },
    PullRequest: {
      ...sharedIssueFields(),
      id: (one: Issue) => nodeId('PullRequest', one.pull?.id ?? 0),
      baseRefName: (one: Issue, _args, c) => pullOf(c, one).baseRef,
      baseRefOid: (one: Issue, _args, c) => pullOf(c, one).baseSha,
      headRefName: (one: Issue, _args, c) => pullOf(c, one).headRef,
      headRefOid: (one: Issue, _args, c) => pullOf(c, one).headSha,
      headRepository: (one: Issue, _args, c) => {
        const { headRepositoryId } = pullOf(c, one)
        return headRepositoryId === null ? null : c.world.state.repositories.get(headRepositoryId)
      },
      isCrossRepository: (one: Issue, _args, c) => pullOf(c, one).headRepositoryId !== one.repositoryId,
      isDraft: (one: Issue) => one.pull?.draft ?? false,
      merged: (one: Issue, _args, c) => pullOf(c, one).merged,
      mergedAt: (one: Issue, _args, c) => pullOf(c, one).mergedAt,
      state: (one: Issue, _args, c) => (pullOf(c, one).merged ? 'MERGED' : one.state.toUpperCase()),
    },
  },
  nodes: {
    PullRequest: (key, c) => {
      const issue = c.world.state.issues.find((one) => one.pull?.id === Number(key))
      return issue && visible(c, issue) ? issueSource(issue) : null
    },
  },
}
