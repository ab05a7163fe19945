/** Clicks on the buttons of our check runs, and "Re-run": commands of the person who clicked, authorised as if they had typed them. */
import { hasRole, type Actor } from '../../../domain/actor.ts'
import type { StreamId } from '../../../domain/event/envelope.ts'
import type { TaskCommand } from '../../../domain/task/commands.ts'
import { clickCause } from '../../../engine/cause.ts'
import { handleCommand } from '../../../engine/handle-command.ts'
import { keepRejection } from '../../../engine/outcome.ts'
import type { RepositoryPlace } from '../../ports.ts'
import type { HandlerDeps } from '../deps.ts'

export interface Click {
  /** The identifier of the button; `rerun` for GitHub's own. */
  readonly button: string
  readonly checkRunId: number
  readonly externalId: string
  /** The App that owns the check run. */
  readonly appId: number
  readonly login: string
  readonly isBot: boolean
  /** The delivery: the only identity that a click has. */
  readonly delivery: string
}

const ATTEMPT = /^(task\/\d{1,15}\/\d{1,15})\/attempt\/\d{1,6}@/

export const onClick = async (deps: HandlerDeps, place: RepositoryPlace, click: Click): Promise<void> => {
  const stream = ATTEMPT.exec(click.externalId)?.[1] as StreamId | undefined
  if (click.appId !== deps.appId || stream === undefined) return
  const command = meaning(click)
  if (command === null) return
  const { login, isBot } = click
  const fields = { repository: place.repository, button: click.button, by: login }
  const cause = clickCause('check-run', click.delivery)
  // A click acts at once and cannot be edited, so the role is read now.
  const held = isBot ? 'none' : await deps.facts.roleOf(place, login, true)
  if (!hasRole(held, 'write')) {
    const verb = click.button
    await keepRejection(deps.engine.store.log, { cause }, { code: 'role-too-low', needed: 'write', held, verb })
    deps.log.info('click ignored: needs the write role', fields)
    return
  }
  const actor: Actor = { kind: 'user', id: login }
  const { outcome } = await handleCommand(deps.engine, {
    stream,
    command,
    actor,
    cause,
  })
  if (!outcome.ok) deps.log.info('click refused', { ...fields, reason: outcome.rejection.code })
}

const meaning = ({ button, login }: Click): TaskCommand | null => {
  switch (button) {
    case 'retry':
    case 'rerun':
      return { type: 'retry-task' }
    case 'escalate':
      return { type: 'ask-person', reason: `escalated by ${login}` }
    case 'skip':
      return { type: 'resolve-task', decision: 'skip', note: null }
    case 'fail':
      return { type: 'resolve-task', decision: 'fail', note: null }
    default:
      return null
  }
}
