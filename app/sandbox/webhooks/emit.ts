/**
 * Tells the world that something happened: first the areas inside the sandbox, then every App that is installed on the
 * repository, subscribes to the event and may read what it is about. The payload is fixed here, at the time of the event;
 * delivery-queue.ts sends it later, in any order.
 */
import type { Caller } from '../auth/caller.ts'
import { actingAccount } from '../auth/caller.ts'
import type { EventPayload } from '../http/description-types.ts'
import type { App, Installation } from '../model/account.ts'
import type { Repository } from '../model/repository.ts'
import { renderAccount } from '../render/account.ts'
import { renderOrganization } from '../render/organization.ts'
import { renderRepository } from '../render/repository.ts'
import type { World } from '../world.ts'
import { EVENT_PERMISSIONS, type EventName } from './event-permissions.ts'
import { violationsOfPayload } from '../description/check-answer.ts'

export interface EmitInput<Event extends EventName, Action extends string | null> {
  readonly repository: Repository
  readonly caller: Caller
  /** Everything but action, repository, organization, installation and sender, which are added here. */
  readonly payload: EventPayload<Event, Action>
  /** For what concerns one App alone, such as a button on its check run. */
  readonly onlyAppId?: number
}

/** `emit(world, 'issues', 'opened', {repository, caller, payload: {issue}})`; events without actions (push) pass null. */
export function emit<Event extends EventName, Action extends string | null>(
  world: World,
  event: Event,
  action: Action,
  input: EmitInput<Event, Action>,
): void {
  const { repository, caller } = input
  const owner = world.state.accounts.get(repository.ownerId)
  const sender = actingAccount(world.state, caller) ?? owner
  if (!owner || !sender) throw new Error(`event ${event} on a repository without owner`)
  const payload = {
    ...(action !== null && { action }),
    ...(input.payload as Record<string, unknown>),
    repository: renderRepository(world, repository),
    ...(owner.type === 'Organization' && { organization: renderOrganization(world, owner) }),
    sender: renderAccount(world, sender),
  }
  for (const listener of world.listeners)
    listener({ event, action, repositoryId: repository.id, caller, payload: structuredClone(payload) })
  if (caller.kind === 'workflow' && !world.switches.workflowTokenEventsReachApps) return
  for (const installation of world.state.installations.all()) {
    const app = world.state.apps.get(installation.appId)
    if (!app || (input.onlyAppId !== undefined && input.onlyAppId !== app.id)) continue
    if (!hears(app, installation, event, repository)) continue
    const body = { ...payload, installation: { id: installation.id, node_id: installationNodeId(installation) } }
    const violations = violationsOfPayload(event, action, body)
    for (const violation of violations) world.log.recordViolation(violation)
    world.deliveries.enqueue({
      appId: app.id,
      installationId: installation.id,
      repositoryId: repository.id,
      event,
      action,
      body: JSON.stringify(body),
      violations,
    })
  }
}

function hears(app: App, installation: Installation, event: EventName, repository: Repository): boolean {
  const needed = EVENT_PERMISSIONS[event]
  return (
    installation.accountId === repository.ownerId &&
    installation.suspendedAt === null &&
    (installation.repositories === 'all' || installation.repositories.includes(repository.id)) &&
    app.events.includes(event) &&
    (needed === null || installation.permissions[needed] !== undefined)
  )
}

function installationNodeId(installation: Installation): string {
  return Buffer.from(`023:IntegrationInstallation${installation.id}`).toString('base64')
}
