/**
 * What the sandbox's GraphQL schema has although the published schema that it is held to does not: features of 2025 and
 * 2026 that the published file lacks. Each names where it is known from.
 */
export interface Newer {
  /** Matches `Type`, `Type.field` or `Type.field(argument:)`. */
  readonly what: RegExp
  readonly source: string
}

export const NEWER: readonly Newer[] = [
  {
    what: /^(Issue\.(blockedBy|blocking|issueDependenciesSummary)(\(\w+:\))?|IssueDependenciesSummary|Mutation\.(add|remove)BlockedBy(\(input:\))?|(Add|Remove)BlockedBy(Input|Payload))$/,
    source: 'https://docs.github.com/graphql/reference/objects#issue',
  },
  {
    what: /^((IssueTimelineItems\.)?BlockedBy(Added|Removed)Event|IssueTimelineItemsItemType\.BLOCKED_BY_(ADDED|REMOVED)_EVENT)$/,
    source: 'https://docs.github.com/graphql/reference/objects#blockedbyaddedevent',
  },
  {
    what: /^(IssueComment\.isPinned|Mutation\.(un)?pinIssueComment(\(input:\))?|(Pin|Unpin)IssueComment(Input|Payload))$/,
    source: 'https://docs.github.com/graphql/reference/mutations#pinissuecomment',
  },
]
