/** What a moved ref causes: the `push`, `create` and `delete` webhooks, check suites for Apps, and whatever listens for pushes. */
import { changedFiles, isAncestor, listCommits } from '../git/git-history.ts'
import { readCommits, type GitCommit } from '../git/git-objects.ts'
import { type RefMove, ZERO_SHA } from '../git/git-refs.ts'
import type { GitRepository } from '../git/git-store.ts'
import { gitOf } from '../git/world-git.ts'
import { findSuites, createSuite, emitSuite } from './check-suites.ts'
import type { Repository } from '../model/repository.ts'
import { renderCommitter } from '../render/commit.ts'
import { repositoryHtml } from '../render/repository.ts'
import { emit } from '../webhooks/emit.ts'
import type { World } from '../world.ts'
import { followPush } from './pull-follows-push.ts'
import { type Doer, doerAccount } from './doer.ts'

/** GitHub lists at most this many commits in a push. */
const MAX_PUSH_COMMITS = 2048

async function renderPushCommit(world: World, repository: Repository, git: GitRepository, commit: GitCommit) {
  const files = await changedFiles(git, commit.parents[0], commit.sha, { patches: false })
  const paths = (status: string) => files.filter((one) => one.status === status).map((one) => one.path)
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryHtml(world, repository)}/commit/${commit.sha}`,
    author: renderCommitter(world, commit.author),
    committer: renderCommitter(world, commit.committer),
    added: [...paths('added'), ...paths('renamed')],
    removed: [
      ...paths('removed'),
      ...files.flatMap((one) => (one.status === 'renamed' && one.previousPath ? [one.previousPath] : [])),
    ],
    modified: paths('modified'),
  }
}

async function pushPayload(doer: Doer, repository: Repository, { ref, before, after }: RefMove) {
  const { world } = doer
  const git = gitOf(world.state, repository)
  const [created, deleted] = [before === ZERO_SHA, after === ZERO_SHA]
  const base = created ? `refs/heads/${repository.defaultBranch}` : before
  const known = created && ref === base
  const commits = deleted
    ? []
    : await listCommits(git, after, { ...(!known && { not: base }), limit: MAX_PUSH_COMMITS, oldestFirst: true })
  const [head] = deleted ? [] : await readCommits(git, [after])
  const pusher = doerAccount(doer)
  const html = repositoryHtml(world, repository)
  const rendered = []
  for (const commit of commits) rendered.push(await renderPushCommit(world, repository, git, commit))
  return {
    ref,
    before,
    after,
    created,
    deleted,
    forced: !created && !deleted && !(await isAncestor(git, before, after)),
    base_ref: null,
    compare: created
      ? `${html}/commit/${after.slice(0, 12)}`
      : `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: rendered,
    head_commit: head
      ? (rendered.find((one) => one.id === head.sha) ?? (await renderPushCommit(world, repository, git, head)))
      : null,
    pusher: { name: pusher.login, email: `${pusher.id}+${pusher.login}@users.noreply.github.com` },
  }
}

/** GitHub opens a suite for every App that may write checks as soon as a branch moves, and asks it to run. */
async function requestSuites(doer: Doer, repository: Repository, move: RefMove): Promise<void> {
  const { world } = doer
  for (const installation of world.state.installations.all()) {
    const covered = installation.repositories === 'all' || installation.repositories.includes(repository.id)
    if (installation.accountId !== repository.ownerId || !covered || installation.permissions.checks !== 'write')
      continue
    if (findSuites(world.state, repository.id, move.after, installation.appId).length > 0) continue
    const suite = await createSuite(world, {
      repository,
      appId: installation.appId,
      sha: move.after,
      branch: move.ref.slice('refs/heads/'.length),
      before: move.before,
    })
    if (suite) emitSuite(doer, suite, 'requested')
  }
}

/** Announces one ref that has moved already; pull requests on that branch follow. */
export async function notePush(doer: Doer, repository: Repository, move: RefMove): Promise<void> {
  const { world, caller } = doer
  const kind = move.ref.startsWith('refs/heads/') ? 'branch' : move.ref.startsWith('refs/tags/') ? 'tag' : null
  if (kind === null) return
  const now = world.clock.now()
  const current = world.state.repositories.update(repository.id, { pushedAt: now, updatedAt: now })
  const payload = await pushPayload(doer, current, move)
  emit(world, 'push', null, {
    repository: current,
    caller,
    payload,
  })
  const name = move.ref.replace(/^refs\/(heads|tags)\//, '')
  const about = { ref: name, ref_type: kind, pusher_type: 'user' } as const
  if (payload.created) {
    const created = { ...about, master_branch: current.defaultBranch, description: current.description }
    emit(world, 'create', null, { repository: current, caller, payload: created })
  }
  if (payload.deleted) emit(world, 'delete', null, { repository: current, caller, payload: about })
  if (kind === 'branch' && !payload.deleted) await requestSuites(doer, current, move)
  if (kind !== 'branch') return
  await followPush(
    doer,
    current,
    move,
    payload.commits.map((one) => one.message),
  )
}
