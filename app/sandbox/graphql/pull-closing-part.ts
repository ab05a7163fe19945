/** How GraphQL ties pull requests to what they consist of and to the issues that they close. */
import { closedByPull } from '../changes/closing-keywords.ts'
import { listCommits } from '../git/git-history.ts'
import { readCommit } from '../git/git-objects.ts'
import { gitStoreOf } from '../git/world-git.ts'
import type { Issue } from '../model/issue.ts'
import { type Pull, pullOfIssue, pullsOf } from '../model/pull.ts'
import { issueOfPull, repositoryOfPull } from '../render/pull.ts'
import { connection } from './connection.ts'
import { issueSource, visible } from './issue-source.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

const PAGE = 'after: String before: String first: Int last: Int'

const sdl = `
  enum MergeableState { CONFLICTING MERGEABLE UNKNOWN }
  type PullRequestCommit { commit: Commit! id: ID! }
  type PullRequestCommitConnection { nodes: [PullRequestCommit] pageInfo: PageInfo! totalCount: Int! }
  type PullRequestConnection { nodes: [PullRequest] pageInfo: PageInfo! totalCount: Int! }
  extend type Commit { messageHeadline: String! message: String! committedDate: DateTime! }
  extend type PullRequest {
    additions: Int!
    changedFiles: Int!
    closingIssuesReferences(${PAGE}): IssueConnection
    commits(${PAGE}): PullRequestCommitConnection!
    deletions: Int!
    mergeable: MergeableState!
    mergeCommit: Commit
  }
  extend type Issue {
    closedByPullRequestsReferences(${PAGE} includeClosedPrs: Boolean = false): PullRequestConnection
  }
  extend type Repository {
    pullRequests(${PAGE} states: [PullRequestState!] headRefName: String baseRefName: String): PullRequestConnection!
  }
`

interface CommitSource {
  readonly __typename: 'Commit'
  readonly sha: string
  readonly repositoryId: number
}

const pullOf = (c: GraphqlContext, issue: Issue): Pull => {
  const pull = pullOfIssue(c.world.state, issue.id)
  if (!pull) throw new Error(`issue ${issue.id} is no pull request`)
  return pull
}

const commitSource = (pull: Pull, sha: string): CommitSource => ({
  __typename: 'Commit',
  sha,
  repositoryId: pull.repositoryId,
})

const stateOf = (c: GraphqlContext, pull: Pull): string =>
  pull.merged ? 'MERGED' : issueOfPull(c.world, pull).state.toUpperCase()

const sourcesOf = (c: GraphqlContext, pulls: readonly Pull[]) =>
  pulls.map((pull) => issueOfPull(c.world, pull)).map(issueSource)

/** The commit's text; the part of git objects gives the source its sha only. */
const commitText = async (one: Pick<CommitSource, 'sha'>, c: GraphqlContext) => {
  for (const repository of c.world.state.repositories.all()) {
    const commit = await readCommit(gitStoreOf(c.world.state).open(repository.id), one.sha)
    if (commit) return commit
  }
  throw new Error(`no commit ${one.sha}`)
}

export const pullClosingPart: GraphqlPart = {
  sdl,
  resolvers: {
    Commit: {
      message: async (one: CommitSource, _args, c) => (await commitText(one, c)).message,
      messageHeadline: async (one: CommitSource, _args, c) => (await commitText(one, c)).message.split('\n')[0],
      committedDate: async (one: CommitSource, _args, c) => (await commitText(one, c)).committer.date,
    },
    PullRequest: {
      additions: (one: Issue, _args, c) => pullOf(c, one).additions,
      deletions: (one: Issue, _args, c) => pullOf(c, one).deletions,
      changedFiles: (one: Issue, _args, c) => pullOf(c, one).changedFiles,
      closingIssuesReferences: (one: Issue, args, c) => {
        const pull = pullOf(c, one)
        const issues = closedByPull(c.world, repositoryOfPull(c.world, pull), pull).filter(
          (issue) => !issue.pull && visible(c, issue),
        )
        return connection('closingIssuesReferences', issues, args)
      },
      commits: async (one: Issue, args, c) => {
        const pull = pullOf(c, one)
        const git = gitStoreOf(c.world.state).open(pull.repositoryId)
        const commits = await listCommits(git, pull.headSha, { not: pull.baseSha, oldestFirst: true })
        const rows = commits.map(({ sha }, id) => ({ id, commit: commitSource(pull, sha) }))
        const page = connection('commits', rows, args)
        const nodes = page.nodes.map(({ commit }) => ({ id: `PURC_${commit.sha}`, commit }))
        return { totalCount: page.totalCount, pageInfo: page.pageInfo, nodes }
      },
      mergeable: (one: Issue, _args, c) => {
        const pull = pullOf(c, one)
        if (!pull.mergeableAsked) pullsOf(c.world.state).update(pull.id, { mergeableAsked: true })
        if (pull.merged || !pull.mergeableAsked) return 'UNKNOWN'
        return pull.mergeable ? 'MERGEABLE' : 'CONFLICTING'
      },
      mergeCommit: (one: Issue, _args, c) => {
        const pull = pullOf(c, one)
        return pull.merged && pull.mergeCommitSha !== null ? commitSource(pull, pull.mergeCommitSha) : null
      },
    },
    Issue: {
      closedByPullRequestsReferences: (one: Issue, args, c) => {
        const pulls = pullsOf(c.world.state)
          .where((pull) => args['includeClosedPrs'] === true || pull.merged || stateOf(c, pull) === 'OPEN', c.asOf)
          .filter((pull) =>
            closedByPull(c.world, repositoryOfPull(c.world, pull), pull).some((own) => own.id === one.id),
          )
        return connection('closedByPullRequestsReferences', sourcesOf(c, pulls), args)
      },
    },
    Repository: {
      pullRequests: (one: { readonly id: number }, args, c) => {
        const states = args['states'] as readonly string[] | undefined
        const named = (key: string, value: string) => typeof args[key] !== 'string' || args[key] === value
        const pulls = pullsOf(c.world.state)
          .where((pull) => pull.repositoryId === one.id, c.asOf)
          .filter((pull) => !states || states.includes(stateOf(c, pull)))
          .filter((pull) => named('headRefName', pull.headRef) && named('baseRefName', pull.baseRef))
        return connection('pullRequests', sourcesOf(c, pulls), args)
      },
    },
  },
}
