/** What the inbound side needs to know from GitHub before it may act: roles and facts, read fresh and never taken from a payload. */
import type { Role } from '../domain/actor.ts'

/** A repository as our App reaches it. */
export interface RepositoryPlace {
  readonly installationId: number
  /** `owner/name`. */
  readonly repository: string
  readonly repositoryId: number
  readonly repositoryNodeId: string
  /** Login of the account that owns it. */
  readonly owner: string
}

export interface PullRequestFacts {
  readonly number: number
  readonly body: string
  /** Name of the head branch. */
  readonly branch: string
  readonly headSha: string
  /** The repository the head branch is in; null when it was deleted. A fork's branch name proves nothing. */
  readonly headRepositoryId: number | null
  /** `merged`: into the default branch; a merge anywhere else is `closed`. */
  readonly state: 'open' | 'merged' | 'closed'
  /** Login. */
  readonly author: string
  readonly openedAt: number
  /** Whether the head branch is the one that all others start from. */
  readonly isFromDefault: boolean
}

/** `there`: it was transferred. `gone`: deleted, or where we may not look. */
export type IssueSeen =
  | { readonly is: 'here' | 'gone' }
  | { readonly is: 'there'; readonly repository: string; readonly repositoryId: number; readonly number: number }

export interface GitHubFacts {
  /** The role of a login on the repository, at most a minute old; `fresh`: read now. */
  roleOf(place: RepositoryPlace, login: string, fresh?: boolean): Promise<Role>
  /** Null when it is gone. */
  pullRequest(place: RepositoryPlace, number: number): Promise<PullRequestFacts | null>
  /** Messages of the commits of a pull request, the first hundred, oldest first; none when it is gone. */
  commitMessages(place: RepositoryPlace, number: number): Promise<readonly string[]>
  /** The commit a branch stands at, or null when there is no such branch. */
  branchHead(place: RepositoryPlace, branch: string): Promise<string | null>
  /** The commit the default branch stands at, perhaps not the newest; null when the repository is empty or GitHub does not say now. */
  defaultHead(place: RepositoryPlace): Promise<string | null>
  /** A push to the default branch was heard of; null: it is gone. */
  noteDefaultHead(place: RepositoryPlace, headSha: string | null): Promise<void>
  /** The texts of `.github/muster.yml` of the repository and of the account's `.github` repository; null where there is none. */
  configurationFiles(
    place: RepositoryPlace,
  ): Promise<{ readonly repository: string | null; readonly account: string | null }>
  /**
   * Of these repositories (`owner/name`) those that everybody may read, by their names in lower case, with their ids. At most
   * some minutes old. What is gone, private, internal, or not known for certain is left out.
   */
  publicRepositories(place: RepositoryPlace, names: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Where GitHub has the issue now that is asked for at this place. */
  whereIssueIs(place: RepositoryPlace, number: number): Promise<IssueSeen>
  /** The repository of this name as our App reaches it; null where it is not installed. */
  installedAt(repository: string): Promise<RepositoryPlace | null>
  /** The repository of this id as our App reaches it now; null when it is gone, or belongs to an account without it. */
  repositoryNow(place: Pick<RepositoryPlace, 'installationId' | 'repositoryId'>): Promise<RepositoryPlace | null>
  /** Title and body of an issue as they are now; null when it is gone. */
  issue(place: RepositoryPlace, number: number): Promise<{ readonly title: string; readonly body: string } | null>
}
