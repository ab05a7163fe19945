/** Which run this is, from the variables that GitHub's runner sets and the head that the repository stands on. */
import { REPORT_LIMITS } from '../../../schemas/report-limits.ts'
import type { Report } from '../../../schemas/report.ts'
import { asObject, asText, type JsonObject } from '../json-fields.ts'
import { InputFault } from './input-fault.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What git says of the checked-out repository; null where it says nothing. */
export interface Head {
  readonly sha: string | null
  readonly branch: string | null
  readonly message: string | null
}

const NEXT = 'Run this as a step of a GitHub Actions workflow'
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/** `event` is the payload that started the run. Throws an InputFault outside of GitHub Actions. */
export const readRunIdentity = (env: Environment, event: JsonObject | null, head: Head): Report['run'] => {
  const need = (name: string): string => {
    const value = env[name]
    if (value !== undefined && value !== '') return value
    throw new InputFault(name, 'the runner did not set it', NEXT)
  }
  const runId = toId(need('GITHUB_RUN_ID'))
  if (runId === null) throw new InputFault('GITHUB_RUN_ID', 'it is no number', NEXT)
  const sha = env['GITHUB_SHA'] ?? ''
  const pull = asObject(asObject(event?.['pull_request'])?.['head'])
  const pullSha = asText(pull?.['sha'])
  // A pull request's GITHUB_SHA is a merge that stands nowhere; a head that is not GITHUB_SHA was committed or checked out since.
  const moved = head.sha !== null && head.sha !== sha
  const headSha = moved ? head.sha : (pullSha ?? sha)
  const branch = env['GITHUB_HEAD_REF'] || (env['GITHUB_REF_TYPE'] === 'branch' ? env['GITHUB_REF_NAME'] : null)
  return {
    repository: need('GITHUB_REPOSITORY').slice(0, REPORT_LIMITS.name),
    repositoryId: toId(env['GITHUB_REPOSITORY_ID']),
    id: runId,
    attempt: toId(env['GITHUB_RUN_ATTEMPT']) ?? 1,
    workflowRef: (env['GITHUB_WORKFLOW_REF'] ?? '').slice(0, REPORT_LIMITS.path),
    job: (env['GITHUB_JOB'] ?? '').slice(0, REPORT_LIMITS.name),
    event: (env['GITHUB_EVENT_NAME'] ?? '').slice(0, 100),
    headSha: headSha !== null && SHA.test(headSha) ? headSha : null,
    headBranch: ((moved ? head.branch : null) ?? (branch || null))?.slice(0, REPORT_LIMITS.name) ?? null,
  }
}

const toId = (text: string | undefined): number | null => {
  const id = Number(text)
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0 ? id : null
}
