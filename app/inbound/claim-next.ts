/** Carries out a claim that names no task, the same for every surface that agents have. Which task it is the engine finds. */
import type { Actor } from '../domain/actor.ts'
import { projectStream } from '../domain/event/envelope.ts'
import type { TaskCommandOf } from '../domain/task/commands.ts'
import { carried, type Carried, type CarryOutDeps } from './carried.ts'
import type { RepositoryPlace } from './ports.ts'

export interface NextErrand {
  readonly claim: TaskCommandOf<'claim-task'>
  readonly place: RepositoryPlace
  readonly actor: Actor
  readonly cause: string
  readonly fingerprint: string
}

export const carryOutNext = async (
  { claimNext, facts }: CarryOutDeps,
  { claim, place, actor, cause, fingerprint }: NextErrand,
): Promise<Carried> => {
  const stream = projectStream(place.repositoryId)
  const command = { ...claim, baseSha: claim.baseSha ?? (await facts.defaultHead(place)) }
  return carried(await claimNext({ stream, command, actor, cause, fingerprint }))
}
