/** The `workflow_run` and `workflow_job` webhooks. */
import type { Doer } from '../changes/doer.ts'
import type { EventPayload } from '../http/description-types.ts'
import { type WorkflowJob, type WorkflowRun, workflowsOf } from '../model/workflow.ts'
import { renderJob, renderRun, renderWorkflow, repositoryOfRun } from '../render/workflow.ts'
import { emit } from '../webhooks/emit.ts'

type RunAction = 'requested' | 'in_progress' | 'completed'
type JobAction = 'queued' | 'in_progress' | 'completed'

export function emitRun(doer: Doer, run: WorkflowRun, action: RunAction): void {
  const { world, caller } = doer
  const workflow = workflowsOf(world.state).get(run.workflowId)
  if (!workflow) throw new Error(`run ${run.id} has no workflow`)
  const rendered = renderRun(world, run)
  const payload = {
    // `requested` is GitHub's word for the state in which a run is announced.
    workflow_run: action === 'requested' ? { ...rendered, status: 'requested' } : rendered,
    workflow: renderWorkflow(world, workflow),
  }
  emit(world, 'workflow_run', action, {
    repository: repositoryOfRun(world, run),
    caller,
    // Held at run time: each action's type narrows the status to its own words.
    payload: payload as unknown as EventPayload<'workflow_run', RunAction>,
  })
}

export function emitJob(doer: Doer, run: WorkflowRun, job: WorkflowJob, action: JobAction): void {
  const { world, caller } = doer
  const payload = { workflow_job: { ...renderJob(world, run, job), head_branch: run.headBranch } }
  emit(world, 'workflow_job', action, {
    repository: repositoryOfRun(world, run),
    caller,
    payload: payload as unknown as EventPayload<'workflow_job', JobAction>,
  })
}
