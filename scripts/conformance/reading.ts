/** Reading cheaply: what asks nothing of the hour's budget. */
import type { Assumption } from './assumption.ts'

export const READING: readonly Assumption[] = [
  {
    id: 'not-modified-is-free',
    is: 'Asked again with its ETag an answer is 304, and that costs nothing of the hour’s budget.',
    async look(place) {
      const { octokit, at } = place
      const { headers } = await octokit.rest.repos.get({ ...at })
      const again = await octokit.rest.repos.get({ ...at, headers: { 'if-none-match': headers.etag ?? '' } }).then(
        ({ status, headers: seen }) => ({ status, used: seen['x-ratelimit-used'] }),
        (error: { readonly status: number; readonly response?: { readonly headers: Record<string, string> } }) => ({
          status: error.status,
          used: error.response?.headers['x-ratelimit-used'],
        }),
      )
      return [again.status, Number(again.used) - Number(headers['x-ratelimit-used'])]
    },
    expected: [304, 0],
  },
  {
    id: 'pages-are-linked',
    is: 'A list says where its next page is.',
    async look(place) {
      const issue_number = (await place.issue()).number
      for (const body of ['1', '2', '3'])
        await place.octokit.rest.issues.createComment({ ...place.at, issue_number, body })
      const page = (n: number) =>
        place.octokit.rest.issues.listComments({ ...place.at, issue_number, per_page: 2, page: n })
      const first = await place.soon(
        () => page(1),
        ({ headers }) => headers.link !== undefined,
      )
      const second = await place.soon(
        () => page(2),
        ({ data }) => data.length > 0,
      )
      return [first.headers.link?.includes('rel="next"') ?? false, second.data.length]
    },
    expected: [true, 1],
  },
]
