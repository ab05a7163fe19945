/**
 * The jobs of a workflow file, those of the workflows that it calls from its own repository among them. A workflow of another
 * repository is not looked into: its job counts as having an agent. Pure.
 */
import { parse } from 'yaml'
import { hasAgentSteps } from './agent-steps.ts'

export interface WorkflowJob {
  /** Keys from the caller down, `call / unit`. */
  readonly id: string
  /** As `GITHUB_JOB` has it. */
  readonly key: string
  /** What GitHub puts together to the name of the job: the caller's title first. */
  readonly titles: readonly string[]
  readonly hasAgent: boolean
  /** Ids of jobs that were over before this one began. */
  readonly before: readonly string[]
}

/** GitHub allows ten levels; nobody reads that many. */
const MAX_LEVELS = 4
const LOCAL = /^\.\/(\.github\/workflows\/[^/]+\.ya?ml)$/

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface WorkflowFile {
  readonly jobs: ReadonlyMap<string, unknown>
  readonly surroundings: unknown
}

const readFile = (text: string): WorkflowFile | null => {
  try {
    const file: unknown = parse(text, { maxAliasCount: 100 })
    if (!isRecord(file) || !isRecord(file['jobs'])) return null
    return { jobs: new Map(Object.entries(file['jobs'])), surroundings: file['env'] ?? null }
  } catch {
    return null
  }
}

const calledBy = (job: unknown): string | null => {
  const uses = isRecord(job) ? job['uses'] : undefined
  return typeof uses === 'string' ? (LOCAL.exec(uses)?.[1] ?? null) : null
}

/** Paths of the workflows of the same repository that a file calls. */
export const readCalls = (text: string): readonly string[] => [
  ...new Set([...(readFile(text)?.jobs.values() ?? [])].flatMap((job) => calledBy(job) ?? [])),
]

/** Null when the file, or one that it calls, cannot be read. `called`: texts by path. */
export const readJobs = (text: string, called: ReadonlyMap<string, string>): readonly WorkflowJob[] | null =>
  readLevel(text, called, null, 1)

const readLevel = (
  text: string,
  called: ReadonlyMap<string, string>,
  around: unknown,
  level: number,
): readonly WorkflowJob[] | null => {
  const file = readFile(text)
  if (file === null || level > MAX_LEVELS) return null
  const surroundings = [around, file.surroundings]
  const found = new Map<string, readonly WorkflowJob[]>()
  for (const [key, job] of file.jobs) {
    const title = isRecord(job) && typeof job['name'] === 'string' ? job['name'] : key
    const path = calledBy(job)
    if (path === null) {
      found.set(key, [{ id: key, key, titles: [title], hasAgent: hasAgentSteps(job, surroundings), before: [] }])
      continue
    }
    const inner = readLevel(called.get(path) ?? '', called, [surroundings, job], level + 1)
    if (inner === null) return null
    const below = (id: string): string => `${key} / ${id}`
    const placed = inner.map(({ id, titles, before, key: own, hasAgent }) => ({
      id: below(id),
      key: own,
      titles: [title, ...titles],
      hasAgent,
      before: before.map(below),
    }))
    found.set(key, placed)
  }
  return [...found].flatMap(([key, jobs]) => {
    const needed = needsOf(key, file.jobs).flatMap((need) => found.get(need)?.map(({ id }) => id) ?? [])
    return jobs.map((job) => ({ ...job, before: [...job.before, ...needed] }))
  })
}

/** Keys of all jobs of the file that must have ended before this one began. */
const needsOf = (key: string, jobs: WorkflowFile['jobs']): readonly string[] => {
  const found = new Set<string>()
  const visit = (at: string): void => {
    const job = jobs.get(at)
    const needs = isRecord(job) ? job['needs'] : undefined
    for (const need of Array.isArray(needs) ? needs : [needs]) {
      if (typeof need !== 'string' || found.has(need)) continue
      found.add(need)
      visit(need)
    }
  }
  visit(key)
  return [...found]
}

/** Whether GitHub calls the job by this name, with the values of a matrix behind any of its titles. */
export const isNamed = (name: string, { titles }: WorkflowJob): boolean => matches(name, titles)

const matches = (name: string, [title, ...inner]: readonly string[]): boolean => {
  if (title === undefined || !name.startsWith(title)) return false
  const rest = name.slice(title.length)
  if (inner.length === 0) return rest === '' || rest.startsWith(' (')
  if (!rest.startsWith(' / ') && !rest.startsWith(' (')) return false
  for (let at = rest.indexOf(' / '); at !== -1; at = rest.indexOf(' / ', at + 1)) {
    if (matches(rest.slice(at + 3), inner)) return true
  }
  return false
}
