/** Facts that the inbound side reads before it acts: roles, pull requests, branches, configuration, issues. Fresh from GitHub, never from a payload. */
import type { Role } from '../../../domain/actor.ts'
import type { Millis } from '../../../domain/event/envelope.ts'
import type { Clock } from '../../../engine/ports.ts'
import type { GitHub } from '../client.ts'
import { isGitHubFault, partlyFailed } from '../client/fault.ts'
import type { GraphqlError } from '../client/graphql.ts'
import type { DefaultHeads } from './default-heads.ts'
import type { PullNodeIds } from './pull-node-ids.ts'
import { installedAt, repositoryNow, whereIssueIs, type RepositoryById } from './issue-whereabouts.ts'
import { createPublicRepositories } from './public-repositories.ts'
import { roleFrom } from './role-from.ts'

export interface FactsPlace {
  readonly installationId: number
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
  readonly owner: string
}

/** GitHub does not tell Apps of every change of a role: a minute's trust is the stated bound. */
const ROLE_TTL_MS: Millis = 60_000
/** Roles remembered at once; beyond, the oldest are forgotten. */
const MAX_ROLES = 10_000
const CONFIGURATION = 'HEAD:.github/muster.yml'
/** The repository whose files hold for a whole account. */
const ACCOUNT_REPOSITORY = '.github'

interface Blob {
  readonly object: { readonly text?: string | null } | null
}

interface DefaultHead {
  readonly defaultBranchRef: { readonly target: { readonly oid: string } | null } | null
}

const DEFAULT_HEAD = 'defaultBranchRef { target { oid } }'

export const createGitHubFacts = (deps: {
  readonly github: GitHub
  readonly clock: Clock
  readonly pulls: PullNodeIds
  readonly heads: DefaultHeads
}) => {
  const { github, clock, pulls, heads } = deps
  const roles = new Map<string, { readonly role: Role; readonly readAt: Millis }>()
  const client = ({ installationId }: FactsPlace) => github.installation(installationId, 'command')
  const isPublic = createPublicRepositories(clock)
  const repo = ({ repository }: FactsPlace) => {
    const [owner = '', name = ''] = repository.split('/')
    return { owner, repo: name }
  }

  const learnHead = async (place: FactsPlace, { defaultBranchRef }: Partial<DefaultHead>): Promise<string | null> => {
    const head = defaultBranchRef?.target?.oid ?? null
    await heads.learn(place.repositoryId, head)
    return head
  }

  return {
    /** The role of a login on the repository, at most a minute old; `fresh`: read now. Bots and Apps have none. */
    async roleOf(place: FactsPlace, login: string, fresh = false): Promise<Role> {
      const key = `${place.repositoryId}/${login.toLowerCase()}`
      const now = clock.now()
      const known = roles.get(key)
      if (!fresh && known !== undefined && now - known.readAt < ROLE_TTL_MS) return known.role
      const read = client(place).rest.repos.getCollaboratorPermissionLevel({ ...repo(place), username: login })
      const answer = await orNull(read)
      const role = answer === null ? 'none' : roleFrom(answer.data)
      roles.delete(key)
      roles.set(key, { role, readAt: now })
      const oldest = roles.size > MAX_ROLES ? roles.keys().next().value : undefined
      if (oldest !== undefined) roles.delete(oldest)
      return role
    },

    /** Null when it is gone. */
    async pullRequest(place: FactsPlace, number: number) {
      const answer = await orNull(client(place).rest.pulls.get({ ...repo(place), pull_number: number }))
      if (answer === null) return null
      const { data } = answer
      await pulls.learn(place.repositoryId, number, data.node_id)
      const intoDefault = data.base.ref === data.base.repo.default_branch
      return {
        number,
        body: data.body ?? '',
        branch: data.head.ref,
        headSha: data.head.sha,
        // The description calls it always there; for a deleted fork it is null.
        headRepositoryId: (data.head.repo as { id: number } | null)?.id ?? null,
        // Merged elsewhere, the work has not arrived yet.
        state: data.merged ? (intoDefault ? ('merged' as const) : ('closed' as const)) : data.state,
        author: data.user.login,
        openedAt: Date.parse(data.created_at),
        isFromDefault: data.head.repo?.id === data.base.repo.id && data.head.ref === data.base.repo.default_branch,
      }
    },

    /** Messages of the commits of a pull request, the first hundred, oldest first; none when it is gone. */
    async commitMessages(place: FactsPlace, number: number): Promise<readonly string[]> {
      const wanted = { ...repo(place), pull_number: number, per_page: 100 }
      const answer = await orNull(client(place).rest.pulls.listCommits(wanted))
      return answer?.data.map(({ commit }) => commit.message) ?? []
    },

    /** The commit a branch stands at, or null when there is no such branch. */
    async branchHead(place: FactsPlace, branch: string): Promise<string | null> {
      const answer = await orNull(client(place).rest.git.getRef({ ...repo(place), ref: `heads/${branch}` }))
      return answer?.data.object.sha ?? null
    },

    /**
     * The commit that the default branch stands at, as far as was read or heard of lately; asked of GitHub only when nothing
     * is known. Null for an empty repository, and while GitHub does not say: nobody's work waits for it.
     */
    async defaultHead(place: FactsPlace): Promise<string | null> {
      const known = await heads.of(place.repositoryId)
      if (known !== undefined) return known
      const { owner, repo: name } = repo(place)
      const query = `query DefaultHead($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name) { ${DEFAULT_HEAD} }
      }`
      try {
        const { repository } = await client(place).graphql<{ repository: DefaultHead }>(query, { owner, name })
        return await learnHead(place, repository)
      } catch (error) {
        if (isGitHubFault(error)) return null
        throw error
      }
    },

    /** A push was heard of; null: the branch is gone. */
    noteDefaultHead: (place: FactsPlace, headSha: string | null): Promise<void> =>
      heads.learn(place.repositoryId, headSha),

    /**
     * Texts of the configuration file of the repository and of the account, in one request; null where there is none. Where
     * the default branch stands is learned with it.
     */
    async configurationFiles(place: FactsPlace) {
      const { owner, repo: name } = repo(place)
      const query = `query ConfigurationFiles($owner: String!, $name: String!, $account: String!, $file: String!) {
        repository(owner: $owner, name: $name) { object(expression: $file) { ... on Blob { text } } ${DEFAULT_HEAD} }
        account: repository(owner: $owner, name: $account) { object(expression: $file) { ... on Blob { text } } }
      }`
      const { data, errors } = await client(place).graphqlPartly<{
        repository: (Blob & Partial<DefaultHead>) | null
        account: Blob | null
      }>(query, { owner, name, account: ACCOUNT_REPOSITORY, file: CONFIGURATION })
      const isAboutHead = ({ path }: GraphqlError): boolean => path[1] === 'defaultBranchRef'
      // No .github repository, or one that we may not see, is an answer; anything else is none.
      const lost = errors.find(
        (error) =>
          !isAboutHead(error) &&
          (error.path[0] !== 'account' || (error.type !== 'NOT_FOUND' && error.type !== 'FORBIDDEN')),
      )
      if (lost !== undefined || !data.repository)
        throw partlyFailed('ConfigurationFiles', { forbidden: false, retryAt: clock.now() + RETRY_MS })
      if (!errors.some(isAboutHead)) await learnHead(place, data.repository)
      return { repository: data.repository.object?.text ?? null, account: data.account?.object?.text ?? null }
    },

    /** Those of these repositories that everybody may read, in lower case, with their ids; in doubt it is left out. */
    publicRepositories: (place: FactsPlace, names: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      isPublic(client(place), names),

    /** Where GitHub has the issue now: it redirects whoever asks at a place that it was transferred from. */
    whereIssueIs: (place: FactsPlace, number: number) => whereIssueIs(client(place), place, number),

    installedAt: (repository: string) => installedAt(github, repository),

    repositoryNow: (place: RepositoryById) => repositoryNow(github, place),

    /** Title and body of an issue as they are now; null when it is gone. */
    async issue(place: FactsPlace, number: number) {
      const answer = await orNull(client(place).rest.issues.get({ ...repo(place), issue_number: number }))
      return answer === null ? null : { title: answer.data.title, body: answer.data.body ?? '' }
    },
  }
}

const orNull = async <T>(request: Promise<T>): Promise<T | null> => {
  try {
    return await request
  } catch (error) {
    if (isGitHubFault(error, 'not-found')) return null
    throw error
  }
}

/** Soon enough for a person who waits for an answer. */
const RETRY_MS: Millis = 2_000
