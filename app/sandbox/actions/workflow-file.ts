/**
 * Reads a workflow file as far as the sandbox goes: name, triggers, permissions, jobs with their `needs` and `if`. It
 * evaluates no expressions and knows no matrices; steps are kept as written, for whoever executes them.
 */
import { parse } from 'yaml'

import type { PermissionName, Permissions } from '../model/account.ts'

export interface WorkflowInput {
  readonly type: string
  readonly required: boolean
  readonly default: unknown
  readonly options: readonly string[]
}

export interface JobDefinition {
  readonly key: string
  readonly name: string
  readonly needs: readonly string[]
  readonly if: string
  readonly labels: readonly string[]
  /** Undefined: the workflow's. */
  readonly permissions: Permissions | undefined
  readonly steps: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly uses: string | null
}

export interface WorkflowFile {
  readonly name: string | null
  readonly runName: string | null
  /** Event → its filters (`branches`, `types`, …). */
  readonly on: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly permissions: Permissions
  readonly jobs: readonly JobDefinition[]
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** A scalar as text; anything deeper as JSON, and nothing as ''. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}`
}

/** One text or a list of them. */
export function listOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(textOf)
}

function readTriggers(on: unknown): WorkflowFile['on'] {
  if (typeof on === 'string' || Array.isArray(on)) return Object.fromEntries(listOf(on).map((event) => [event, {}]))
  return Object.fromEntries(Object.entries(record(on)).map(([event, filters]) => [event, record(filters)]))
}

/** The scopes of a GITHUB_TOKEN that the sandbox has permissions for. */
const SCOPES: readonly PermissionName[] = ['actions', 'checks', 'contents', 'issues', 'pull_requests', 'statuses']

/** The default token of new repositories reads contents and nothing else. */
const DEFAULT_PERMISSIONS: Permissions = { metadata: 'read', contents: 'read' }

function readPermissions(value: unknown): Permissions | undefined {
  if (value === undefined) return undefined
  if (value === 'read-all' || value === 'write-all') {
    const level = value === 'read-all' ? 'read' : 'write'
    return Object.fromEntries(SCOPES.map((name) => [name, level]))
  }
  const granted = SCOPES.flatMap((name) => {
    const level = record(value)[name.replaceAll('_', '-')]
    return level === 'read' || level === 'write' ? [[name, level] as const] : []
  })
  return { metadata: 'read', ...Object.fromEntries(granted) }
}

function readJob(key: string, value: unknown): JobDefinition {
  const job = record(value)
  return {
    key,
    name: typeof job['name'] === 'string' ? job['name'] : key,
    needs: listOf(job['needs']),
    if: textOf(job['if']),
    labels: listOf(job['runs-on'] ?? 'ubuntu-latest'),
    permissions: readPermissions(job['permissions']),
    steps: Array.isArray(job['steps']) ? job['steps'].map(record) : [],
    uses: typeof job['uses'] === 'string' ? job['uses'] : null,
  }
}

/** Undefined for text that is no workflow (bad YAML, no triggers, no jobs): GitHub runs nothing of it either. */
export function readWorkflowFile(source: string): WorkflowFile | undefined {
  let file: Readonly<Record<string, unknown>>
  try {
    // YAML 1.1 reads a bare `on` as true; the 1.2 core schema, which GitHub uses too, keeps it a word.
    file = record(parse(source))
  } catch {
    return undefined
  }
  const on = readTriggers(file['on'])
  const jobs = Object.entries(record(file['jobs'])).map(([key, job]) => readJob(key, job))
  if (Object.keys(on).length === 0 || jobs.length === 0) return undefined
  return {
    name: typeof file['name'] === 'string' ? file['name'] : null,
    runName: typeof file['run-name'] === 'string' ? file['run-name'] : null,
    on,
    permissions: readPermissions(file['permissions']) ?? DEFAULT_PERMISSIONS,
    jobs,
  }
}

export function dispatchInputs(file: WorkflowFile): Readonly<Record<string, WorkflowInput>> {
  const inputs = record(file.on['workflow_dispatch']?.['inputs'])
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const input = record(value)
      return [
        name,
        {
          type: textOf(input['type'] ?? 'string'),
          required: input['required'] === true,
          default: input['default'],
          options: listOf(input['options']),
        },
      ]
    }),
  )
}
