/** The rows of behaviours.ts for rate limits, what a query costs, and searching. */
import type { Behaviour } from './behaviours.ts'

const REST_LIMITS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api'
const GRAPHQL_LIMITS = 'https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api'

export const LIMIT_BEHAVIOURS: readonly Behaviour[] = [
  // Limits
  {
    is: 'Secondary limits: 900 REST points and 80 creations a minute, 500 creations an hour, 100 requests at once.',
    source: { docs: REST_LIMITS },
    switch: 'enforceLimits',
    test: 'limits.test.ts: refuses the 81st comment of a minute while limits are enforced',
  },
  {
    is: 'GraphQL has 2,000 points a minute, mutations at five.',
    source: { docs: GRAPHQL_LIMITS },
    test: 'limits.test.ts: allow 2,000 GraphQL points a minute',
  },
  {
    is: 'A secondary limit answers 403 or 429.',
    source: { docs: REST_LIMITS },
    switch: 'secondaryLimitStatus',
    test: 'limits.test.ts: answer %i, as the switch says',
  },
  {
    is: 'Its retry-after may be missing.',
    source: { issue: 'https://github.com/hub4j/github-api/issues/1805' },
    switch: 'secondaryLimitRetryAfter',
    test: 'limits.test.ts: carry retry-after when the switch says so',
  },
  {
    is: 'GraphQL answers 200 when the hour’s budget is spent, and 200 or 403 when a secondary limit is passed.',
    source: { docs: GRAPHQL_LIMITS },
    switch: 'graphqlSecondaryStatus',
    test: 'limits.test.ts: are told by GraphQL in a 200 without data',
  },
  {
    is: 'The error in that 200 is of the documented type RATE_LIMITED, or of the type RATE_LIMIT that is seen.',
    source: { issue: 'https://github.com/octokit/plugin-throttling.js/pull/848' },
    switch: 'graphqlLimitType',
    test: 'limits.test.ts: are told by GraphQL in a 200 without data',
  },
  {
    is: 'What tells a secondary limit without retry-after from a missing permission is its documentation_url.',
    source: { issue: 'https://github.com/apache/devlake/issues/1322' },
    test: 'limits.test.ts: name the page that explains them',
  },
  {
    is: 'Searches have thirty requests a minute of their own.',
    source: { docs: 'https://docs.github.com/rest/search/search#rate-limit' },
    test: 'search.test.ts: has thirty requests a minute of its own',
  },
  // Searching
  {
    is: 'A search finds what was written a while ago, not what was written just now.',
    source: { issue: 'https://github.com/cli/cli/issues/7764' },
    switch: 'searchLagMs',
    test: 'search.test.ts: may lag behind lists by %i ms',
  },
  {
    is: 'A search must say whether it means issues or pull requests; else it is 422.',
    source: { issue: 'https://github.com/github/github-mcp-server/issues/462' },
    test: 'search.test.ts: must say whether it means issues or pull requests',
  },
  {
    is: 'GraphQL costs a hundredth of the requests that its connections would take, and is refused above 500,000 nodes.',
    source: { docs: GRAPHQL_LIMITS },
    test: 'graphql.test.ts: costs a hundredth of the requests that its connections would take',
  },
]
