/**
 * Our events beside those of two other vocabularies: the fourteen of `@ai-devkit/task-manager`, and the twelve of an
 * event-sourced model of runs. Every event of ours has a row, so that a new one cannot be added without a decision.
 */
import type { ProjectEventType } from '../app/domain/project/project.ts'
import type { TaskEventType } from '../app/domain/task/events.ts'

export const TASK_MANAGER_EVENTS = [
  'task.created',
  'task.updated',
  'task.phase.set',
  'task.status.set',
  'task.progress.set',
  'task.next_step.set',
  'task.blocker.add',
  'task.blocker.resolve',
  'task.evidence.add',
  'task.artifact.add',
  'task.attribution.set',
  'task.note.append',
  'task.custom',
  'task.closed',
] as const

export const RUN_EVENTS = [
  'EntityCreated',
  'EntityUpdated',
  'DependencyLinked',
  'WorkflowDefined',
  'RunQueued',
  'RunLeased',
  'RunStarted',
  'RunCompleted',
  'RunFailed',
  'PolicyEvaluated',
  'ArtifactStored',
  'ToolInvoked',
] as const

type OtherEvent = (typeof TASK_MANAGER_EVENTS)[number] | (typeof RUN_EVENTS)[number]
type OurEvent = TaskEventType | ProjectEventType

/** What the event is called elsewhere, or in words what only we say with it. */
export const EVENT_MAP = {
  'task-created': ['task.created', 'EntityCreated'],
  'title-changed': ['task.updated', 'EntityUpdated'],
  'priority-set': ['task.updated', 'EntityUpdated'],
  // A task's steps are declared with its other details.
  'task-updated': ['task.updated', 'EntityUpdated', 'WorkflowDefined'],
  'phase-entered': ['task.phase.set', 'EntityUpdated'],
  'progress-reported': ['task.progress.set', 'EntityUpdated'],
  'next-step-set': ['task.next_step.set', 'EntityUpdated'],
  'attribution-set': ['task.attribution.set', 'EntityUpdated'],
  'custom-recorded': ['task.custom'],
  'task-readied': ['task.status.set', 'RunQueued'],
  'step-started': 'a declared part of a task begins',
  'step-finished': 'a declared part of a task is over',
  'checkpoint-resolved': 'a person decided what becomes of a task that waited for them',
  'brief-handed-out': 'what an attempt was given to start from',
  'task-held': ['task.status.set'],
  'lease-granted': ['task.status.set', 'RunLeased'],
  'lease-extended': ['RunLeased'],
  'attempt-started': ['task.status.set', 'RunStarted'],
  'attempt-head-moved': 'where the work of an attempt stands',
  'attempt-succeeded': ['task.status.set', 'RunCompleted'],
  'attempt-failed': ['RunFailed'],
  'attempt-measured': 'what an attempt cost, took and tested',
  'budget-settled': 'what an attempt cost, as the books have it',
  'budget-corrected': 'what an attempt cost after all',
  'budget-overrun': 'by how much an attempt is above its reservation',
  'budget-warned': 'a budget came near its limit',
  'tier-changed': ['task.updated', 'EntityUpdated'],
  'attempt-canceled': 'a run that ended without a verdict',
  'lease-released': 'a run that ended without a verdict',
  'lease-expired': ['RunFailed'],
  'preemption-asked': 'more urgent work needs the room of a lease',
  'policy-evaluated': ['PolicyEvaluated'],
  'gate-opened': 'an action waits for people',
  'gate-approved': 'a person lets an action through',
  'gate-closed': 'a gate is open, or what was approved is not there any more',
  'human-needed': ['task.status.set'],
  'retries-renewed': 'the count of retries begins anew',
  'blocker-added': ['task.blocker.add', 'EntityUpdated'],
  'blocker-resolved': ['task.blocker.resolve', 'EntityUpdated'],
  'evidence-recorded': ['task.evidence.add'],
  'artifact-recorded': ['task.artifact.add', 'ArtifactStored'],
  'tool-invoked': ['ToolInvoked'],
  'note-added': ['task.note.append'],
  'dependency-added': ['DependencyLinked'],
  'dependency-removed': 'a link that is taken away',
  'dependency-changed': 'what becomes of the task when what it waits for fails',
  'dependency-failed': 'a task that is waited for ended without being done',
  'dependency-settled': 'a task that is waited for no longer',
  'dependency-reopened': 'a task that is waited for again',
  'pull-request-linked': ['task.updated', 'EntityUpdated'],
  'pull-request-changed': ['task.updated', 'EntityUpdated'],
  'assignees-changed': ['task.updated', 'EntityUpdated'],
  'milestone-changed': ['task.updated', 'EntityUpdated'],
  'task-completed': ['task.closed', 'EntityUpdated'],
  'task-failed': ['task.closed', 'EntityUpdated'],
  'task-canceled': ['task.closed', 'EntityUpdated'],
  'task-reopened': ['task.status.set', 'EntityUpdated'],
  'task-moved': ['task.updated', 'EntityUpdated'],
  'task-moved-away': 'its issue was transferred to where we are not',
  'tampering-found': 'somebody changed what only Muster writes',
  'project-opened': ['EntityCreated'],
  'repository-renamed': ['EntityUpdated'],
  'installation-changed': ['EntityUpdated'],
  'prefix-changed': ['EntityUpdated'],
  'epoch-raised': 'fences of before are void',
  'ledger-opened': 'where the project keeps its own hidden JSON',
  'project-paused': ['EntityUpdated'],
  'project-resumed': ['EntityUpdated'],
  'finding-recorded': 'what one task learned for later ones',
  'finding-retired': 'what was learned does not hold any more',
  killed: 'a person stopped an agent, a project or a workspace',
  'kill-lifted': 'a person lifted that',
  'task-left': 'the issue of a task was transferred to another repository',
  'task-arrived': 'the issue of a task was transferred to here',
  'project-tampering-found': 'somebody changed what only Muster writes',
} as const satisfies Record<OurEvent, readonly [OtherEvent, ...OtherEvent[]] | string>

type Answered = Extract<(typeof EVENT_MAP)[OurEvent], readonly string[]>[number]

/** Each of theirs has one of ours: the compiler names those that have none. */
export const ALL_HAVE_ONE: Exclude<OtherEvent, Answered> extends never ? true : Exclude<OtherEvent, Answered> = true

const ours = (other: OtherEvent): string => {
  const events = Object.entries(EVENT_MAP).filter(([, names]) =>
    typeof names === 'string' ? false : (names as readonly string[]).includes(other),
  )
  return events.map(([name]) => `\`${name}\``).join(', ')
}

/** Markdown: theirs to ours, twice, then what only we say. */
export const renderEventMap = (): string =>
  [
    '| `@ai-devkit/task-manager` | Muster |',
    '|---|---|',
    ...TASK_MANAGER_EVENTS.map((other) => `| \`${other}\` | ${ours(other)} |`),
    '',
    '| model of runs | Muster |',
    '|---|---|',
    ...RUN_EVENTS.map((other) => `| \`${other}\` | ${ours(other)} |`),
    '',
    '| only Muster | says |',
    '|---|---|',
    ...Object.entries(EVENT_MAP).flatMap(([name, names]) =>
      typeof names === 'string' ? [`| \`${name}\` | ${names} |`] : [],
    ),
  ].join('\n')
