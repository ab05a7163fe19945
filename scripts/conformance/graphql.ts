/** GraphQL: one request that changes many things. */
import type { Assumption } from './assumption.ts'

const ADD = 'addComment(input: {subjectId: $id, body: $body}) { commentEdge { node { databaseId } } }'

export const GRAPHQL: readonly Assumption[] = [
  {
    id: 'mutations-in-order',
    is: 'The fields of a mutation are carried out one after another, in the order of the document.',
    async look(place) {
      const { nodeId, number } = await place.issue()
      const bodies = ['a', 'b', 'c', 'd', 'e']
      await place.graphql(
        `mutation Many($id: ID!, ${bodies.map((body) => `$${body}: String!`).join(', ')}) {
          ${bodies.map((body) => `m${body}: ${ADD.replace('$body', `$${body}`)}`).join('\n')}
        }`,
        { id: nodeId, ...Object.fromEntries(bodies.map((body) => [body, body])) },
      )
      const { data } = await place.soon(
        () => place.octokit.rest.issues.listComments({ ...place.at, issue_number: number }),
        (list) => list.data.length === bodies.length,
      )
      return data.map(({ body }) => body)
    },
    expected: ['a', 'b', 'c', 'd', 'e'],
  },
  {
    id: 'mutations-partly',
    is: 'Of several mutations in a request the good ones are carried out; a bad one is null and named by the path of its error.',
    async look(place) {
      const { nodeId } = await place.issue()
      const made = await place.issue()
      const { data: gone } = await place.octokit.rest.issues.createComment({
        ...place.at,
        issue_number: made.number,
        body: 'x',
      })
      await place.octokit.rest.issues.deleteComment({ ...place.at, comment_id: gone.id })
      const { data, errors } = await place.graphql(
        `mutation Partly($id: ID!, $gone: ID!, $body: String!) {
          first: ${ADD}
          second: updateIssueComment(input: {id: $gone, body: $body}) { clientMutationId }
          third: ${ADD}
        }`,
        { id: nodeId, gone: gone.node_id, body: 'partly' },
      )
      return [data.first !== null, data.second, data.third !== null, errors.map(({ type, path }) => [type, path[0]])]
    },
    expected: [true, null, true, [['NOT_FOUND', 'second']]],
  },
  {
    id: 'graphql-ids-are-rest-ids',
    is: 'The node id that REST gives is the id of GraphQL, and GraphQL’s databaseId is the id of REST.',
    async look(place) {
      const { number, id, nodeId } = await place.issue()
      const { data } = await place.graphql(
        'query Same($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) { issue(number: $number) { id fullDatabaseId } } }',
        { ...place.at, number },
      )
      const seen = data.repository.issue
      return [seen.id === nodeId, String(seen.fullDatabaseId) === String(id)]
    },
    expected: [true, true],
  },
]
