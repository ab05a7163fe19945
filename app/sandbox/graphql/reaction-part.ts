/** Reactions as GraphQL shows them, and its two mutations. */
import { addReaction, removeReaction } from '../changes/reactions.ts'
import { doerAccount } from '../changes/doer.ts'
import { nodeId } from '../model/ids.ts'
import type { Issue, IssueComment, Reaction, ReactionContent } from '../model/issue.ts'
import { reactionsOn } from '../render/reaction.ts'
import { actorById } from './base-part.ts'
import { connection } from './connection.ts'
import { graphqlFault } from './graphql-fault.ts'
import { demandOnIssue, textOrIssue } from './subject.ts'
import { mutation, mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'

const NAMES = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  confused: 'CONFUSED',
  heart: 'HEART',
  hooray: 'HOORAY',
  rocket: 'ROCKET',
  eyes: 'EYES',
} as const satisfies Record<ReactionContent, string>

type Subject = Reaction['subject']

export function reactionFields(kind: Subject['kind']) {
  const subjectOf = (one: Issue | IssueComment): Subject => ({ kind, id: one.id })
  return {
    reactions: (one: Issue | IssueComment, args: Readonly<Record<string, unknown>>, c: GraphqlContext) => {
      const wanted = args['content']
      const rows = reactionsOn(c.world, subjectOf(one), c.asOf)
      return connection(
        'reactions',
        rows.filter((row) => !wanted || NAMES[row.content] === wanted),
        args,
      )
    },
    reactionGroups: (one: Issue | IssueComment) =>
      Object.keys(NAMES).map((content) => ({ content: content as ReactionContent, subject: subjectOf(one) })),
  }
}

interface Group {
  readonly content: ReactionContent
  readonly subject: Subject
}

const inGroup = (c: GraphqlContext, one: Group) =>
  reactionsOn(c.world, one.subject, c.asOf).filter((row) => row.content === one.content)

export const reactionPart: GraphqlPart = {
  sdl: `
    ${mutationSdl('addReaction', 'content: ReactionContent! subjectId: ID!', 'reaction: Reaction subject: Reactable')}
    ${mutationSdl('removeReaction', 'content: ReactionContent! subjectId: ID!', 'reaction: Reaction subject: Reactable')}`,
  resolvers: {
    Reaction: {
      id: (one: Reaction) => nodeId('Reaction', one.id),
      databaseId: (one: Reaction) => one.id,
      content: (one: Reaction) => NAMES[one.content],
      user: (one: Reaction, _args, c) => {
        const account = actorById(c, one.userId)
        // GitHub's type has no room for a bot here.
        return account?.type === 'User' ? account : null
      },
      reactable: (one: Reaction, _args, c) => reactableSource(c, one.subject),
    },
    ReactionGroup: {
      content: (one: Group) => NAMES[one.content],
      createdAt: (one: Group, _args, c) => inGroup(c, one)[0]?.createdAt ?? null,
      subject: (one: Group, _args, c) => reactableSource(c, one.subject),
      viewerHasReacted: (one: Group, _args, c) =>
        c.caller.kind !== 'anonymous' && inGroup(c, one).some((row) => row.userId === doerAccount(c).id),
      reactors: (one: Group, args, c) => {
        const accounts = inGroup(c, one).map((row) => actorById(c, row.userId))
        return connection(
          'reactors',
          accounts.filter((account) => account !== null),
          args,
        )
      },
    },
    Mutation: {
      addReaction: mutation((input, c) => {
        const { subject, content } = asked(c, input)
        return { reaction: addReaction(c, subject, content).reaction, subject: reactableSource(c, subject) }
      }),
      removeReaction: mutation((input, c) => {
        const { subject, content } = asked(c, input)
        const mine = reactionsOn(c.world, subject).find(
          (one) => one.content === content && one.userId === doerAccount(c).id,
        )
        if (!mine) throw graphqlFault('NOT_FOUND', 'Could not find the reaction to remove.')
        return { reaction: removeReaction(c, subject, mine.id), subject: reactableSource(c, subject) }
      }),
    },
  },
}

function asked(c: GraphqlContext, input: Readonly<Record<string, unknown>>) {
  const found = textOrIssue(c, String(input['subjectId']))
  demandOnIssue(c, found.issue, 'write')
  const content = Object.entries(NAMES).find(([, name]) => name === input['content'])?.[0] as ReactionContent
  const subject: Subject = found.comment
    ? { kind: 'comment', id: found.comment.id }
    : { kind: 'issue', id: found.issue.id }
  return { subject, content }
}

function reactableSource(c: GraphqlContext, subject: Subject) {
  if (subject.kind === 'comment') return { __typename: 'IssueComment', ...c.world.state.comments.get(subject.id) }
  const issue = c.world.state.issues.get(subject.id)
  return { __typename: issue?.pull ? 'PullRequest' : 'Issue', ...issue }
}
