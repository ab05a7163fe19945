/** The one loop: cause → load → decide → append, again when someone else wrote in between. Nothing is acknowledged before it is in the log. */
import { limitsOfGrant, thresholdsOf } from '../domain/budget/limits.ts'
import { GENESIS_HASH, hashEvent, type Sha256 } from '../domain/event/hash-chain.ts'
import type { NewEvent, StoredEvent, StreamId } from '../domain/event/envelope.ts'
import type { Actor } from '../domain/actor.ts'
import { decideProject, type Project, type ProjectCommand } from '../domain/project/project.ts'
import type { Decision } from '../domain/rejection.ts'
import type { Settings } from '../domain/settings.ts'
import type { TaskCommand } from '../domain/task/commands.ts'
import { decideTask } from '../domain/task/decide-task.ts'
import { epochOf } from '../domain/task/epoch-of.ts'
import type { Task } from '../domain/task/state.ts'
import { redactTexts } from '../domain/text/redact-texts.ts'
import { capsOn, pastCap } from './caps.ts'
import { budgetFacts } from './budget-facts.ts'
import { refusalCause } from './cause.ts'
import { claimQuota, type ClaimQuota } from './claim-quota.ts'
import { effectsOf } from './effects-of.ts'
import { fold, isTaskStream, parseProject, parseTask, projectOf } from './fold.ts'
import { giveWay } from './give-way.ts'
import { leaseRows } from './lease-rows.ts'
import { keepRejection, outcomeOf, standing } from './outcome.ts'
import { policyCacheOf, type EvaluatePolicy } from './policy-cache.ts'
import { prepare } from './prepare.ts'
import type { AppendBatch, Asked, Cap, Ids, LoadedStream, Outcome, SchemaJudge, Store, StreamWrite } from './ports.ts'

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
export const MAX_CONFLICTS = 200

export class ContentionFault extends Error {
  override readonly name = 'ContentionFault'
  readonly code = 'contention'
  readonly retryable = true
  constructor(stream: StreamId) {
    super(`gave up on ${stream} after ${MAX_CONFLICTS} conflicting writes; try again`)
  }
}

export const handleCommand = async (engine: Engine, given: Asked<AnyCommand>): Promise<Handled> => {
  const quota = claimQuota(engine.store)
  const done = await untilWritten(engine, { ...given, command: redactTexts(given.command) }, quota)
  if (!grants(done.events)) await quota.giveBack()
  return done
}

const untilWritten = async (engine: Engine, asked: Asked<AnyCommand>, quota: ClaimQuota): Promise<Handled> => {
  const { log } = engine.store
  let circle: readonly StreamId[] | null = null
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    await giveWay(conflicts)
    const loaded = await log.load(asked.stream)
    const known = await log.findOutcome(asked.cause)
    if (known !== null) return repeated(standing(known, asked), asked.stream, loaded)

    const { command, guards } = await prepare(engine, asked, loaded, circle)
    const around = await aroundOf(engine, asked, command, loaded)
    const decision = await decide(asked, command, loaded, around, quota)
    const cause = decision.ok ? asked.cause : refusalCause(asked.cause, engine.ids.ulid())
    const events = complete(engine.sha256, engine.ids, { ...asked, cause }, loaded, decision.events ?? [])
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
    const isKept = outcome.ok || asked.tentative !== true
    if (!isKept && events.length === 0) return handled(outcome, asked.stream, loaded.state, [])

    const write = events.length === 0 ? null : writeOf(asked.stream, loaded, events)
    const result = await log.append({
      cause: isKept ? asked.cause : cause,
      outcome,
      writes: write === null ? [] : [write],
      leases: write === null ? [] : leaseRows(asked.stream, loaded, write.state, expires(events)),
      guards: events.length === 0 ? [] : guards,
      // A kill, a pause or a new epoch that came meanwhile holds for this grant too.
      ...(around !== null && grants(events) ? { restsOn: [{ stream: around.home, version: around.at }] } : {}),
      ...(around === null ? {} : boundsOf(asked.stream, write, around)),
      outbox: effectsOf(asked.stream, events, loaded, write?.state ?? null),
      caps: await capsOf(engine, asked, loaded, write, around),
    })
    if (result.ok) return handled(outcome, asked.stream, write?.state ?? loaded.state, events)
    if (result.conflict === 'cap') {
      return handled(await refuseAtCap(engine, asked, result.cap), asked.stream, loaded.state, [])
    }
    if (result.conflict === 'cause') {
      return repeated(standing(result.outcome, asked), asked.stream, await log.load(asked.stream))
    }
    circle = result.conflict === 'cycle' ? result.path : null
  }
  throw new ContentionFault(asked.stream)
}

/** What a decision on a task looks at besides it; null for other streams. */
interface Around {
  readonly home: StreamId
  /** The version of the project that it saw. */
  readonly at: number
  readonly project: Project | null
  readonly settings: Settings
  readonly money: Awaited<ReturnType<typeof budgetFacts>>
  readonly evaluate: EvaluatePolicy
}

const aroundOf = async (
  engine: Engine,
  { stream }: Asked<AnyCommand>,
  command: AnyCommand,
  loaded: LoadedStream,
): Promise<Around | null> => {
  if (!isTaskStream(stream)) return null
  const task = parseTask(loaded.state)
  const home = task?.project ?? projectOf(stream)
  const [at, settings] = await Promise.all([engine.store.log.load(home), engine.settingsOf(home)])
  const project = parseProject(at.state)
  const { now } = loaded
  const money = await budgetFacts(engine.store, { task, command: command as TaskCommand, project, settings, now })
  return {
    home,
    at: at.version,
    project,
    settings,
    money,
    evaluate: policyCacheOf(engine)(`${stream}@${loaded.version}`),
  }
}

const decide = async (
  asked: Asked<AnyCommand>,
  command: AnyCommand,
  loaded: LoadedStream,
  around: Around | null,
  quota: ClaimQuota,
): Promise<Decision<NewEvent>> => {
  if (around === null) return decideProject(parseProject(loaded.state), command as ProjectCommand)
  const { home, project, settings, money, evaluate } = around
  const task = parseTask(loaded.state)
  const decision = decideTask(task, command as TaskCommand, {
    now: loaded.now,
    actor: asked.actor,
    epoch: epochOf(task, project),
    paused: project?.paused ?? null,
    kills: project?.kills ?? [],
    settings,
    ...money,
    evaluate,
  })
  return quota.keep(decision, home, settings)
}

const grants = (events: readonly StoredEvent[]): boolean => events.some(({ type }) => type === 'lease-granted')
const expires = (events: readonly StoredEvent[]): boolean => events.some(({ type }) => type === 'lease-expired')

/** What a decision about money saw may be old: it is held against the books once more where it is written. */
const boundsOf = (
  stream: StreamId,
  write: StreamWrite | null,
  { settings, money }: Around,
): Pick<AppendBatch, 'limits' | 'thresholds'> => {
  if (money.budget === undefined) return {}
  const task = write === null ? null : stateOf(stream, write.state)
  if (write === null || task === null || !('attempts' in task)) return {}
  return {
    ...(grants(write.events) ? { limits: limitsOfGrant(task, settings) } : {}),
    // A task's own book changes with nothing but the task, whose version is looked at anyway.
    thresholds: thresholdsOf(task, settings).filter(({ scope }) => scope !== stream),
  }
}

const capsOf = (
  engine: Engine,
  { actor }: Asked<AnyCommand>,
  loaded: LoadedStream,
  write: StreamWrite | null,
  around: Around | null,
): Promise<readonly Cap[]> | readonly Cap[] =>
  write === null || around === null
    ? []
    : capsOn(parseTask(loaded.state), parseTask(write.state), actor, around.settings, engine.store.projections)

/** Who made the cause up may ask again under it, as the answer says; a comment is read once. */
const refuseAtCap = async (engine: Engine, asked: Asked<AnyCommand>, cap: Cap): Promise<Outcome> => {
  const isAskedAgain = asked.tentative === true || asked.fingerprint !== undefined
  const rejection = pastCap(cap)
  return isAskedAgain ? { ok: false, rejection } : keepRejection(engine.store.log, asked, rejection)
}

/** New events get their place, identity and links. */
export const complete = (
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

export const writeOf = (stream: StreamId, loaded: LoadedStream, events: readonly StoredEvent[]): StreamWrite => ({
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
