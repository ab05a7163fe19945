/** Issues: state, lock, and the relations between them. */
import type { Assumption } from './assumption.ts'

export const ISSUES: readonly Assumption[] = [
  {
    id: 'issue-closed-with-a-reason',
    is: 'An issue is closed with a reason, and has none that is its own after it was opened again.',
    async look(place) {
      const issue_number = (await place.issue()).number
      const set = async (state: 'open' | 'closed', state_reason: 'not_planned' | 'completed' | 'reopened') => {
        const { data } = await place.octokit.rest.issues.update({ ...place.at, issue_number, state, state_reason })
        return [data.state, data.state_reason]
      }
      return [await set('closed', 'not_planned'), await set('open', 'reopened')]
    },
    expected: [
      ['closed', 'not_planned'],
      ['open', 'reopened'],
    ],
  },
  {
    id: 'issue-locked',
    is: 'A locked issue can still be written to by who has the write role.',
    async look(place) {
      const issue_number = (await place.issue()).number
      const locked = await place.status(place.octokit.rest.issues.lock({ ...place.at, issue_number }))
      const said = await place.status(place.octokit.rest.issues.createComment({ ...place.at, issue_number, body: 'x' }))
      return [locked, said]
    },
    expected: [204, 201],
  },
  {
    id: 'issues-since',
    is: 'Issues can be listed from a time on, closed ones among them, in whole seconds.',
    async look(place) {
      const issue = await place.issue()
      const { data } = await place.octokit.rest.issues.update({
        ...place.at,
        issue_number: issue.number,
        state: 'closed',
      })
      const found = await place.soon(
        async () =>
          (
            await place.octokit.rest.issues.listForRepo({
              ...place.at,
              state: 'all',
              since: data.updated_at,
              sort: 'updated',
              direction: 'asc',
              per_page: 100,
            })
          ).data.some(({ number }) => number === issue.number),
        (isThere) => isThere,
      )
      return [found, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(data.updated_at)]
    },
    expected: [true, true],
  },
  {
    id: 'sub-issues',
    is: 'A sub-issue is added by database id, shows its parent, and cannot have two.',
    async look(place) {
      const [parent, other, part] = [await place.issue(), await place.issue(), await place.issue()]
      const add = (to: number) =>
        place.status(
          place.octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', {
            ...place.at,
            issue_number: to,
            sub_issue_id: part.id,
          }),
        )
      const statuses = [await add(parent.number), await add(other.number)]
      const { data } = await place.octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/parent', {
        ...place.at,
        issue_number: part.number,
      })
      return [statuses, data.number === parent.number]
    },
    expected: [[201, 422], true],
  },
  {
    id: 'sub-issues-in-a-circle',
    is: 'A sub-issue that is its own ancestor is refused.',
    async look(place) {
      const [a, b] = [await place.issue(), await place.issue()]
      const add = (to: number, sub_issue_id: number) =>
        place.status(
          place.octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', {
            ...place.at,
            issue_number: to,
            sub_issue_id,
          }),
        )
      return [await add(a.number, b.id), await add(b.number, a.id)]
    },
    expected: [201, 422],
  },
  {
    id: 'blocked-by',
    is: 'A dependency is added by database id, listed from both sides, refused twice, and taken away by database id.',
    async look(place) {
      const [a, b] = [await place.issue(), await place.issue()]
      const where = { ...place.at, issue_number: a.number }
      const path = '/repos/{owner}/{repo}/issues/{issue_number}/dependencies'
      const add = () => place.status(place.octokit.request(`POST ${path}/blocked_by`, { ...where, issue_id: b.id }))
      const statuses = [await add(), await add()]
      const list = async (side: 'blocked_by' | 'blocking', issue_number: number) =>
        ((await place.octokit.request(`GET ${path}/${side}`, { ...place.at, issue_number })).data as readonly unknown[])
          .length
      const seen = [await list('blocked_by', a.number), await list('blocking', b.number)]
      const taken = await place.status(
        place.octokit.request(`DELETE ${path}/blocked_by/{issue_id}`, { ...where, issue_id: b.id }),
      )
      return [statuses, seen, taken]
    },
    expected: [[201, 422], [1, 1], 200],
  },
]
