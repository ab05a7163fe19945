/**
 * Makes the runs of one trigger at one place: which workflow files stand at the commit, and which of them ask for it.
 * Which event means which place is said in runs-of-event.ts.
 */
import type { Caller } from '../auth/caller.ts'
import { actingAccount } from '../auth/caller.ts'
import { readObjects } from '../git/git-objects.ts'
import type { GitRepository } from '../git/git-store.ts'
import type { GitObject } from '../git/object-reader.ts'
import { entriesOf } from '../git/read-tree.ts'
import { gitOf } from '../git/world-git.ts'
import type { Repository } from '../model/repository.ts'
import { type Workflow, type WorkflowRun, workflowsOf } from '../model/workflow.ts'
import type { World } from '../world.ts'
import { isTriggered, type Trigger } from './match-trigger.ts'
import { createRun } from './run-lifecycle.ts'
import { readWorkflowFile, type WorkflowFile } from './workflow-file.ts'

const FOLDER = '.github/workflows'

export interface WorkflowSource {
  readonly path: string
  readonly source: string
  readonly file: WorkflowFile
}

/** By the SHA of the folder: every event asks, and the folder hardly ever changes. */
const known = new WeakMap<GitRepository, Map<string, Promise<readonly WorkflowSource[]>>>()

async function readFolder(git: GitRepository, folder: GitObject): Promise<readonly WorkflowSource[]> {
  const entries = entriesOf(folder).filter(({ path, type }) => type === 'blob' && /\.ya?ml$/.test(path))
  const blobs = await readObjects(
    git,
    entries.map(({ sha }) => sha),
  )
  return entries.flatMap((entry, i) => {
    const source = blobs[i]?.content.toString('utf8') ?? ''
    const file = readWorkflowFile(source)
    return file ? [{ path: `${FOLDER}/${entry.path}`, source, file }] : []
  })
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
  const folders = known.get(git) ?? new Map<string, Promise<readonly WorkflowSource[]>>()
  known.set(git, folders)
  const files = folders.get(folder.sha) ?? readFolder(git, folder)
  folders.set(folder.sha, files)
  return files
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
