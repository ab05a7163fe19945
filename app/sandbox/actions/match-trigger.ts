/** Whether a workflow's `on:` asks for an event: its types, branches, tags and paths, with GitHub's glob patterns. */
import { listOf, type WorkflowFile } from './workflow-file.ts'

export interface Trigger {
  readonly event: string
  /** The activity type (`opened`), or the `event_type` of a repository dispatch. */
  readonly action: string | null
  /** The branch that filters look at: pushed to, or the base of a pull request. */
  readonly branch: string | null
  readonly tag: string | null
  /** Changed paths; null when unknown, which passes every path filter. */
  readonly paths: readonly string[] | null
  /** The name of the workflow whose run this follows. */
  readonly workflow?: string
}

/** The activity types that run a workflow when it names none. */
const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
}

/** GitHub's filter patterns: `*` stays within a path segment, `**` does not, `?` makes the character before it optional. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/?|\*|[?+[\]]|[.^$(){}|\\]/g, (found) => {
    if (found === '**') return '.*'
    if (found === '**/') return '(?:.*/)?'
    if (found === '*') return '[^/]*'
    return '?+[]'.includes(found) ? found : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}

/** Later patterns win, `!` takes away. */
function passes(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((included, pattern) => {
    const negative = pattern.startsWith('!')
    return globToRegExp(negative ? pattern.slice(1) : pattern).test(name) ? !negative : included
  }, false)
}

function passesName(filters: Readonly<Record<string, unknown>>, kind: 'branches' | 'tags', name: string): boolean {
  const wanted = listOf(filters[kind])
  const ignored = listOf(filters[`${kind}-ignore`])
  if (wanted.length > 0) return passes(wanted, name)
  return ignored.length === 0 || !passes(ignored, name)
}

function passesPaths(filters: Readonly<Record<string, unknown>>, paths: readonly string[] | null): boolean {
  const wanted = listOf(filters['paths'])
  const ignored = listOf(filters['paths-ignore'])
  if (paths === null) return true
  if (wanted.length > 0) return paths.some((path) => passes(wanted, path))
  return ignored.length === 0 || paths.some((path) => !passes(ignored, path))
}

export function isTriggered(file: WorkflowFile, trigger: Trigger): boolean {
  const filters = file.on[trigger.event]
  if (!filters) return false
  const types = filters['types'] === undefined ? DEFAULT_TYPES[trigger.event] : listOf(filters['types'])
  if (types && trigger.action !== null && !types.includes(trigger.action)) return false
  if (trigger.workflow !== undefined && !listOf(filters['workflows']).includes(trigger.workflow)) return false
  const names = (kind: string) => filters[kind] !== undefined || filters[`${kind}-ignore`] !== undefined
  if (trigger.branch !== null) {
    // A push filter that speaks of tags only leaves branches out, and the other way round.
    if (trigger.event === 'push' && names('tags') && !names('branches')) return false
    if (!passesName(filters, 'branches', trigger.branch)) return false
  }
  if (trigger.tag !== null) {
    if (names('branches') && !names('tags')) return false
    if (!passesName(filters, 'tags', trigger.tag)) return false
  }
  return passesPaths(filters, trigger.paths)
}
