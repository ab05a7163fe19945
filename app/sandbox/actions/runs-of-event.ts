/**
 * Which workflow runs an event makes: the commit and ref that each kind of event stands for. What a GITHUB_TOKEN caused
 * makes none, except the two dispatches; a commit that says [skip ci] makes none for its push and pull request.
 */
import { changedFiles, mergeBase } from '../git/git-history.ts'
import { readCommit } from '../git/git-objects.ts'
import { resolveCommit, ZERO_SHA } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { pullByNumber } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { runsOf, type WorkflowRun } from '../model/workflow.ts'
import type { SandboxEvent, World } from '../world.ts'
import type { Trigger } from './match-trigger.ts'
import { type RunPlace, startRuns } from './start-runs.ts'

/** A run may follow a run that follows a run; there it ends. */
const MAX_CHAIN = 3

const NAMES = { patches: false }

const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/

type Heard = (world: World, repository: Repository, event: SandboxEvent) => Promise<void>

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

const trigger = (event: string, action: string | null, more: Partial<Trigger> = {}): Trigger => ({
  event,
  action,
  branch: null,
  tag: null,
  paths: null,
  ...more,
})

const onPush: Heard = async (world, repository, event) => {
  const payload = event.payload as {
    ref: string
    before: string
    after: string
    head_commit?: { message: string } | null
  }
  const { ref, before, after } = payload
  const message = payload.head_commit?.message ?? ''
  if (after === ZERO_SHA || SKIP.test(message) || !/^refs\/(heads|tags)\//.test(ref)) return
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null
  const tag = branch === null ? ref.slice('refs/tags/'.length) : null
  const files = before === ZERO_SHA ? null : await changedFiles(gitOf(world.state, repository), before, after, NAMES)
  await startRuns(world, {
    repository,
    caller: event.caller,
    trigger: trigger('push', null, { branch, tag, paths: files?.map((one) => one.path) ?? null }),
    payload: event.payload,
    place: {
      ref,
      headBranch: branch ?? tag ?? '',
      headSha: after,
      checkoutSha: after,
      headRepositoryId: repository.id,
      title: firstLine(message),
      pullIds: [],
    },
  })
}

/** `pull_request` runs on the test merge; a conflicting one has none, and GitHub runs nothing. */
const onPullRequest: Heard = async (world, repository, event) => {
  const { number } = event.payload as { number: number }
  const pull = pullByNumber(world.state, repository.id, number)
  const issue = pull && world.state.issues.get(pull.issueId)
  if (!pull || !issue || pull.mergeCommitSha === null || pull.headRepositoryId === null) return
  const git = gitOf(world.state, repository)
  if (SKIP.test((await readCommit(git, pull.headSha))?.message ?? '')) return
  const common = await mergeBase(git, pull.baseSha, pull.headSha)
  const paths = (await changedFiles(git, common, pull.headSha, NAMES)).map((one) => one.path)
  await startRuns(world, {
    repository,
    caller: event.caller,
    trigger: trigger('pull_request', event.action, { branch: pull.baseRef, paths }),
    payload: event.payload,
    place: {
      ref: `refs/pull/${number}/merge`,
      headBranch: pull.headRef,
      headSha: pull.headSha,
      checkoutSha: pull.mergeCommitSha,
      headRepositoryId: pull.headRepositoryId,
      title: issue.title,
      pullIds: pull.headRepositoryId === repository.id ? [pull.id] : [],
    },
  })
}

/** Where everything runs that belongs to no branch of its own. */
async function onDefaultBranch(world: World, repository: Repository, title: string): Promise<RunPlace | undefined> {
  const { defaultBranch } = repository
  const sha = await resolveCommit(gitOf(world.state, repository), `refs/heads/${defaultBranch}`)
  return sha === undefined
    ? undefined
    : {
        ref: `refs/heads/${defaultBranch}`,
        headBranch: defaultBranch,
        headSha: sha,
        checkoutSha: sha,
        headRepositoryId: repository.id,
        title,
        pullIds: [],
      }
}

async function startOnDefaultBranch(
  world: World,
  repository: Repository,
  event: SandboxEvent,
  title: string,
  more: Partial<Trigger> = {},
): Promise<void> {
  const place = await onDefaultBranch(world, repository, title)
  const { caller, payload } = event
  if (place)
    await startRuns(world, { repository, caller, payload, place, trigger: trigger(event.event, event.action, more) })
}

const onDispatch: Heard = (world, repository, event) =>
  startOnDefaultBranch(world, repository, event, event.action ?? '')

const onIssue: Heard = (world, repository, event) =>
  startOnDefaultBranch(world, repository, event, (event.payload['issue'] as { title: string }).title)

/** How many runs led to this one through `workflow_run`. */
function chainOf(world: World, run: WorkflowRun | undefined): number {
  if (run?.event !== 'workflow_run') return 0
  const cause = run.payload['workflow_run'] as { id: number }
  return 1 + chainOf(world, runsOf(world.state).get(cause.id))
}

const onWorkflowRun: Heard = async (world, repository, event) => {
  const {
    id,
    name,
    head_branch: branch,
  } = event.payload['workflow_run'] as { id: number; name: string; head_branch: string }
  if (chainOf(world, runsOf(world.state).get(id)) >= MAX_CHAIN) return
  await startOnDefaultBranch(world, repository, event, name, { branch, workflow: name })
}

const HEARD: Readonly<Record<string, Heard>> = {
  push: onPush,
  pull_request: onPullRequest,
  issues: onIssue,
  issue_comment: onIssue,
  workflow_run: onWorkflowRun,
}

/** Makes the runs of one event; resolves when they exist. */
export async function runsOfEvent(world: World, event: SandboxEvent): Promise<void> {
  const repository = world.state.repositories.get(event.repositoryId ?? 0)
  if (!repository) return
  if (event.event === 'repository_dispatch') await onDispatch(world, repository, event)
  else if (event.caller.kind !== 'workflow') await HEARD[event.event]?.(world, repository, event)
}
