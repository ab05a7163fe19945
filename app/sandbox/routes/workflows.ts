/** Workflow files, and the dispatch that starts a run of one on purpose. */
import { startRuns, workflowFilesAt, workflowRow } from '../actions/start-runs.ts'
import { dispatchInputs, textOf, type WorkflowFile } from '../actions/workflow-file.ts'
import { resolveCommit } from '../git/git-refs.ts'
import { gitOf } from '../git/world-git.ts'
import { notFound, unprocessable } from '../http/errors.ts'
import { paginate } from '../http/paginate.ts'
import { ANYONE, defineRoute, SIGNED_IN } from '../http/route.ts'
import type { Repository } from '../model/repository.ts'
import { type Workflow, workflowsOf } from '../model/workflow.ts'
import { renderAccount } from '../render/account.ts'
import { renderRepository, repositoryUrl } from '../render/repository.ts'
import { renderWorkflow, runHtml } from '../render/workflow.ts'
import { emit } from '../webhooks/emit.ts'
import type { World } from '../world.ts'

const MAX_INPUTS = 25

/** A workflow by its id or its file's name. */
export function requireWorkflow(world: World, repository: Repository, name: string): Workflow {
  const workflow = workflowsOf(world.state).find(
    (one) =>
      one.repositoryId === repository.id &&
      (String(one.id) === name || one.path === name || one.path.split('/').at(-1) === name),
  )
  if (!workflow) throw notFound()
  return workflow
}

/** Sees to it that every workflow file of the default branch has its row. */
export async function discoverWorkflows(world: World, repository: Repository): Promise<void> {
  const sha = await resolveCommit(gitOf(world.state, repository), `refs/heads/${repository.defaultBranch}`)
  if (sha === undefined) return
  for (const { path, file } of await workflowFilesAt(world, repository, sha)) workflowRow(world, repository, path, file)
}

/** The inputs a run gets: what was sent, then defaults; a 422 names the first that does not fit. */
function readInputs(file: WorkflowFile, given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const known = dispatchInputs(file)
  if (Object.keys(given).length > MAX_INPUTS) throw unprocessable(`Only ${MAX_INPUTS} inputs are allowed`)
  const unexpected = Object.keys(given).filter((name) => !(name in known))
  if (unexpected.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  const inputs: Record<string, string> = {}
  for (const [name, input] of Object.entries(known)) {
    const value = textOf(given[name] ?? input.default)
    if (value === '') {
      if (input.required) throw unprocessable(`Required input '${name}' not provided`)
      continue
    }
    if (input.type === 'choice' && !input.options.includes(value))
      throw unprocessable(`Provided value '${value}' for input '${name}' not in the list of allowed values`)
    inputs[name] = value
  }
  return inputs
}

export const workflowRoutes = [
  defineRoute('actions/list-repo-workflows', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/workflows',
    who: ANYONE,
    permission: { actions: 'read' },
    async handle(c) {
      await discoverWorkflows(c.world, c.repo)
      const rows = workflowsOf(c.world.state).where((one) => one.repositoryId === c.repo.id)
      const page = paginate(rows, c.url)
      const workflows = page.rows.map((one) => renderWorkflow(c.world, one))
      return { status: 200, headers: page.headers, body: { total_count: rows.length, workflows } }
    },
  }),
  defineRoute('actions/get-workflow', {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}',
    who: ANYONE,
    permission: { actions: 'read' },
    async handle(c) {
      await discoverWorkflows(c.world, c.repo)
      return { status: 200, body: renderWorkflow(c.world, requireWorkflow(c.world, c.repo, c.params.workflow_id)) }
    },
  }),
  defineRoute('actions/create-workflow-dispatch', {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    who: SIGNED_IN,
    permission: { actions: 'write' },
    role: 'write',
    async handle(c) {
      await discoverWorkflows(c.world, c.repo)
      const workflow = requireWorkflow(c.world, c.repo, c.params.workflow_id)
      const ref = c.body.ref.replace(/^refs\/(heads|tags)\//, '')
      const git = gitOf(c.world.state, c.repo)
      const sha = await resolveCommit(git, ref)
      if (sha === undefined) throw unprocessable(`No ref found for: ${c.body.ref}`)
      const found = (await workflowFilesAt(c.world, c.repo, sha)).find((one) => one.path === workflow.path)
      if (!found?.file.on['workflow_dispatch'])
        throw unprocessable("Workflow does not have 'workflow_dispatch' trigger")
      const inputs = readInputs(found.file, c.body.inputs ?? {})
      const branch = (await resolveCommit(git, `refs/heads/${ref}`)) !== undefined
      const fullRef = branch ? `refs/heads/${ref}` : `refs/tags/${ref}`
      const event = { inputs, ref: fullRef, workflow: workflow.path }
      emit(c.world, 'workflow_dispatch', null, { repository: c.repo, caller: c.caller, payload: event })
      const [run] = await startRuns(c.world, {
        repository: c.repo,
        caller: c.caller,
        trigger: { event: 'workflow_dispatch', action: null, branch: null, tag: null, paths: null },
        path: workflow.path,
        payload: { ...event, repository: renderRepository(c.world, c.repo), sender: renderAccount(c.world, c.actor) },
        place: {
          ref: fullRef,
          headBranch: ref,
          headSha: sha,
          checkoutSha: sha,
          headRepositoryId: c.repo.id,
          title: workflow.name,
          pullIds: [],
        },
      })
      if (!run || c.body.return_run_details !== true) return { status: 204, body: undefined }
      const url = `${repositoryUrl(c.world, c.repo)}/actions/runs/${run.id}`
      return { status: 200, body: { workflow_run_id: run.id, run_url: url, html_url: runHtml(c.world, run) } }
    },
  }),
]
