/** Every label that Muster writes: prefix, colour, description. The prefixes stand here only. */
import { FAILURE_CLASSES, type FailureClass } from '../../../domain/failure/taxonomy.ts'
import type { Tier } from '../../../domain/task/details.ts'
import { PRIORITIES, TASK_STATUSES, type Priority, type TaskStatus } from '../../../domain/task/state.ts'

export interface Label {
  readonly name: string
  /** Six hexadecimal digits. */
  readonly color: string
  /** At most 100 characters. */
  readonly description: string
}

export const PREFIXES = {
  status: 'status/',
  priority: 'priority/',
  failure: 'failure/',
  tier: 'tier/',
  agent: 'agent/',
} as const
export type LabelFamily = keyof typeof PREFIXES

const MAX_NAME = 50

const STATUS: Record<TaskStatus, readonly [color: string, description: string]> = {
  backlog: ['d0d7de', 'A task that is not ready to be worked on'],
  ready: ['0e8a16', 'Anyone who may can claim this task'],
  waiting: ['c5def5', 'Waits for other tasks, or for a pause to end'],
  claimed: ['bfd4f2', 'Somebody holds the lease and has not started'],
  in_progress: ['1f6feb', 'An attempt is under way'],
  blocked: ['b60205', 'A person must clear a blocker'],
  review: ['8957e5', 'An attempt succeeded; its result is to be reviewed'],
  needs_human: ['d93f0b', 'A person must decide: retry, skip or fail'],
  done: ['1a7f37', 'Finished'],
  failed: ['82071e', 'Given up'],
  canceled: ['6e7781', 'Not wanted any more'],
}

const PRIORITY: Record<Priority, readonly [color: string, description: string]> = {
  p0: ['b60205', 'Drop everything'],
  p1: ['d93f0b', 'Next'],
  p2: ['fbca04', 'Normal'],
  p3: ['ededed', 'When there is time'],
}

const FAILURE_COLOR = 'f9d0c4'
const TIER_COLOR = 'c2e0c6'
const AGENT_COLOR = 'd4c5f9'

export const statusLabel = (status: TaskStatus): Label => {
  const [color, description] = STATUS[status]
  return { name: PREFIXES.status + status, color, description }
}

export const priorityLabel = (priority: Priority): Label => {
  const [color, description] = PRIORITY[priority]
  return { name: PREFIXES.priority + priority, color, description }
}

export const failureLabel = (failure: FailureClass): Label => ({
  name: PREFIXES.failure + failure,
  color: FAILURE_COLOR,
  description: `How the last attempt failed: ${failure.replaceAll('_', ' ')}`,
})

const TIER: Record<Tier, string> = {
  simple: 'A small model is enough',
  medium: 'Needs a capable model',
  complex: 'Needs the most capable model',
}

export const tierLabel = (tier: Tier): Label => ({
  name: PREFIXES.tier + tier,
  color: TIER_COLOR,
  description: TIER[tier],
})

/** Agent ids and logins are plain words; whatever else stands in one becomes a hyphen. */
export const agentLabel = (owner: string): Label => ({
  name: (PREFIXES.agent + owner.replace(/[^A-Za-z0-9_.-]+/g, '-')).slice(0, MAX_NAME),
  color: AGENT_COLOR,
  description: 'Who works on this task, or did last',
})

/**
 * The labels that exist in every repository we work in. They are made together, when the first of them is needed: one
 * request instead of a dozen later ones, and people can pick a priority that no task had yet.
 */
export const STANDING_LABELS: readonly Label[] = [
  ...TASK_STATUSES.map(statusLabel),
  ...PRIORITIES.map(priorityLabel),
  ...FAILURE_CLASSES.map(failureLabel),
]

/** The family of a label that is ours by its prefix, or null. GitHub compares names without regard to case. */
export const familyOf = (name: string): LabelFamily | null => {
  const lower = name.toLowerCase()
  const families = Object.entries(PREFIXES) as [LabelFamily, string][]
  return families.find(([, prefix]) => lower.startsWith(prefix))?.[0] ?? null
}
