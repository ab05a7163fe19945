/**
 * Makes workflow runs out of events: which workflow files stand at the ref, which of them ask for the event, on which
 * commit they run. Events that a GITHUB_TOKEN caused make none, except the two dispatches.
 */
import type { Caller } from '../auth/caller.ts'
import { actingAccount } from '../auth/caller.ts'
import { changedFiles } from '../git/git-history.ts'
import { readObjects, readTree } from '../git/git-objects.ts'
import { resolveCommit, ZERO_SHA } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { pullByNumber } from '../model/pull.ts'
import type { Repository } from '../model/repository.ts'
import { type Workflow, type WorkflowRun, workflowsOf } from '../model/workflow.ts'
import type { SandboxEvent, World } from '../world.ts'
import { isTriggered, type Trigger } from './match-trigger.ts'
import { createRun } from './run-lifecycle.ts'
import { readWorkflowFile, type WorkflowFile } from './workflow-file.ts'

const FOLDER = '.github/workflows'

export interface WorkflowSource {
  readonly path: string
  readonly source: string
  readonly file: WorkflowFile
}

/** The readable workflow files of a commit, by path. */
export async function workflowFilesAt(
  world: World,
  repository: Repository,
  sha: string,
): Promise<readonly WorkflowSource[]> {
  const git = gitOf(world.state, repository)
  const [folder] = await readObjects(git, [`${sha}:${FOLDER}`])
  if (folder?.type !== 'tree') return []
  const names = (await readTree(git, folder.sha)).map((entry) => entry.path).filter((name) => /\.ya?ml$/.test(name))
  const contents = await readObjects(
    git,
    names.map((name) => `${sha}:${FOLDER}/${name}`),
  )
  return names.flatMap((name, i) => {
    const source = contents[i]?.content.toString('utf8') ?? ''
    const file = readWorkflowFile(source)
    return file ? [{ path: `${FOLDER}/${name}`, source, file }] : []
  })
}

/** The row of a workflow file, made when the file is first seen. Its name follows the file's. */
export function workflowRow(world: World, repository: Repository, path: string, file: WorkflowFile): Workflow {
  const { state, clock } = world
  const rows = workflowsOf(state)
  const known = rows.find((one) => one.repositoryId === repository.id && one.path === path)
  const name = file.name ?? path
  if (known) return known.name === name ? known : rows.update(known.id, { name, updatedAt: clock.now() })
  const now = clock.now()
  return rows.put({
    id: state.ids.next(),
    repositoryId: repository.id,
    path,
    name,
    lastRunNumber: 0,
    createdAt: now,
    updatedAt: now,
  })
}

/** Where an event's runs happen: which commit holds the workflow file, and what the run says of itself. */
export interface RunPlace {
  readonly ref: string
  readonly headBranch: string
  readonly headSha: string
  readonly checkoutSha: string
  readonly headRepositoryId: number
  readonly title: string
  readonly pullIds: readonly number[]
}

export interface RunRequest {
  readonly repository: Repository
  readonly caller: Caller
  readonly trigger: Trigger
  readonly place: RunPlace
  readonly payload: Readonly<Record<string, unknown>>
  /** Only this workflow, as a dispatch names it. */
  readonly path?: string
}

export async function startRuns(world: World, request: RunRequest): Promise<readonly WorkflowRun[]> {
  const { repository, caller, trigger, place, payload } = request
  const runs: WorkflowRun[] = []
  for (const { path, source, file } of await workflowFilesAt(world, repository, place.checkoutSha)) {
    if (request.path !== undefined && request.path !== path) continue
    if (!isTriggered(file, trigger)) continue
    const run = await createRun(
      { world, caller },
      {
        ...place,
        repository,
        workflow: workflowRow(world, repository, path, file),
        source,
        event: trigger.event,
        title: file.runName ?? place.title,
        actorId: actingAccount(world.state, caller)?.id ?? repository.ownerId,
        payload,
      },
    )
    runs.push(run)
  }
  return runs
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

async function onPush(world: World, repository: Repository, event: SandboxEvent): Promise<void> {
  const payload = event.payload as {
    ref: string
    before: string
    after: string
    head_commit?: { message: string } | null
  }
  const { ref, before, after } = payload
  if (after === ZERO_SHA || !/^refs\/(heads|tags)\//.test(ref)) return
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null
  const tag = branch === null ? ref.slice('refs/tags/'.length) : null
  const paths =
    before === ZERO_SHA
      ? null
      : (await changedFiles(gitOf(world.state, repository), before, after)).map((one) => one.path)
  await startRuns(world, {
    repository,
    caller: event.caller,
    trigger: { event: 'push', action: null, branch, tag, paths },
    payload: event.payload,
    place: {
      ref,
      headBranch: branch ?? tag ?? '',
      headSha: after,
      checkoutSha: after,
      headRepositoryId: repository.id,
      title: firstLine(payload.head_commit?.message ?? ''),
      pullIds: [],
    },
  })
}

async function onPullRequest(world: World, repository: Repository, event: SandboxEvent): Promise<void> {
  const { number } = event.payload as { number: number }
  const pull = pullByNumber(world.state, repository.id, number)
  const issue = pull && world.state.issues.get(pull.issueId)
  // A pull request that conflicts has no merge commit to run on, and GitHub runs nothing.
  if (!pull || !issue || pull.mergeCommitSha === null || pull.headRepositoryId === null) return
  const ofFork = pull.headRepositoryId !== repository.id
  await startRuns(world, {
    repository,
    caller: event.caller,
    trigger: { event: 'pull_request', action: event.action, branch: pull.baseRef, tag: null, paths: null },
    payload: event.payload,
    place: {
      ref: `refs/pull/${number}/merge`,
      headBranch: pull.headRef,
      headSha: pull.headSha,
      checkoutSha: pull.mergeCommitSha,
      headRepositoryId: pull.headRepositoryId,
      title: issue.title,
      pullIds: ofFork ? [] : [pull.id],
    },
  })
}

/** A repository dispatch runs on the default branch's newest commit. */
async function onRepositoryDispatch(world: World, repository: Repository, event: SandboxEvent): Promise<void> {
  const { branch } = event.payload as { branch: string }
  const sha = await resolveCommit(gitOf(world.state, repository), `refs/heads/${branch}`)
  if (sha === undefined) return
  await startRuns(world, {
    repository,
    caller: event.caller,
    trigger: { event: 'repository_dispatch', action: event.action, branch: null, tag: null, paths: null },
    payload: event.payload,
    place: {
      ref: `refs/heads/${branch}`,
      headBranch: branch,
      headSha: sha,
      checkoutSha: sha,
      headRepositoryId: repository.id,
      title: event.action ?? '',
      pullIds: [],
    },
  })
}

/** Makes the runs of one event; resolves when they exist. */
export async function runsOfEvent(world: World, event: SandboxEvent): Promise<void> {
  const repository = world.state.repositories.get(event.repositoryId ?? 0)
  if (!repository) return
  if (event.event === 'repository_dispatch') return onRepositoryDispatch(world, repository, event)
  if (event.caller.kind === 'workflow') return
  if (event.event === 'push') await onPush(world, repository, event)
  if (event.event === 'pull_request') await onPullRequest(world, repository, event)
}
