/** What a job's GITHUB_TOKEN may do: what the workflow file grants, and for a pull request from a fork only to read. */
import type { Permissions } from '../model/account.ts'
import type { WorkflowRun } from '../model/workflow.ts'
import { readWorkflowFile } from './workflow-file.ts'

export function isForkRun(run: WorkflowRun): boolean {
  return run.event === 'pull_request' && run.headRepositoryId !== run.repositoryId
}

export function permissionsOfJob(run: WorkflowRun, key: string): Permissions {
  const file = readWorkflowFile(run.source)
  const granted = file?.jobs.find((one) => one.key === key)?.permissions ?? file?.permissions ?? {}
  if (!isForkRun(run)) return granted
  return Object.fromEntries(Object.keys(granted).map((name) => [name, 'read']))
}
