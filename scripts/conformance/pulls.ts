/** Branches and pull requests: how work is tied to a task. */
import type { Assumption } from './assumption.ts'
import type { Place } from './place.ts'

const propose = async (place: Place, body: string) => {
  const { octokit, at } = place
  const branch = place.name()
  const { data: repository } = await octokit.rest.repos.get({ ...at })
  const base = repository.default_branch
  const { data: head } = await octokit.rest.git.getRef({ ...at, ref: `heads/${base}` })
  await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: head.object.sha })
  await octokit.rest.repos.createOrUpdateFileContents({
    ...at,
    branch,
    path: `${branch}.txt`,
    message: 'A file to propose',
    content: Buffer.from('x\n').toString('base64'),
  })
  const { data } = await octokit.rest.pulls.create({ ...at, title: branch, head: branch, base, body })
  return { branch, number: data.number, headSha: data.head.sha }
}

export const PULLS: readonly Assumption[] = [
  {
    id: 'ref-made-once',
    is: 'A branch that exists is not made a second time.',
    async look(place) {
      const { octokit, at } = place
      const { data: repository } = await octokit.rest.repos.get({ ...at })
      const { data: head } = await octokit.rest.git.getRef({ ...at, ref: `heads/${repository.default_branch}` })
      const ref = `refs/heads/${place.name()}`
      const make = () => place.status(octokit.rest.git.createRef({ ...at, ref, sha: head.object.sha }))
      return [await make(), await make()]
    },
    expected: [201, 422],
  },
  {
    id: 'pull-names-what-it-closes',
    is: 'GraphQL tells which issues a pull request will close by its text.',
    async look(place) {
      const issue = await place.issue()
      const pull = await propose(place, `Closes #${issue.number}`)
      const look = async () =>
        (
          await place.graphql(
            'query Closing($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) { pullRequest(number: $number) { closingIssuesReferences(first: 5) { nodes { number } } } } }',
            { ...place.at, number: pull.number },
          )
        ).data.repository.pullRequest.closingIssuesReferences.nodes as readonly { readonly number: number }[]
      const named = await place.soon(look, (nodes) => nodes.length > 0)
      await place.octokit.rest.pulls.update({ ...place.at, pull_number: pull.number, state: 'closed' })
      return named.map(({ number }) => number === issue.number)
    },
    expected: [true],
  },
  {
    id: 'pull-of-a-commit',
    is: 'The pull requests of a commit can be asked for.',
    async look(place) {
      const pull = await propose(place, 'Nothing is closed by it.')
      const found = await place.soon(
        async () =>
          (
            await place.octokit.rest.repos.listPullRequestsAssociatedWithCommit({
              ...place.at,
              commit_sha: pull.headSha,
            })
          ).data,
        (list) => list.length > 0,
      )
      await place.octokit.rest.pulls.update({ ...place.at, pull_number: pull.number, state: 'closed' })
      return found.map(({ number }) => number === pull.number)
    },
    expected: [true],
  },
]
