/** Comments as GraphQL shows them, and the mutations that write, edit, delete, hide and pin them. */
import {
  addComment,
  deleteComment,
  editComment,
  issueOfComment,
  minimizeComment,
  pinComment,
} from '../changes/comments.ts'
import { doerIs } from '../changes/doer.ts'
import { nodeId } from '../model/ids.ts'
import type { IssueComment } from '../model/issue.ts'
import { authorAssociation } from '../render/association.ts'
import { issueHtml } from '../render/issue-address.ts'
import { repositoryOfIssue } from '../render/issue.ts'
import { actorById } from './base-part.ts'
import { editFields } from './edit-part.ts'
import { issueSource, viewerIs, visible } from './issue-source.ts'
import { mutation, mutationSdl } from './mutation.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { reactionFields } from './reaction-part.ts'
import { commentOfId, demandOnIssue, issueOfId } from './subject.ts'

const sdl = [
  mutationSdl('addComment', 'body: String! subjectId: ID!', 'commentEdge: IssueCommentEdge subject: Node'),
  mutationSdl('updateIssueComment', 'body: String! id: ID!', 'issueComment: IssueComment'),
  mutationSdl('deleteIssueComment', 'id: ID!', ''),
  mutationSdl(
    'minimizeComment',
    'classifier: ReportedContentClassifiers! subjectId: ID!',
    'minimizedComment: Minimizable',
  ),
  mutationSdl('unminimizeComment', 'subjectId: ID!', 'unminimizedComment: Minimizable'),
  mutationSdl('pinIssueComment', 'issueCommentId: ID!', 'issueComment: IssueComment'),
  mutationSdl('unpinIssueComment', 'issueCommentId: ID!', 'issueComment: IssueComment'),
].join('\n')

export const commentPart: GraphqlPart = {
  sdl,
  resolvers: {
    IssueComment: {
      id: (one: IssueComment) => nodeId('IssueComment', one.id),
      databaseId: (one: IssueComment) => one.id,
      fullDatabaseId: (one: IssueComment) => String(one.id),
      author: (one: IssueComment, _args, c) => actorById(c, one.authorId),
      authorAssociation: (one: IssueComment, _args, c) =>
        authorAssociation(c.world, repositoryOfIssue(c.world, issueOfComment(c, one)), one.authorId),
      issue: (one: IssueComment, _args, c) => issueOfComment(c, one),
      repository: (one: IssueComment, _args, c) => repositoryOfIssue(c.world, issueOfComment(c, one)),
      isMinimized: (one: IssueComment) => one.minimized !== null,
      minimizedReason: (one: IssueComment) => one.minimized,
      isPinned: (one: IssueComment) => one.pin !== null,
      url: (one: IssueComment, _args, c) => {
        const issue = issueOfComment(c, one)
        return `${issueHtml(c.world, repositoryOfIssue(c.world, issue), issue)}#issuecomment-${one.id}`
      },
      viewerDidAuthor: (one: IssueComment, _args, c) => viewerIs(c, one.authorId),
      viewerCanUpdate: (one: IssueComment, _args, c) =>
        viewerIs(c, one.authorId) || doerIs(c, repositoryOfIssue(c.world, issueOfComment(c, one)), 'write'),
      ...editFields(),
      ...reactionFields('comment'),
    },
    Mutation: {
      addComment: mutation((input, c) => {
        const issue = issueOfId(c, String(input['subjectId']))
        demandOnIssue(c, issue, 'write')
        const node = addComment(c, issue, String(input['body']))
        return { commentEdge: { node, cursor: String(node.id) }, subject: issueSource(issue) }
      }),
      updateIssueComment: mutation((input, c) => {
        const comment = writable(c, input['id'])
        return { issueComment: editComment(c, comment, String(input['body'])) }
      }),
      deleteIssueComment: mutation((input, c) => {
        deleteComment(c, writable(c, input['id']))
        return {}
      }),
      minimizeComment: mutation((input, c) => {
        const reason = String(input['classifier']).toLowerCase().replaceAll('_', '-')
        return { minimizedComment: tagged(minimizeComment(c, writable(c, input['subjectId']), reason)) }
      }),
      unminimizeComment: mutation((input, c) => ({
        unminimizedComment: tagged(minimizeComment(c, writable(c, input['subjectId']), null)),
      })),
      pinIssueComment: mutation((input, c) => ({
        issueComment: pinComment(c, writable(c, input['issueCommentId'], 'triage'), true),
      })),
      unpinIssueComment: mutation((input, c) => ({
        issueComment: pinComment(c, writable(c, input['issueCommentId'], 'triage'), false),
      })),
    },
  },
  nodes: {
    IssueComment: (key, c) => {
      const comment = c.world.state.comments.get(Number(key))
      return comment && visible(c, issueOfComment(c, comment)) ? tagged(comment) : null
    },
  },
}

function tagged(comment: IssueComment) {
  return { __typename: 'IssueComment', ...comment }
}

/** Who may edit which comment is decided by changes/comments.ts; this demands the permission to write at all. */
function writable(c: GraphqlContext, id: unknown, role: 'read' | 'triage' = 'read'): IssueComment {
  const comment = commentOfId(c, String(id))
  demandOnIssue(c, issueOfComment(c, comment), 'write', role)
  return comment
}
