/** A project's own stream: which repository it is, its key prefix, its epoch, its ledger issue, and what of its work is paused or killed. */
import type { Actor } from '../actor.ts'
import { assertNever } from '../assert-never.ts'
import { accept, reject, type Decision } from '../rejection.ts'
import { recordFinding, retireFinding, withFinding, withoutFinding, type Finding } from './findings.ts'
import type { NewEvent, StoredEvent, StreamId } from '../event/envelope.ts'
import { sameTarget, withKill, withoutKill, type Kill, type KillTarget } from './kill.ts'

/** Of a project that nothing was ever lost of. */
export const FIRST_EPOCH = 1

export interface Project {
  readonly stream: StreamId
  readonly repositoryId: number
  /** GraphQL id of the repository. */
  readonly repositoryNodeId: string
  /** `owner/name`, as last seen. */
  readonly repository: string
  readonly installationId: number
  /** Key prefix, A–Z0–9, at most 8. */
  readonly prefix: string
  /** Rises with every restore, failover or imported gap; fences of older epochs are void. */
  readonly epoch: number
  /** The issue that holds the ledger, once made. */
  readonly ledgerIssue: number | null
  /** Why no new work is handed out, or null. A restore starts paused. */
  readonly paused: string | null
  /** The kills that are on, oldest first; absent: none. */
  readonly kills?: readonly Kill[]
  /** What its tasks learned, oldest first; absent until there was one. */
  readonly findings?: readonly Finding[]
  /** The id that the next finding gets. */
  readonly nextFinding?: number
}

export interface ProjectEventData {
  'project-opened': Pick<Project, 'repositoryId' | 'repositoryNodeId' | 'repository' | 'installationId' | 'prefix'>
  'repository-renamed': { readonly repository: string }
  'installation-changed': { readonly installationId: number }
  'prefix-changed': { readonly prefix: string }
  'epoch-raised': { readonly epoch: number; readonly reason: string }
  'ledger-opened': { readonly issue: number }
  'project-paused': { readonly reason: string }
  'project-resumed': { readonly reason: string }
  /** `by`: who killed the workspace that the project was opened in later; absent: who caused the event. */
  killed: KillTarget & { readonly reason: string; readonly by?: string }
  'kill-lifted': KillTarget & { readonly reason: string }
  'finding-recorded': Pick<Finding, 'id' | 'kind' | 'text' | 'task' | 'attempt'>
  'finding-retired': { readonly id: number; readonly reason: string }
  /** The issue of a task was transferred away. `to`: where, when that is another project of Muster's; null: beyond its reach. */
  'task-left': { readonly task: StreamId; readonly key: string; readonly to: StreamId | null }
  /** The issue of a task was transferred to here. `key`: the one that it has here. */
  'task-arrived': { readonly task: StreamId; readonly key: string; readonly from: StreamId }
  'project-tampering-found': { readonly what: string; readonly by: Actor | null; readonly detail: string }
}

export type ProjectEventType = keyof ProjectEventData
export type NewProjectEvent = { [T in ProjectEventType]: NewEvent<T, ProjectEventData[T]> }[ProjectEventType]
export type ProjectEvent = { [T in ProjectEventType]: StoredEvent<T, ProjectEventData[T]> }[ProjectEventType]

export type ProjectCommand =
  | ({
      readonly type: 'open-project'
      /** The kills of its workspace that are on. */
      readonly inherited?: readonly Kill[]
    } & ProjectEventData['project-opened'])
  | { readonly type: 'raise-epoch'; readonly atLeast: number; readonly reason: string }
  | { readonly type: 'open-ledger'; readonly issue: number }
  | { readonly type: 'pause-project'; readonly reason: string }
  | { readonly type: 'resume-project'; readonly reason: string }
  | ({ readonly type: 'kill'; readonly reason: string } & KillTarget)
  | ({ readonly type: 'lift-kill'; readonly reason: string } & KillTarget)
  | ({ readonly type: 'record-finding' } & Pick<Finding, 'kind' | 'text' | 'task' | 'attempt'>)
  | { readonly type: 'retire-finding'; readonly id: number; readonly reason: string }
  | ({ readonly type: 'note-departure' } & ProjectEventData['task-left'])
  | ({ readonly type: 'note-arrival' } & ProjectEventData['task-arrived'])
  | {
      readonly type: 'report-project-tampering'
      readonly what: string
      readonly by: Actor | null
      readonly detail: string
    }

export const projectEvent = <T extends ProjectEventType>(type: T, data: ProjectEventData[T]): NewProjectEvent =>
  // The cast joins what the compiler cannot: the union over T of pairs that belong together.
  ({ type, v: 1, data }) as NewProjectEvent

/** Opening is idempotent: it brings name, installation and prefix up to date. */
export const decideProject = (project: Project | null, command: ProjectCommand): Decision<NewProjectEvent> => {
  if (command.type === 'open-project') {
    const { type: _, inherited = [], ...data } = command
    return accept(
      ...(project === null ? [projectEvent('project-opened', data)] : changes(project, data)),
      ...inherited
        .filter((kill) => !isOn(project, kill))
        .map(({ scope, agent, reason, by }) => projectEvent('killed', { scope, agent, reason, by })),
    )
  }
  if (project === null) return reject({ code: 'not-a-task' })
  switch (command.type) {
    case 'raise-epoch': {
      const epoch = Math.max(project.epoch + 1, command.atLeast)
      return accept(projectEvent('epoch-raised', { epoch, reason: command.reason }))
    }
    case 'open-ledger':
      return project.ledgerIssue === command.issue
        ? accept()
        : accept(projectEvent('ledger-opened', { issue: command.issue }))
    case 'pause-project':
      return project.paused === null ? accept(projectEvent('project-paused', { reason: command.reason })) : accept()
    case 'resume-project':
      return project.paused === null ? accept() : accept(projectEvent('project-resumed', { reason: command.reason }))
    case 'kill': {
      const { scope, agent, reason } = command
      const known = project.kills?.find((kill) => sameTarget(kill, command))
      return known?.reason === reason ? accept() : accept(projectEvent('killed', { scope, agent, reason }))
    }
    case 'lift-kill': {
      const { scope, agent, reason } = command
      return isOn(project, command)
        ? accept(projectEvent('kill-lifted', { scope, agent, reason }))
        : reject({ code: 'not-killed', scope, agent })
    }
    case 'record-finding':
      return recordFinding(project, command)
    case 'retire-finding':
      return retireFinding(project, command)
    case 'note-departure': {
      const { type: _, ...data } = command
      return accept(projectEvent('task-left', data))
    }
    case 'note-arrival': {
      const { type: _, ...data } = command
      return accept(projectEvent('task-arrived', data))
    }
    case 'report-project-tampering': {
      const { type: _, ...data } = command
      return accept(projectEvent('project-tampering-found', data))
    }
    default:
      return assertNever(command)
  }
}

const isOn = (project: Project | null, target: KillTarget): boolean =>
  project?.kills?.some((kill) => sameTarget(kill, target)) === true

const changes = (project: Project, seen: ProjectEventData['project-opened']): readonly NewProjectEvent[] => {
  const { repository, installationId, prefix } = seen
  return [
    ...(project.repository === repository ? [] : [projectEvent('repository-renamed', { repository })]),
    ...(project.installationId === installationId ? [] : [projectEvent('installation-changed', { installationId })]),
    ...(project.prefix === prefix ? [] : [projectEvent('prefix-changed', { prefix })]),
  ]
}

/** Total: events it does not know change nothing. */
export const evolveProject = (project: Project | null, event: ProjectEvent): Project | null => {
  if (event.type === 'project-opened') {
    return { stream: event.stream, ...event.data, epoch: FIRST_EPOCH, ledgerIssue: null, paused: null }
  }
  if (project === null) return null
  switch (event.type) {
    case 'repository-renamed':
    case 'installation-changed':
    case 'prefix-changed':
      return { ...project, ...event.data }
    case 'epoch-raised':
      return { ...project, epoch: event.data.epoch }
    case 'ledger-opened':
      return { ...project, ledgerIssue: event.data.issue }
    case 'project-paused':
      return { ...project, paused: event.data.reason }
    case 'project-resumed':
      return { ...project, paused: null }
    case 'killed': {
      const { scope, agent, reason, by = event.actor.id } = event.data
      return { ...project, kills: withKill(project.kills, { scope, agent, reason, by, at: event.at }) }
    }
    case 'kill-lifted': {
      const { kills, ...rest } = project
      const left = withoutKill(kills, event.data)
      return left.length === 0 ? rest : { ...rest, kills: left }
    }
    case 'finding-recorded':
      return withFinding(project, event)
    case 'finding-retired':
      return withoutFinding(project, event)
    case 'task-left':
    case 'task-arrived':
    case 'project-tampering-found':
      return project
    default:
      event satisfies never
      return project
  }
}
