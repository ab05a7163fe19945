/** The one loop: cause → load → decide → append, again when someone else wrote in between. Nothing is acknowledged before it is in the log. */
import { GENESIS_HASH, hashEvent, type Sha256 } from '../domain/event/hash-chain.ts'
import type { NewEvent, StoredEvent, StreamId } from '../domain/event/envelope.ts'
import type { Actor } from '../domain/actor.ts'
import { decideProject, type Project, type ProjectCommand } from '../domain/project/project.ts'
import type { Decision } from '../domain/rejection.ts'
import type { Settings } from '../domain/settings.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import { decideTask } from '../domain/task/decide-task.ts'
import type { Task } from '../domain/task/state.ts'
import { redactTexts } from '../domain/text/redact-texts.ts'
import { effectsOf } from './effects-of.ts'
import { fold, isTaskStream, parseProject, parseTask, projectOf } from './fold.ts'
import { leaseRows } from './lease-rows.ts'
import { outcomeOf, standing } from './outcome.ts'
import { prepare } from './prepare.ts'
import type { Asked, Ids, LoadedStream, Outcome, SchemaJudge, Store, StreamWrite } from './ports.ts'

export type AnyCommand = TaskCommand | ProjectCommand

export interface Engine {
  readonly store: Store
  readonly ids: Ids
  readonly sha256: Sha256
  readonly settingsOf: (project: StreamId) => Promise<Settings>
  readonly schemas: SchemaJudge
}

/** What came of it, and the state it left (null when the stream does not exist). */
export interface Handled {
  readonly outcome: Outcome
  readonly state: Task | Project | null
  /** The cause had been handled before; nothing was done now. */
  readonly repeated: boolean
  readonly events: readonly StoredEvent[]
}

/** More conflicts than this on one command is not a race but a fault. */
const MAX_CONFLICTS = 200

export class ContentionFault extends Error {
  override readonly name = 'ContentionFault'
  readonly code = 'contention'
  readonly retryable = true
  constructor(stream: StreamId) {
    super(`gave up on ${stream} after ${MAX_CONFLICTS} conflicting writes; try again`)
  }
}

export const handleCommand = async (engine: Engine, given: Asked<AnyCommand>): Promise<Handled> => {
  const { log } = engine.store
  const asked = { ...given, command: redactTexts(given.command) }
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const loaded = await log.load(asked.stream)
    const known = await log.findOutcome(asked.cause)
    if (known !== null) return repeated(standing(known, asked), asked.stream, loaded)

    const { command, guards } = await prepare(engine, asked, loaded)
    const decision = await decide(engine, asked, command, loaded)
    const events = decision.ok ? complete(engine.sha256, engine.ids, asked, loaded, decision.events) : []
    const outcome = outcomeOf(
      asked,
      decision.ok
        ? {
            ok: true,
            stream: asked.stream,
            version: loaded.version + events.length,
            ...(events.length === 0 ? { changed: false } : {}),
          }
        : { ok: false, rejection: decision.rejection },
    )
    // Time passing changes nothing most of the time; a kept outcome would stop it from counting later at this version.
    if (command.type === 'tick' && events.length === 0) return handled(outcome, asked.stream, loaded.state, [])

    const write = events.length === 0 ? null : writeOf(asked.stream, loaded, events)
    const result = await log.append({
      cause: asked.cause,
      outcome,
      writes: write === null ? [] : [write],
      leases: write === null ? [] : leaseRows(asked.stream, loaded.state, write.state),
      guards: events.length === 0 ? [] : guards,
      outbox: effectsOf(asked.stream, events, loaded),
    })
    if (result.ok) return handled(outcome, asked.stream, write?.state ?? loaded.state, events)
    if (result.conflict === 'cause') {
      return repeated(standing(result.outcome, asked), asked.stream, await log.load(asked.stream))
    }
  }
  throw new ContentionFault(asked.stream)
}

const decide = async (
  engine: Engine,
  asked: Asked<AnyCommand>,
  command: AnyCommand,
  loaded: LoadedStream,
): Promise<Decision<NewEvent>> => {
  if (!isTaskStream(asked.stream)) return decideProject(parseProject(loaded.state), command as ProjectCommand)
  const home = parseTask(loaded.state)?.project ?? projectOf(asked.stream)
  const [project, settings] = await Promise.all([engine.store.projections.project(home), engine.settingsOf(home)])
  return decideTask(parseTask(loaded.state), command as TaskCommand, {
    now: loaded.now,
    actor: asked.actor,
    epoch: project?.epoch ?? 1,
    paused: project?.paused ?? null,
    settings,
  })
}

/** New events get their place, identity and links. */
const complete = (
  sha256: Sha256,
  ids: Ids,
  asked: { readonly stream: StreamId; readonly actor: Actor; readonly cause: string },
  loaded: LoadedStream,
  events: readonly NewEvent[],
): readonly StoredEvent[] => {
  let prev = loaded.version === 0 ? GENESIS_HASH : loaded.head
  return events.map((event, index) => {
    const unhashed = {
      stream: asked.stream,
      version: loaded.version + index + 1,
      id: ids.ulid(),
      type: event.type,
      v: event.v,
      at: loaded.now,
      actor: asked.actor,
      cause: asked.cause,
      data: event.data,
      prev,
    }
    prev = hashEvent(sha256, unhashed)
    return { ...unhashed, hash: prev }
  })
}

const writeOf = (stream: StreamId, loaded: LoadedStream, events: readonly StoredEvent[]): StreamWrite => ({
  stream,
  expectedVersion: loaded.version,
  events,
  ...fold(stream, loaded.state, events),
})

const stateOf = (stream: StreamId, state: string | null): Task | Project | null =>
  isTaskStream(stream) ? parseTask(state) : parseProject(state)

const handled = (
  outcome: Outcome,
  stream: StreamId,
  state: string | null,
  events: readonly StoredEvent[],
): Handled => ({ outcome, state: stateOf(stream, state), repeated: false, events })

const repeated = (outcome: Outcome, stream: StreamId, loaded: LoadedStream): Handled => ({
  outcome,
  state: stateOf(stream, loaded.state),
  repeated: true,
  events: [],
})
