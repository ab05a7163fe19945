/** Opens a pull request, from a branch of the same repository or of a fork. */
import { sameLogin } from '../routes/repositories.ts'
import { maySee, roleOf } from '../auth/access.ts'
import { isAncestor } from '../git/git-history.ts'
import { borrowCommit } from '../git/git-merge.ts'
import { moveRefs, readRef, ZERO_SHA } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { type GitHubError, validationFailed } from '../http/errors.ts'
import { roleAtLeast } from '../model/account.ts'
import type { Issue } from '../model/issue.ts'
import { forksOf, type Pull, pullsOf } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { issueOfPull } from '../render/pull.ts'
import type { World } from '../world.ts'
import { createIssue } from './create-issue.ts'
import type { Doer } from './doer.ts'
import { emitPull } from './emit-pull.ts'
import { refreshPull } from './refresh-pull.ts'

export interface NewPull {
  readonly title: string
  readonly body: string | null
  /** `branch` or `owner:branch`. */
  readonly head: string
  readonly base: string
  readonly draft: boolean
  readonly maintainerCanModify: boolean
}

const invalid = (field: string): GitHubError => validationFailed({ resource: 'PullRequest', field, code: 'invalid' })

const custom = (message: string): GitHubError =>
  validationFailed({ resource: 'PullRequest', field: 'base', code: 'custom', message })

/** The repository that `owner:branch` means: this one, or that owner's fork in the same network. */
export function headRepository(world: World, repository: Repository, owner: string | null): Repository | undefined {
  const account = world.state.accounts.find((one) => one.id === repository.ownerId)
  if (owner === null || (account && sameLogin(account.login, owner))) return repository
  const forks = forksOf(world.state)
  return world.state.repositories.find(
    (one) =>
      sameLogin(world.state.accounts.get(one.ownerId)?.login ?? '', owner) &&
      (forks.get(one.id) === repository.id || forks.get(repository.id) === one.id),
  )
}

export function splitHead(head: string): { readonly owner: string | null; readonly branch: string } {
  const colon = head.indexOf(':')
  return colon === -1 ? { owner: null, branch: head } : { owner: head.slice(0, colon), branch: head.slice(colon + 1) }
}

/** People open pull requests from where they may push; Apps' right was checked by the route. */
function demandPush(doer: Doer, source: Repository): void {
  if (doer.caller.kind !== 'user' || roleAtLeast(roleOf(source, doer.caller.userId), 'write')) return
  throw validationFailed({
    resource: 'PullRequest',
    field: 'head',
    code: 'custom',
    message: 'must be a collaborator',
  })
}

async function branches(doer: Doer, repository: Repository, input: NewPull) {
  const { world } = doer
  const { owner, branch } = splitHead(input.head)
  const source = headRepository(world, repository, owner)
  if (!source || !maySee(world, doer.caller, source)) throw invalid('head')
  demandPush(doer, source)
  const head = await readRef(gitOf(world.state, source), `refs/heads/${branch}`)
  if (head === undefined) throw invalid('head')
  const base = await readRef(gitOf(world.state, repository), `refs/heads/${input.base}`)
  if (base === undefined) throw invalid('base')
  return { source, branch, head, base }
}

function demandNew(world: World, repository: Repository, input: NewPull, source: Repository, branch: string): void {
  const same = pullsOf(world.state).find(
    (one) =>
      one.repositoryId === repository.id &&
      one.headRepositoryId === source.id &&
      one.headRef === branch &&
      one.baseRef === input.base &&
      issueOfPull(world, one).state === 'open',
  )
  const owner = world.state.accounts.get(source.ownerId)?.login ?? ''
  if (same)
    throw validationFailed({
      resource: 'PullRequest',
      field: 'base',
      code: 'custom',
      message: `A pull request already exists for ${owner}:${branch}.`,
    })
}

export async function createPull(doer: Doer, repository: Repository, input: NewPull): Promise<Pull> {
  const { world } = doer
  const { state } = world
  const { source, branch, head, base } = await branches(doer, repository, input)
  demandNew(world, repository, input, source, branch)
  const git = gitOf(state, repository)
  const id = state.ids.next()
  const loan = `refs/sandbox/new-pull-${id}`
  await borrowCommit(git, gitOf(state, source), head, loan)
  if (await isAncestor(git, head, base)) throw custom(`No commits between ${input.base} and ${input.head}`)
  const issue: Issue = createIssue(doer, repository, {
    title: input.title,
    body: input.body,
    pull: { id, draft: input.draft, mergedAt: null },
  })
  pullsOf(state).put({
    id,
    issueId: issue.id,
    repositoryId: repository.id,
    number: issue.number,
    baseRef: input.base,
    baseSha: base,
    headRef: branch,
    headSha: head,
    headRepositoryId: source.id,
    headOwnerId: source.ownerId,
    merged: false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    mergeable: false,
    mergeableAsked: false,
    mergeMethod: null,
    commits: 0,
    additions: 0,
    deletions: 0,
    changedFiles: 0,
    behindBy: 0,
    requestedReviewerIds: [],
    maintainerCanModify: input.maintainerCanModify,
  })
  const pull = await refreshPull(world, id, base, head)
  await moveRefs(git, [{ ref: loan, before: head, after: ZERO_SHA }])
  emitPull(doer, pull, 'opened')
  return pull
}
