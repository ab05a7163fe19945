/**
 * Makes the runs of one trigger at one place: which workflow files stand at the commit, and which of them ask for it.
 * Which event means which place is said in runs-of-event.ts.
 */
import type { Caller } from '../auth/caller.ts'
import { actingAccount } from '../auth/caller.ts'
import { readObjects, readTree } from '../git/git-objects.ts'
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
