/** Comments: what the record and its card rest on. */
import type { Assumption } from './assumption.ts'
import type { Issue, Place } from './place.ts'

const HIDDEN = '<!-- muster:record v1 {"a":"\\u003c\\u003e\\u0026","b":"– ünï 🚀"} -->'
const LONGEST = 65_536

const comment = async ({ octokit, at }: Place, { number }: Issue, body: string) =>
  (await octokit.rest.issues.createComment({ ...at, issue_number: number, body })).data

const EDITS = `query Edits($id: ID!) { node(id: $id) { ... on IssueComment {
  lastEditedAt author { login } editor { login } isMinimized minimizedReason
  userContentEdits(first: 10) { nodes { diff } }
} } }`

export const COMMENTS: readonly Assumption[] = [
  {
    id: 'comment-kept-as-written',
    is: 'A comment comes back as it was written: HTML comments, escapes, line feeds and letters beyond ASCII.',
    async look(place) {
      const body = `A card\n\n| a | b |\n|---|---|\n\n${HIDDEN}\n`
      const made = await comment(place, await place.issue(), body)
      const { data } = await place.octokit.rest.issues.getComment({ ...place.at, comment_id: made.id })
      return data.body === body || data.body === body.trimEnd()
    },
    expected: true,
  },
  {
    id: 'comment-longest',
    is: 'A comment has at most 65,536 characters, counted as characters and not as bytes.',
    async look(place) {
      const issue_number = (await place.issue()).number
      const write = (body: string) => place.octokit.rest.issues.createComment({ ...place.at, issue_number, body })
      return [await place.status(write('ü'.repeat(LONGEST))), await place.status(write('x'.repeat(LONGEST + 1)))]
    },
    expected: [201, 422],
  },
  {
    id: 'comment-edit-is-told',
    is: 'GraphQL tells the last editor of a comment, and that one was edited; a comment as first written has none.',
    async look(place) {
      const made = await comment(place, await place.issue(), 'first')
      const before = (await place.graphql(EDITS, { id: made.node_id })).data.node
      await place.octokit.rest.issues.updateComment({ ...place.at, comment_id: made.id, body: 'second' })
      const after = await place.soon(
        async () => (await place.graphql(EDITS, { id: made.node_id })).data.node,
        (node) => node?.lastEditedAt !== null,
      )
      return [
        before.lastEditedAt,
        before.editor,
        after.lastEditedAt !== null,
        after.editor.login === after.author.login,
      ]
    },
    expected: [null, null, true, true],
  },
  {
    id: 'comment-edit-history-keeps-text',
    is: 'The edit history of a comment keeps the text that an edit replaced: only a deletion takes it away.',
    async look(place) {
      const made = await comment(place, await place.issue(), 'a secret')
      await place.octokit.rest.issues.updateComment({ ...place.at, comment_id: made.id, body: 'none' })
      const { data } = await place.graphql(EDITS, { id: made.node_id })
      const diffs = (data.node.userContentEdits?.nodes ?? []) as readonly { readonly diff: string | null }[]
      return diffs.some(({ diff }) => diff?.includes('a secret') === true)
    },
    expected: true,
  },
  {
    id: 'comment-minimised-as-resolved',
    is: 'A comment can be minimised as resolved, and its text is still there.',
    async look(place) {
      const made = await comment(place, await place.issue(), 'sealed')
      await place.graphql(
        'mutation Hide($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: RESOLVED}) { clientMutationId } }',
        { id: made.node_id },
      )
      const { data } = await place.graphql(EDITS, { id: made.node_id })
      const { data: read } = await place.octokit.rest.issues.getComment({ ...place.at, comment_id: made.id })
      return [data.node.isMinimized, String(data.node.minimizedReason).toLowerCase(), read.body]
    },
    expected: [true, 'resolved', 'sealed'],
  },
  {
    id: 'comment-deleted',
    is: 'A deleted comment is 404 over REST, and null with NOT_FOUND over GraphQL.',
    async look(place) {
      const made = await comment(place, await place.issue(), 'gone')
      await place.octokit.rest.issues.deleteComment({ ...place.at, comment_id: made.id })
      const { data, errors } = await place.graphql(EDITS, { id: made.node_id })
      return [
        await place.status(place.octokit.rest.issues.getComment({ ...place.at, comment_id: made.id })),
        data.node,
        errors.map(({ type }) => type),
      ]
    },
    expected: [404, null, ['NOT_FOUND']],
  },
  {
    id: 'comment-reaction-once',
    is: 'The same reaction a second time is no error and makes no second one.',
    async look(place) {
      const { id: comment_id } = await comment(place, await place.issue(), 'react')
      const react = () =>
        place.status(place.octokit.rest.reactions.createForIssueComment({ ...place.at, comment_id, content: 'rocket' }))
      const statuses = [await react(), await react()]
      const { data } = await place.octokit.rest.reactions.listForIssueComment({ ...place.at, comment_id })
      return [statuses, data.length]
    },
    expected: [[201, 200], 1],
  },
  {
    id: 'comments-since',
    is: "The repository's comments can be listed from a time on, edited ones among them, oldest change first.",
    async look(place) {
      const issue = await place.issue()
      const first = await comment(place, issue, 'one')
      const second = await comment(place, issue, 'two')
      await place.octokit.rest.issues.updateComment({ ...place.at, comment_id: first.id, body: 'one, again' })
      const list = () =>
        place.octokit.rest.issues.listCommentsForRepo({
          ...place.at,
          since: first.created_at,
          sort: 'updated',
          direction: 'asc',
          per_page: 100,
        })
      const ours = await place.soon(
        async () => (await list()).data.filter(({ issue_url }) => issue_url.endsWith(`/${issue.number}`)),
        (found) => found.length === 2 && found.some(({ body }) => body === 'one, again'),
      )
      const times = ours.map(({ updated_at }) => updated_at)
      return [
        ours.map(({ id }) => id).toSorted((a, b) => a - b).length,
        ours.some(({ id }) => id === second.id),
        times.join() === times.toSorted().join(),
      ]
    },
    expected: [2, true, true],
  },
]
