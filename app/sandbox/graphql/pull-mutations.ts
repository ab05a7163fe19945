/** Pull requests changed through GraphQL: opened, merged, closed, made ready or a draft. The rules are those of REST. */
import { demandAccess } from '../auth/access.ts'
import { createPull } from '../changes/create-pull.ts'
import { mergePull } from '../changes/merge-pull.ts'
import { setDraft, updatePull } from '../changes/update-pull.ts'
import type { Role } from '../model/account.ts'
import { type Pull, pullOfIssue } from '../model/pull.ts'
import { issueOfPull, repositoryOfPull } from '../render/pull.ts'
import { graphqlFault } from './graphql-fault.ts'
import { issueSource } from './issue-source.ts'
import { mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { slowMutation } from './slow-mutation.ts'
import { issueOfId, repositoryOfId } from './subject.ts'

const sdl = [
  'enum PullRequestMergeMethod { MERGE REBASE SQUASH }',
  mutationSdl(
    'createPullRequest',
    'baseRefName: String! body: String draft: Boolean headRefName: String! repositoryId: ID! title: String!',
    'pullRequest: PullRequest',
  ),
  mutationSdl(
    'mergePullRequest',
    'commitBody: String commitHeadline: String expectedHeadOid: GitObjectID mergeMethod: PullRequestMergeMethod = MERGE pullRequestId: ID!',
    'pullRequest: PullRequest',
  ),
  mutationSdl('closePullRequest', 'pullRequestId: ID!', 'pullRequest: PullRequest'),
  mutationSdl('reopenPullRequest', 'pullRequestId: ID!', 'pullRequest: PullRequest'),
  mutationSdl('markPullRequestReadyForReview', 'pullRequestId: ID!', 'pullRequest: PullRequest'),
  mutationSdl('convertPullRequestToDraft', 'pullRequestId: ID!', 'pullRequest: PullRequest'),
].join('\n')

type Input = Readonly<Record<string, unknown>>

function target(c: GraphqlContext, id: unknown, role: Role): Pull {
  const issue = issueOfId(c, String(id))
  const pull = pullOfIssue(c.world.state, issue.id)
  if (!pull)
    throw graphqlFault('NOT_FOUND', `Could not resolve to PullRequest node with the global id of '${String(id)}'.`)
  const own = c.caller.kind === 'user' && c.caller.userId === issue.authorId
  const permission = { pull_requests: 'write' } as const
  demandAccess(c.world, c.caller, repositoryOfPull(c.world, pull), {
    permission,
    write: true,
    role: own ? 'read' : role,
  })
  return pull
}

const shown = (c: GraphqlContext, pull: Pull) => ({ pullRequest: issueSource(issueOfPull(c.world, pull)) })

const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const METHODS = { MERGE: 'merge', REBASE: 'rebase', SQUASH: 'squash' } as const

export const pullMutations: GraphqlPart = {
  sdl,
  resolvers: {
    Mutation: {
      createPullRequest: slowMutation(async (input: Input, c) => {
        const repository = repositoryOfId(c, String(input['repositoryId']))
        demandAccess(c.world, c.caller, repository, { permission: { pull_requests: 'write' }, write: true })
        const pull = await createPull(c, repository, {
          title: String(input['title']),
          body: optional(input['body']) ?? null,
          head: String(input['headRefName']),
          base: String(input['baseRefName']),
          draft: input['draft'] === true,
          maintainerCanModify: true,
        })
        return shown(c, pull)
      }),
      mergePullRequest: slowMutation(async (input: Input, c) => {
        const pull = target(c, input['pullRequestId'], 'write')
        demandAccess(c.world, c.caller, repositoryOfPull(c.world, pull), {
          permission: { contents: 'write' },
          write: true,
          role: 'write',
        })
        await mergePull(c, pull, {
          method: METHODS[input['mergeMethod'] as keyof typeof METHODS] ?? 'merge',
          title: optional(input['commitHeadline']),
          message: optional(input['commitBody']),
          sha: optional(input['expectedHeadOid']),
        })
        return shown(c, pull)
      }),
      closePullRequest: slowMutation(async (input: Input, c) =>
        shown(c, await updatePull(c, target(c, input['pullRequestId'], 'triage'), { state: 'closed' })),
      ),
      reopenPullRequest: slowMutation(async (input: Input, c) =>
        shown(c, await updatePull(c, target(c, input['pullRequestId'], 'triage'), { state: 'open' })),
      ),
      markPullRequestReadyForReview: slowMutation((input: Input, c) =>
        shown(c, setDraft(c, target(c, input['pullRequestId'], 'write'), false)),
      ),
      convertPullRequestToDraft: slowMutation((input: Input, c) =>
        shown(c, setDraft(c, target(c, input['pullRequestId'], 'write'), true)),
      ),
    },
  },
}
