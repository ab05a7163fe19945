/** Commits, their files and comparisons as REST shows them, and people as git names them. */
import type { ChangedFile } from '../git/git-history.ts'
import type { GitCommit, GitPerson } from '../git/git-objects.ts'
import type { Schema } from '../http/description-types.ts'
import type { Account } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import type { Repository } from '../model/repository.ts'
import type { World } from '../world.ts'
import { renderAccount } from './account.ts'
import { encodePath } from './encode-path.ts'
import { repositoryHtml, repositoryUrl } from './repository.ts'

/** The address under which GitHub commits for an account. */
export function noreplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`
}

/** The account behind a commit's author: by its noreply address, else by its login as name. */
export function accountOfPerson(world: World, person: Pick<GitPerson, 'name' | 'email'>): Account | undefined {
  const id = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(person.email)?.[1]
  return id === undefined
    ? world.state.accounts.find((one) => one.login === person.name)
    : world.state.accounts.get(Number(id))
}

/** An author or committer in a push. */
export function renderCommitter(world: World, person: GitPerson) {
  const account = accountOfPerson(world, person)
  return { name: person.name, email: person.email, date: person.date, ...(account && { username: account.login }) }
}

const UNVERIFIED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null } as const

function renderParents(world: World, repository: Repository, commit: GitCommit, kind: 'commits' | 'git/commits') {
  const [url, html] = [repositoryUrl(world, repository), repositoryHtml(world, repository)]
  return commit.parents.map((sha) => ({ sha, url: `${url}/${kind}/${sha}`, html_url: `${html}/commit/${sha}` }))
}

export function renderCommit(world: World, repository: Repository, commit: GitCommit) {
  const url = repositoryUrl(world, repository)
  const account = (person: GitPerson) => {
    const found = accountOfPerson(world, person)
    return found ? renderAccount(world, found) : null
  }
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', `${repository.id}.${commit.sha}`),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${repositoryHtml(world, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      verification: UNVERIFIED,
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: renderParents(world, repository, commit, 'commits'),
  } satisfies Schema<'commit'>
}

export function renderFullCommit(
  world: World,
  repository: Repository,
  commit: GitCommit,
  files: readonly ChangedFile[],
) {
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, one) => total + one[key], 0)
  const [additions, deletions] = [sum('additions'), sum('deletions')]
  return {
    ...renderCommit(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => renderFile(world, repository, commit.sha, file)),
  } satisfies Schema<'commit'>
}

/** A commit as the git database shows it: no accounts, no files. */
export function renderGitCommit(world: World, repository: Repository, commit: GitCommit) {
  const url = repositoryUrl(world, repository)
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', `${repository.id}.${commit.sha}`),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${repositoryHtml(world, repository)}/commit/${commit.sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    parents: renderParents(world, repository, commit, 'git/commits'),
    verification: UNVERIFIED,
  } satisfies Schema<'git-commit'>
}

export function renderFile(world: World, repository: Repository, sha: string, file: ChangedFile) {
  const [url, html] = [repositoryUrl(world, repository), repositoryHtml(world, repository)]
  const path = encodePath(file.path)
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${url}/contents/${path}?ref=${sha}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
  } satisfies Schema<'diff-entry'>
}
