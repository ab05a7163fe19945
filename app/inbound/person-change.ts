/** What somebody changed on a task's issue by hand, as a command under that person's rights; refused changes get one explaining line. */
import { hasRole, MUSTER, type Actor, type Role } from '../domain/actor.ts'
import type { StreamId } from '../domain/event/envelope.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import { TIERS } from '../domain/task/details.ts'
import { PRIORITIES } from '../domain/task/state.ts'
import { neutralise } from '../domain/text/neutralise.ts'
import { clickCause, factCause } from '../engine/cause.ts'
import { handleCommand, type Engine } from '../engine/handle-command.ts'
import type { OnPersonChange, PersonChange, PersonChangeAnswer } from '../engine/person-change.ts'
import { createEdgeChange } from './edge-change.ts'
import { MAX_TITLE } from './create-task.ts'
import { explainRejection } from './explain-rejection.ts'
import type { GitHubFacts, RepositoryPlace } from './ports.ts'
import { slashed, type Telling } from './telling.ts'

const NOTHING: PersonChangeAnswer = { explain: null }

/** The line is published as it stands: names of labels and reasons of blockers are others' words. */
const told = (text: string): PersonChangeAnswer => ({ explain: neutralise(text) })

export const createPersonChangeHandler = (deps: {
  readonly engine: Engine
  readonly facts: GitHubFacts
  /** Null when the project is not known. */
  readonly placeOf: (stream: StreamId) => Promise<RepositoryPlace | null>
}): OnPersonChange => {
  const { engine, facts, placeOf } = deps

  const tellingOf = async (stream: StreamId): Promise<Telling> => {
    const task = (await engine.store.projections.task(stream))?.task
    const bare = task === undefined || (await engine.settingsOf(task.project)).commands.bare
    return { surface: 'comment', bare }
  }

  const ask = async (
    stream: StreamId,
    command: TaskCommand,
    actor: Actor,
    cause: string,
  ): Promise<PersonChangeAnswer> => {
    const { outcome } = await handleCommand(engine, { stream, command, actor, cause })
    if (outcome.ok) return NOTHING
    const { problem, next } = explainRejection(outcome.rejection, await tellingOf(stream))
    return told(`${problem} ${next}`)
  }

  const onLabel = async (change: PersonChange & { readonly field: 'label' }): Promise<PersonChangeAnswer> => {
    const { stream, label, by } = change
    // Taking a label off only undoes what the state wants: it comes back. Swapping labels arrives as its added half.
    if (change.change === 'removed') return NOTHING
    const row = meaning(label, by)
    if (row === null) {
      const help = slashed('help', await tellingOf(stream))
      return told(`The label ${label} follows the state of the task. \`${help}\` lists the commands.`)
    }
    const place = await placeOf(stream)
    if (place === null || !hasRole(await facts.roleOf(place, by.id), row.needs)) {
      return told(`The label ${label} needs the ${row.needs} role here.`)
    }
    return ask(stream, row.command, by, clickCause('label', change.eventId))
  }

  /** Whoever could do it on GitHub may: it is only taken down. */
  const onPlanned = async (
    change: PersonChange & { readonly field: 'assignees' | 'milestone' },
  ): Promise<PersonChangeAnswer> => {
    const { stream, field, by } = change
    const { version } = await engine.store.log.load(stream)
    const [command, value] = planned(change)
    return ask(stream, command, by ?? MUSTER, factCause(stream, `${field}:${version}`, value))
  }

  /** Opening a closed task's issue again reopens the task; closing by hand says nothing about the work, a command does. */
  const onState = async ({
    stream,
    open,
    by,
  }: PersonChange & { readonly field: 'state' }): Promise<PersonChangeAnswer> => {
    const place = await placeOf(stream)
    if (!open || by === null || place === null) return NOTHING
    if (!hasRole(await facts.roleOf(place, by.id), 'write')) return NOTHING
    const { version } = await engine.store.log.load(stream)
    const command: TaskCommand = { type: 'reopen-task', reason: `the issue was opened again by ${by.id}` }
    return ask(stream, command, by, factCause(stream, 'open', String(version)))
  }

  const onEdge = createEdgeChange({ engine, facts, placeOf, tellingOf })

  return async (change) => {
    const { stream } = change
    switch (change.field) {
      case 'label':
        return onLabel(change)
      case 'edge': {
        const words = await onEdge(change)
        return words === null ? NOTHING : told(words)
      }
      case 'assignees':
      case 'milestone':
        return onPlanned(change)
      case 'title': {
        const { version } = await engine.store.log.load(stream)
        const command: TaskCommand = { type: 'change-title', title: change.title.slice(0, 256) }
        return ask(stream, command, change.by ?? MUSTER, factCause(stream, `title:${version}`, change.title))
      }
      case 'state':
        return onState(change)
      case 'record': {
        const { what, by, detail, identity } = change
        return ask(
          stream,
          { type: 'report-tampering', what, by, detail },
          MUSTER,
          factCause(stream, 'record', identity),
        )
      }
      case 'war': {
        const detail = 'put back three times within an hour and changed again; it is left alone now'
        const command: TaskCommand = { type: 'report-tampering', what: change.over, by: null, detail }
        const cause = factCause(stream, `war:${change.over}`, String(change.at))
        await ask(stream, command, MUSTER, cause)
        // Who fights over it is for a person to find out; an attempt under way goes on meanwhile.
        const reason = `something keeps changing ${change.over}; stop it, then /retry`
        await ask(stream, { type: 'ask-person', reason }, MUSTER, `${cause}:ask`)
        return NOTHING
      }
    }
  }
}

const planned = (
  change: PersonChange & { readonly field: 'assignees' | 'milestone' },
): readonly [TaskCommand, value: string] => {
  if (change.field === 'assignees') {
    const { assignees } = change
    return [{ type: 'observe-assignees', assignees }, assignees.join(' ')]
  }
  const { milestone } = change
  const title = milestone?.title.slice(0, MAX_TITLE) ?? ''
  const command = { type: 'observe-milestone', milestone: milestone === null ? null : { ...milestone, title } } as const
  return [command, milestone === null ? '' : `${milestone.number} ${title}`]
}

interface LabelMeaning {
  readonly needs: Role
  readonly command: TaskCommand
}

/** The labels that ask for something; all others only show. */
const meaning = (label: string, by: Actor): LabelMeaning | null => {
  const [prefix, value = ''] = label.split('/')
  if (prefix === 'priority') {
    const priority = PRIORITIES.find((known) => known === value)
    return priority === undefined ? null : { needs: 'triage', command: { type: 'set-priority', priority } }
  }
  if (prefix === 'tier') {
    const tier = TIERS.find((known) => known === value)
    return tier === undefined ? null : { needs: 'write', command: { type: 'update-task', changes: { tier } } }
  }
  if (prefix !== 'status') return null
  switch (value) {
    case 'ready':
      return { needs: 'triage', command: { type: 'ready-task' } }
    case 'blocked':
      return { needs: 'triage', command: { type: 'block-task', reason: `blocked with a label by ${by.id}` } }
    case 'canceled':
      return { needs: 'write', command: { type: 'cancel-task', reason: `canceled with a label by ${by.id}` } }
    default:
      return null
  }
}
