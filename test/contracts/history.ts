/** Builds event histories for store tests: real hashes, ids that count up, and the simplest fold (each event's data is merged into the state). */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../app/domain/event/canonical-json.ts'
import type { Millis, StoredEvent, StreamId } from '../../app/domain/event/envelope.ts'
import { GENESIS_HASH, hashEvent } from '../../app/domain/event/hash-chain.ts'
import type {
  AppendBatch,
  AppendResult,
  Fold,
  IndexRow,
  LoadedStream,
  Store,
  StreamWrite,
} from '../../app/engine/ports.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export type Change = Readonly<Record<string, unknown>>

const EVENT_TIME: Millis = Date.UTC(2026, 0, 1)

export interface Head {
  readonly version: number
  readonly head: string
}

export const GENESIS: Head = { version: 0, head: GENESIS_HASH }

/** Chained events after `from`, one per change; ids and times follow from stream and version alone. */
export const makeEvents = (stream: StreamId, from: Head, cause: string, changes: readonly Change[]): StoredEvent[] => {
  const events: StoredEvent[] = []
  let { version, head } = from
  for (const data of changes) {
    version += 1
    const event = {
      stream,
      version,
      id: `01J${sha256(`${stream}#${version}`).slice(0, 23).toUpperCase()}`,
      type: 'changed',
      v: 1,
      at: EVENT_TIME + version,
      actor: { kind: 'user', id: 'alice' },
      cause,
      data,
      prev: head,
    } as const
    head = hashEvent(sha256, event)
    events.push({ ...event, hash: head })
  }
  return events
}

const numberOf = (stream: StreamId): number => Number(stream.split('/').at(-1))
const projectOf = (stream: StreamId): StreamId => `project/${Number(stream.split('/')[1])}`

const firstState = (stream: StreamId): Change =>
  stream.startsWith('task/')
    ? {
        stream,
        project: projectOf(stream),
        key: `DEV-${numberOf(stream)}`,
        number: numberOf(stream),
        status: 'ready',
        waitUntil: null,
        dependsOn: [],
      }
    : {
        stream,
        repositoryId: numberOf(stream),
        repository: `acme/r${numberOf(stream)}`,
        installationId: 1,
        prefix: 'DEV',
      }

export const fold: Fold = (stream, base, events) => {
  let state = base === null ? firstState(stream) : (JSON.parse(base) as Change)
  for (const event of events) state = { ...state, ...(event.data as Change) }
  const index = stream.startsWith('task/')
    ? { kind: 'task', rank: null, requires: [], owner: null, ...state }
    : { kind: 'project', ...state }
  return { state: canonicalJson(state), index: index as unknown as IndexRow }
}

export const makeWrite = (
  stream: StreamId,
  from: Pick<LoadedStream, 'version' | 'head' | 'state'>,
  cause: string,
  changes: readonly Change[],
): StreamWrite => {
  const events = makeEvents(stream, from, cause, changes)
  return { stream, expectedVersion: from.version, events, ...fold(stream, from.state, events) }
}

export const makeBatch = (
  cause: string,
  writes: readonly StreamWrite[],
  more: Partial<AppendBatch> = {},
): AppendBatch => {
  const first = writes[0]
  const version = first === undefined ? 0 : first.expectedVersion + first.events.length
  return {
    cause,
    outcome:
      first === undefined
        ? { ok: false, rejection: { code: 'not-a-task' } }
        : { ok: true, stream: first.stream, version },
    writes,
    leases: [],
    guards: [],
    outbox: [],
    ...more,
  }
}

/** Loads, decides nothing, and appends the changes: what the engine does with a command, without the domain. */
export const change = async (
  store: Store,
  stream: StreamId,
  cause: string,
  changes: readonly Change[],
  more: Partial<AppendBatch> = {},
): Promise<AppendResult> =>
  store.log.append(makeBatch(cause, [makeWrite(stream, await store.log.load(stream), cause, changes)], more))
