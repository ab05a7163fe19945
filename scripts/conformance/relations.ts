/** Relations between issues as the App itself writes and reads them: over GraphQL, with who drew which edge. */
import type { Assumption } from './assumption.ts'
import type { Issue, Place } from './place.ts'

const relate = (place: Place, field: string, input: object) => {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`
  return place.graphql(`mutation Relate($input: ${type}!) { done: ${field}(input: $input) { clientMutationId } }`, {
    input,
  })
}

const EDGES = `query Edges($id: ID!) {
  node(id: $id) { ... on Issue { parent { number } blockedBy(first: 100) { nodes { number repository { databaseId } } } } }
}`

const EVENTS = `query Events($id: ID!) {
  viewer { login }
  node(id: $id) {
    ... on Issue {
      timelineItems(last: 100, itemTypes: [PARENT_ISSUE_ADDED_EVENT, PARENT_ISSUE_REMOVED_EVENT, BLOCKED_BY_ADDED_EVENT, BLOCKED_BY_REMOVED_EVENT]) {
        nodes {
          ... on ParentIssueAddedEvent { __typename id actor { login } parent { number } }
          ... on ParentIssueRemovedEvent { __typename id actor { login } parent { number } }
          ... on BlockedByAddedEvent { __typename id actor { login } blockingIssue { number } }
          ... on BlockedByRemovedEvent { __typename id actor { login } blockingIssue { number } }
        }
      }
    }
  }
}`

const edgesOf = async (place: Place, issue: Issue, names: ReadonlyMap<number, string>) => {
  const { node } = (await place.graphql(EDGES, { id: issue.nodeId })).data
  const blockers = node.blockedBy.nodes as readonly { readonly number: number }[]
  return [names.get(node.parent?.number) ?? null, blockers.map(({ number }) => names.get(number))]
}

interface EdgeEvent {
  readonly __typename: string
  readonly id: string
  readonly actor: { readonly login: string }
  readonly parent?: { readonly number: number }
  readonly blockingIssue?: { readonly number: number }
}

export const RELATIONS: readonly Assumption[] = [
  {
    id: 'edges-over-graphql',
    is: 'A parent takes the place of another when that is asked for, a dependency is added and taken away, and an issue shows both.',
    async look(place) {
      const [part, whole, other] = [await place.issue(), await place.issue(), await place.issue()]
      const names = new Map([
        [whole.number, 'whole'],
        [other.number, 'other'],
      ])
      const adopt = (by: Issue) =>
        relate(place, 'addSubIssue', { issueId: by.nodeId, subIssueId: part.nodeId, replaceParent: true })
      const seen: unknown[] = []
      const look = async (wanted: string): Promise<void> => {
        const shown = async () => edgesOf(place, part, names)
        seen.push(await place.soon(shown, (edges) => JSON.stringify(edges) === wanted))
      }
      await adopt(whole)
      await relate(place, 'addBlockedBy', { issueId: part.nodeId, blockingIssueId: other.nodeId })
      await look('["whole",["other"]]')
      await adopt(other)
      await relate(place, 'removeBlockedBy', { issueId: part.nodeId, blockingIssueId: other.nodeId })
      await look('["other",[]]')
      await relate(place, 'removeSubIssue', { issueId: other.nodeId, subIssueId: part.nodeId })
      await look('[null,[]]')
      return seen
    },
    expected: [
      ['whole', ['other']],
      ['other', []],
      [null, []],
    ],
  },
  {
    id: 'edges-refused',
    is: 'An edge that stands already is refused as UNPROCESSABLE, and one that does not stand cannot be taken away.',
    async look(place) {
      const [a, b] = [await place.issue(), await place.issue()]
      const edge = { issueId: a.nodeId, blockingIssueId: b.nodeId }
      const types: unknown[] = []
      for (const field of ['addBlockedBy', 'addBlockedBy', 'removeBlockedBy', 'removeBlockedBy']) {
        const { errors } = await relate(place, field, edge)
        types.push(errors[0]?.type ?? 'done')
      }
      return types
    },
    expected: ['done', 'UNPROCESSABLE', 'done', 'NOT_FOUND'],
  },
  {
    id: 'edge-events',
    is: 'The timeline of an issue tells who drew an edge that starts from it or took it away, each time with an id of its own.',
    async look(place) {
      const [part, other] = [await place.issue(), await place.issue()]
      const edge = { issueId: part.nodeId, blockingIssueId: other.nodeId }
      await relate(place, 'addSubIssue', { issueId: other.nodeId, subIssueId: part.nodeId })
      for (const field of ['addBlockedBy', 'removeBlockedBy', 'addBlockedBy']) await relate(place, field, edge)
      const read = async () => (await place.graphql(EVENTS, { id: part.nodeId })).data
      const { viewer, node } = await place.soon(read, (data) => data.node.timelineItems.nodes.length === 4)
      const events = node.timelineItems.nodes as readonly EdgeEvent[]
      const told = events.map(({ __typename, actor, parent, blockingIssue }) => [
        __typename,
        actor.login === viewer.login,
        (parent ?? blockingIssue)?.number === other.number,
      ])
      return [told, new Set(events.map(({ id }) => id)).size]
    },
    expected: [
      [
        ['ParentIssueAddedEvent', true, true],
        ['BlockedByAddedEvent', true, true],
        ['BlockedByRemovedEvent', true, true],
        ['BlockedByAddedEvent', true, true],
      ],
      4,
    ],
  },
]
