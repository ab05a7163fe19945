/** A repository as REST and webhooks show it. The dozens of `…_url` fields come from one list. */
import type { Schema } from '../http/description-types.ts'
import { type Role, roleAtLeast } from '../model/account.ts'
import { nodeId } from '../model/ids.ts'
import { forksOf } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { isoSeconds } from '../model/time.ts'
import type { World } from '../world.ts'
import { renderAccountId } from './account.ts'

/** `acme/widgets`. */
export function fullName(world: World, repository: Repository): string {
  return `${world.state.accounts.get(repository.ownerId)?.login ?? ''}/${repository.name}`
}

/** The API address of the repository; `repositoryHtml` is the page's. */
export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.origin()}/repos/${fullName(world, repository)}`
}

export function repositoryHtml(world: World, repository: Repository): string {
  return `${world.origin()}/${fullName(world, repository)}`
}

export function renderRepository(world: World, repository: Repository) {
  const open = world.state.issues.where((one) => one.repositoryId === repository.id && one.state === 'open').length
  const html = repositoryHtml(world, repository)
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: fullName(world, repository),
    owner: renderAccountId(world, repository.ownerId),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    html_url: html,
    description: repository.description,
    fork: forksOf(world.state).has(repository.id),
    ...urls(repositoryUrl(world, repository)),
    git_url: `${html}.git`.replace(/^http/, 'git'),
    ssh_url: `git@sandbox:${fullName(world, repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: repository.defaultBranch,
    open_issues: open,
    open_issues_count: open,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    license: null,
    allow_forking: true,
    web_commit_signoff_required: false,
    created_at: isoSeconds(repository.createdAt),
    updated_at: isoSeconds(repository.updatedAt),
    pushed_at: isoSeconds(repository.pushedAt),
  } satisfies Schema<'repository'>
}

export function renderFullRepository(world: World, repository: Repository, role: Role) {
  return {
    ...renderRepository(world, repository),
    permissions: renderPermissions(role),
    network_count: 0,
    subscribers_count: 0,
  } satisfies Schema<'full-repository'>
}

export function renderPermissions(role: Role) {
  return {
    admin: roleAtLeast(role, 'admin'),
    maintain: roleAtLeast(role, 'maintain'),
    push: roleAtLeast(role, 'write'),
    triage: roleAtLeast(role, 'triage'),
    pull: roleAtLeast(role, 'read'),
  }
}

function urls(url: string) {
  return {
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  }
}
