/** An issue's timeline as GraphQL shows it, as far as it tells of relations to other issues: who drew or took away which edge. */
import type { IssueEvent, Issue } from '../model/issue.ts'
import { nodeId } from '../model/ids.ts'
import { actorById } from './base-part.ts'
import { connection } from './connection.ts'
import { issueById } from './issue-part.ts'
import { issueSource } from './issue-source.ts'
import type { GraphqlContext, GraphqlPart, GraphqlResolver } from './part.ts'

/** REST's name of each event, where the other issue stands in its data, and what GraphQL calls both. */
const EVENTS = {
  BLOCKED_BY_ADDED_EVENT: { event: 'blocked_by_added', type: 'BlockedByAddedEvent', other: 'blocking_issue' },
  BLOCKED_BY_REMOVED_EVENT: { event: 'blocked_by_removed', type: 'BlockedByRemovedEvent', other: 'blocking_issue' },
  PARENT_ISSUE_ADDED_EVENT: { event: 'parent_issue_added', type: 'ParentIssueAddedEvent', other: 'parent_issue' },
  PARENT_ISSUE_REMOVED_EVENT: { event: 'parent_issue_removed', type: 'ParentIssueRemovedEvent', other: 'parent_issue' },
} as const

type ItemType = keyof typeof EVENTS

const FIELDS = 'actor: Actor createdAt: DateTime! id: ID!'

const sdl = `
  enum IssueTimelineItemsItemType { ${Object.keys(EVENTS).join(' ')} }
  union IssueTimelineItems = ${Object.values(EVENTS)
    .map(({ type }) => type)
    .join(' | ')}
  type BlockedByAddedEvent implements Node { ${FIELDS} blockingIssue: Issue }
  type BlockedByRemovedEvent implements Node { ${FIELDS} blockingIssue: Issue }
  type ParentIssueAddedEvent implements Node { ${FIELDS} parent: Issue }
  type ParentIssueRemovedEvent implements Node { ${FIELDS} parent: Issue }
  type IssueTimelineItemsConnection {
    edges: [IssueTimelineItemsEdge] nodes: [IssueTimelineItems] pageInfo: PageInfo! totalCount: Int!
  }
  type IssueTimelineItemsEdge { cursor: String! node: IssueTimelineItems }
  extend type Issue {
    timelineItems(
      after: String before: String first: Int last: Int itemTypes: [IssueTimelineItemsItemType!]
    ): IssueTimelineItemsConnection!
  }
`

const fields: Readonly<Record<string, GraphqlResolver>> = {
  id: (one: IssueEvent) => nodeId('IssueEvent', one.id),
  actor: (one: IssueEvent, _args, c) => actorById(c, one.actorId),
  blockingIssue: (one: IssueEvent, _args, c) => otherOf(c, one, 'blocking_issue'),
  parent: (one: IssueEvent, _args, c) => otherOf(c, one, 'parent_issue'),
}

export const timelinePart: GraphqlPart = {
  sdl,
  resolvers: {
    Issue: { timelineItems: (one: Issue, args, c) => connection('timelineItems', itemsOf(c, one, args), args) },
    BlockedByAddedEvent: fields,
    BlockedByRemovedEvent: fields,
    ParentIssueAddedEvent: fields,
    ParentIssueRemovedEvent: fields,
  },
}

function itemsOf(c: GraphqlContext, issue: Issue, args: Readonly<Record<string, unknown>>) {
  const wanted = (args['itemTypes'] ?? Object.keys(EVENTS)) as readonly ItemType[]
  const types = new Map(wanted.map((name) => [EVENTS[name].event as string, EVENTS[name].type]))
  return c.world.state.issueEvents
    .where((one) => one.issueId === issue.id && types.has(one.event), c.asOf)
    .map((one) => itemSource(types.get(one.event), one))
}

function itemSource(type: string | undefined, event: IssueEvent) {
  return { __typename: type, ...event }
}

function otherOf(c: GraphqlContext, event: IssueEvent, member: 'blocking_issue' | 'parent_issue') {
  const other = event.data[member] as { readonly id: number } | undefined
  const found = issueById(c, other?.id ?? null)
  return found && issueSource(found)
}
