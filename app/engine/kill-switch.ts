/**
 * Turns kills on and off. Of an agent or a project: one event in the project's stream. Of a workspace: one in the stream of each
 * of its projects, all in one transaction, so that no project is left out.
 */
import type { Project, ProjectCommand } from '../domain/project/project.ts'
import type { NewEvent, StreamId } from '../domain/event/envelope.ts'
import { decideProject } from '../domain/project/project.ts'
import type { Rejection } from '../domain/rejection.ts'
import { redactTexts } from '../domain/text/redact-texts.ts'
import { effectsOf } from './effects-of.ts'
import { parseProject } from './fold.ts'
import { complete, ContentionFault, MAX_CONFLICTS, writeOf, type Engine } from './handle-command.ts'
import { outcomeOf, standing } from './outcome.ts'
import type { Asked, Guard, LoadedStream, Outcome } from './ports.ts'
import { workspaceGuard } from './workspace-kills.ts'

export type KillCommand = ProjectCommand & { readonly type: 'kill' | 'lift-kill' }

/** `asked.stream` is the project in which it was asked for. */
export const turnKill = async (engine: Engine, given: Asked<KillCommand>): Promise<Outcome> => {
  const { log } = engine.store
  const asked = { ...given, command: redactTexts(given.command) }
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const known = await log.findOutcome(asked.cause)
    if (known !== null) return standing(known, asked)
    const home = await log.load(asked.stream)
    const { streams, guards } = await reach(engine, asked, parseProject(home.state))
    const loaded = await Promise.all(streams.map((stream) => log.load(stream)))
    // Loaded anew: an earlier look may be older than what is decided on.
    const at = loaded[streams.indexOf(asked.stream)] ?? home
    const { decided, refusal } = decideEach(asked.command, streams, loaded)
    const writes = decided.map(({ stream, from, events }) => {
      const stored = complete(engine.sha256, engine.ids, { ...asked, stream }, from, events)
      return writeOf(stream, from, stored)
    })
    const outcome = outcomeOf(
      asked,
      writes.length === 0 && refusal !== null
        ? { ok: false, rejection: refusal }
        : {
            ok: true,
            stream: asked.stream,
            version: at.version + (writes.find(({ stream }) => stream === asked.stream)?.events.length ?? 0),
            ...(writes.length === 0 ? { changed: false } : {}),
          },
    )
    const result = await log.append({
      cause: asked.cause,
      outcome,
      writes,
      leases: [],
      guards: writes.length === 0 ? [] : guards,
      outbox: writes.flatMap(({ stream, events }) => effectsOf(stream, events, home)),
    })
    if (result.ok) return outcome
    if (result.conflict === 'cause') return standing(result.outcome, asked)
  }
  throw new ContentionFault(asked.stream)
}

interface Decided {
  readonly stream: StreamId
  readonly from: LoadedStream
  readonly events: readonly NewEvent[]
}

/** Only the streams in which something changes, and why nothing did where that is so everywhere. */
const decideEach = (
  command: KillCommand,
  streams: readonly StreamId[],
  loaded: readonly LoadedStream[],
): { readonly decided: readonly Decided[]; readonly refusal: Rejection | null } => {
  const decided: Decided[] = []
  let refusal: Rejection | null = null
  let isOn = false
  for (const [index, from] of loaded.entries()) {
    const decision = decideProject(parseProject(from.state), command)
    const stream = streams[index] as StreamId
    if (!decision.ok) refusal = decision.rejection
    else if (decision.events.length === 0) isOn = true
    else decided.push({ stream, from, events: decision.events })
  }
  return { decided, refusal: isOn ? null : refusal }
}

/** The streams that it is written to; of a workspace, its projects may not change meanwhile. */
const reach = async (
  { store }: Engine,
  { stream, command }: Asked<KillCommand>,
  home: Project | null,
): Promise<{ readonly streams: readonly StreamId[]; readonly guards: readonly Guard[] }> => {
  if (command.scope !== 'workspace' || home === null) return { streams: [stream], guards: [] }
  const name = workspaceGuard(home.installationId)
  const expectedVersion = await store.log.guardVersion(name)
  const projects = await store.projections.projects()
  const streams = projects.filter(({ installationId }) => installationId === home.installationId)
  return { streams: streams.map((project) => project.stream), guards: [{ name, expectedVersion }] }
}
