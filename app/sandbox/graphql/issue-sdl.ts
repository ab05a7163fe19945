/** The SDL of issues, labels, comments and reactions: a subset of GitHub's public schema, field by field. */
const PAGE = 'after: String before: String first: Int last: Int'

const connectionOf = (name: string, node: string) => `
  type ${name}Connection { edges: [${name}Edge] nodes: [${node}] pageInfo: PageInfo! totalCount: Int! }
  type ${name}Edge { cursor: String! node: ${node} }`

const COMMENT_FIELDS = `
  author: Actor
  authorAssociation: CommentAuthorAssociation!
  body: String!
  createdAt: DateTime!
  editor: Actor
  id: ID!
  includesCreatedEdit: Boolean!
  lastEditedAt: DateTime
  updatedAt: DateTime!
  userContentEdits(${PAGE}): UserContentEditConnection
  viewerDidAuthor: Boolean!`

const REACTABLE_FIELDS = `
  databaseId: Int
  id: ID!
  reactionGroups: [ReactionGroup!]
  reactions(${PAGE} content: ReactionContent): ReactionConnection!`

/** What issues and pull requests have in common; the pull requests' SDL uses it too. */
export const SHARED_ISSUE_FIELDS = `
  ${COMMENT_FIELDS}
  databaseId: Int
  fullDatabaseId: BigInt
  reactionGroups: [ReactionGroup!]
  reactions(${PAGE} content: ReactionContent): ReactionConnection!
  activeLockReason: LockReason
  assignees(${PAGE}): UserConnection!
  closed: Boolean!
  closedAt: DateTime
  comments(${PAGE} orderBy: IssueCommentOrder): IssueCommentConnection!
  labels(${PAGE}): LabelConnection
  locked: Boolean!
  milestone: Milestone
  number: Int!
  repository: Repository!
  resourcePath: URI!
  title: String!
  url: URI!
  viewerCanUpdate: Boolean!`

export const ISSUE_SDL = `
  enum IssueState { CLOSED OPEN }
  enum MilestoneState { CLOSED OPEN }
  enum IssueStateReason { COMPLETED DUPLICATE NOT_PLANNED REOPENED }
  enum IssueClosedStateReason { COMPLETED DUPLICATE NOT_PLANNED }
  enum LockReason { OFF_TOPIC RESOLVED SPAM TOO_HEATED }
  enum ReactionContent { CONFUSED EYES HEART HOORAY LAUGH ROCKET THUMBS_DOWN THUMBS_UP }
  enum ReportedContentClassifiers { ABUSE DUPLICATE OFF_TOPIC OUTDATED RESOLVED SPAM }
  enum CommentAuthorAssociation {
    COLLABORATOR CONTRIBUTOR FIRST_TIMER FIRST_TIME_CONTRIBUTOR MANNEQUIN MEMBER NONE OWNER
  }
  enum IssueOrderField { COMMENTS CREATED_AT UPDATED_AT }
  enum IssueCommentOrderField { UPDATED_AT }
  input IssueOrder { direction: OrderDirection! field: IssueOrderField! }
  input IssueCommentOrder { direction: OrderDirection! field: IssueCommentOrderField! }
  input IssueFilters { labels: [String!] since: DateTime states: [IssueState!] }

  interface Comment { ${COMMENT_FIELDS} }
  interface Reactable { ${REACTABLE_FIELDS} }
  interface Labelable { labels(${PAGE}): LabelConnection }
  interface Lockable { activeLockReason: LockReason locked: Boolean! }
  interface Assignable { assignees(${PAGE}): UserConnection! }
  interface Closable { closed: Boolean! closedAt: DateTime }
  interface Minimizable { isMinimized: Boolean! minimizedReason: String }

  extend type Repository {
    issue(number: Int!): Issue
    issues(${PAGE} labels: [String!] states: [IssueState!] filterBy: IssueFilters orderBy: IssueOrder): IssueConnection!
    label(name: String!): Label
    labels(${PAGE}): LabelConnection
    pinnedIssues(${PAGE}): PinnedIssueConnection
  }
  type PinnedIssue { issue: Issue! }

  type Issue implements Node & Comment & Reactable & Labelable & Lockable & Assignable & Closable {
    ${SHARED_ISSUE_FIELDS}
    state: IssueState!
    stateReason(enableDuplicate: Boolean = false): IssueStateReason
    isPinned: Boolean
    parent: Issue
    subIssues(${PAGE}): IssueConnection!
    subIssuesSummary: SubIssuesSummary!
    blockedBy(${PAGE}): IssueConnection!
    blocking(${PAGE}): IssueConnection!
    issueDependenciesSummary: IssueDependenciesSummary!
  }
  type SubIssuesSummary { completed: Int! percentCompleted: Int! total: Int! }
  type IssueDependenciesSummary { blockedBy: Int! blocking: Int! totalBlockedBy: Int! totalBlocking: Int! }
  type Milestone implements Node { id: ID! number: Int! title: String! description: String state: MilestoneState! }
  type Label implements Node {
    color: String! description: String id: ID! isDefault: Boolean! name: String! repository: Repository! url: URI!
  }

  type IssueComment implements Node & Comment & Reactable & Minimizable {
    ${COMMENT_FIELDS}
    databaseId: Int
    fullDatabaseId: BigInt
    isMinimized: Boolean!
    minimizedReason: String
    isPinned: Boolean
    issue: Issue!
    reactionGroups: [ReactionGroup!]
    reactions(${PAGE} content: ReactionContent): ReactionConnection!
    repository: Repository!
    url: URI!
    viewerCanUpdate: Boolean!
  }
  type UserContentEdit implements Node {
    createdAt: DateTime! deletedAt: DateTime diff: String editedAt: DateTime! editor: Actor id: ID! updatedAt: DateTime!
  }
  type Reaction implements Node {
    content: ReactionContent! createdAt: DateTime! databaseId: Int id: ID! reactable: Reactable! user: User
  }
  type ReactionGroup {
    content: ReactionContent! createdAt: DateTime subject: Reactable! viewerHasReacted: Boolean!
    reactors(${PAGE}): ReactorConnection!
  }
  union Reactor = Bot | User
  ${connectionOf('Issue', 'Issue')}
  ${connectionOf('PinnedIssue', 'PinnedIssue')}
  ${connectionOf('Label', 'Label')}
  ${connectionOf('IssueComment', 'IssueComment')}
  ${connectionOf('UserContentEdit', 'UserContentEdit')}
  ${connectionOf('Reaction', 'Reaction')}
  ${connectionOf('User', 'User')}
  type ReactorConnection { nodes: [Reactor] pageInfo: PageInfo! totalCount: Int! }
`
