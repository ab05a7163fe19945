/** Who drew or took away an issue's edges: GitHub's own events of the issue, oldest first. Read only when an edge is not as we left it. */
import type { Actor } from '../../../domain/actor.ts'
import { taskStream, type Millis } from '../../../domain/event/envelope.ts'
import type { InstallationClient } from '../client.ts'
import { actorOf } from '../replica/read-comments.ts'
import { edgeKey, type EdgeKey } from './edges.ts'

export interface EdgeEvent {
  /** GitHub's, the same however often it is read. */
  readonly id: string
  readonly change: 'added' | 'removed'
  readonly edge: EdgeKey
  readonly by: Actor
  readonly at: Millis
}

interface Place {
  readonly number: number
  readonly repository: { readonly databaseId: number }
}

interface Item {
  readonly __typename: string
  readonly id: string
  readonly createdAt: string
  readonly actor: { readonly __typename: string; readonly login: string } | null
  readonly parent?: Place | null
  readonly blockingIssue?: Place | null
}

const COMMON = '__typename id createdAt actor { __typename login }'
const PLACE = 'number repository { databaseId }'

/** The newest hundred: a difference is seldom older than the last few. */
const QUERY = `query EdgeEvents($issue: ID!) {
  node(id: $issue) {
    ... on Issue {
      timelineItems(last: 100, itemTypes: [PARENT_ISSUE_ADDED_EVENT, PARENT_ISSUE_REMOVED_EVENT, BLOCKED_BY_ADDED_EVENT, BLOCKED_BY_REMOVED_EVENT]) {
        nodes {
          ... on ParentIssueAddedEvent { ${COMMON} parent { ${PLACE} } }
          ... on ParentIssueRemovedEvent { ${COMMON} parent { ${PLACE} } }
          ... on BlockedByAddedEvent { ${COMMON} blockingIssue { ${PLACE} } }
          ... on BlockedByRemovedEvent { ${COMMON} blockingIssue { ${PLACE} } }
        }
      }
    }
  }
}`

interface Answer {
  readonly node: { readonly timelineItems: { readonly nodes: readonly (Item | null)[] } } | null
}

/** One request. Events about issues that are gone, or hidden from us, are left out. */
export const readEdgeEvents = async (
  client: InstallationClient,
  issueNodeId: string,
): Promise<readonly EdgeEvent[]> => {
  const { data } = await client.graphqlPartly<Answer>(QUERY, { issue: issueNodeId })
  return (data.node?.timelineItems.nodes ?? []).flatMap((item): EdgeEvent[] => {
    const other = item?.parent ?? item?.blockingIssue
    if (item === null || other === null || other === undefined) return []
    const kind = item.parent === undefined ? 'blocked-by' : 'parent'
    return [
      {
        id: item.id,
        change: item.__typename.endsWith('AddedEvent') ? 'added' : 'removed',
        edge: edgeKey(kind, taskStream(other.repository.databaseId, other.number)),
        by: item.actor === null ? { kind: 'user', id: 'ghost' } : actorOf(item.actor),
        at: Date.parse(item.createdAt),
      },
    ]
  })
}
