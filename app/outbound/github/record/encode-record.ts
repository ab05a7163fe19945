/**
 * Writes a record: the card, and below it, hidden and signed, the state and as many of the newest events as fit. Text is never cut.
 * Which older ones are sealed into chapters is decided elsewhere.
 */
import type { Json } from '../../../domain/event/canonical-json.ts'
import type { StoredEvent, StreamId } from '../../../domain/event/envelope.ts'
import { GENESIS_HASH } from '../../../domain/event/hash-chain.ts'
import type { Fold } from '../../../engine/ports.ts'
import { RECORD_SCHEMA, type RecordPayload } from '../../../../schemas/record.ts'
import { moveOut, sizeOf, type RecordPart } from './move-out.ts'
import type { RecordKeys } from './record-keys.ts'
import { MAX_BODY_CHARS, seal } from './seal.ts'
import { sha256 } from './sha256.ts'
import { undoFrom } from './undo.ts'

/** The issue that a hidden comment is written for: a copy elsewhere is not believed. */
export interface Origin {
  readonly repositoryId: number
  /** Database id of the issue. */
  readonly issueId: number
  readonly issueNumber: number
}

/** A state before the events at hand, as an import leaves it. */
export interface BaseState {
  readonly version: number
  readonly head: string
  /** Canonical JSON. */
  readonly state: string
}

export interface RecordInput {
  readonly stream: StreamId
  readonly origin: Origin
  /** The project's epoch. */
  readonly epoch: number
  /** Canonical JSON of the state after all events. */
  readonly state: string
  /**
   * What the log knows, oldest first. Only events that follow each other up to the newest count, and only when they begin
   * at version 1 or right after `base`: otherwise the state alone is written.
   */
  readonly base: BaseState | null
  readonly events: readonly StoredEvent[]
  /** What people read above the hidden part. */
  readonly card: string
  /** The newest chapter of older events, for the last of which `base` stands; null: there is none yet. Left out: none is ever made. */
  readonly sealed?: SealedTip | null
}

export type SealedTip = NonNullable<RecordPayload['sealed']>

export interface EncodedRecord {
  readonly body: string
  readonly rev: number
  readonly head: string
  /** How many of the events it has no room for. */
  readonly left: number
  /** To be kept beside the ledger before the body is written: the body refers to them. Almost always empty. */
  readonly parts: readonly RecordPart[]
}

/** Bytes of a whole body that are aimed at: room for what GitHub or a later Muster may add, below its hard limit. */
export const SOFT_LIMIT_BYTES = 48 * 1024
/** Bytes of the hidden line besides its payload. */
const HEADER_BYTES = 200
/** The members around snapshot and events. */
const FRAME_BYTES = 1_000

export class RecordTooLargeFault extends Error {
  override readonly name = 'RecordTooLargeFault'
  readonly code = 'record-too-large'
  readonly retryable = false
  constructor(stream: StreamId, chars: number) {
    super(`the record of ${stream} would have ${chars} characters, and GitHub takes ${MAX_BODY_CHARS}`)
  }
}

export const encodeRecord = (
  input: RecordInput,
  { keys, fold, kind = 'record' }: { readonly keys: RecordKeys; readonly fold: Fold; kind?: 'record' | 'ledger' },
): EncodedRecord => {
  const card = `${readable(input.card)}\n\n`
  const room = SOFT_LIMIT_BYTES - Buffer.byteLength(card) - HEADER_BYTES - FRAME_BYTES
  const state = JSON.parse(input.state) as Json
  // Without room for events, every one of them would need a chapter.
  const { state: snapshot, parts } = moveOut(state, input.sealed === undefined ? room : room / 2)
  const log = usable(input)
  const newest = log.events.at(-1) ?? baseHead(log.base)
  if (newest.version === 0) throw new TypeError(`${input.stream} has no events to record`)
  const history = newestEvents(log, state, newest, room - sizeOf(snapshot), fold)
  const payload = {
    stream: input.stream,
    origin: input.origin,
    schema: RECORD_SCHEMA,
    rev: newest.version,
    head: newest.hash,
    epoch: input.epoch,
    card: sha256(card),
    snapshot,
    ...history,
    ...(input.sealed === undefined || input.sealed === null ? {} : { sealed: input.sealed }),
  }
  const body = card + seal(kind, payload, keys.signing)
  if (body.length > MAX_BODY_CHARS) throw new RecordTooLargeFault(input.stream, body.length)
  return { body, rev: newest.version, head: newest.hash, left: log.events.length - history.events.length, parts }
}

/** A card that held a marker of ours, whoever wrote it, would make the record below it unreadable: the marker is broken. */
const readable = (card: string): string =>
  card.toWellFormed().replaceAll('\r\n', '\n').replaceAll('<!-- muster:', '<\u200b!-- muster:').trimEnd()

interface Head {
  readonly version: number
  readonly hash: string
}

const baseHead = (base: BaseState | null): Head =>
  base === null ? { version: 0, hash: GENESIS_HASH } : { version: base.version, hash: base.head }

type Log = Pick<RecordInput, 'stream' | 'base' | 'events'>

/** The unbroken end of what the log knows, after a base it fits to; else nothing but the newest place. */
const usable = ({ stream, base, events }: RecordInput): Log => {
  let from = events.length
  while (from > 1 && events[from - 2]?.version === (events[from - 1]?.version ?? 0) - 1) from -= 1
  const run = events.slice(Math.max(0, from - 1))
  const [first] = run
  if (first === undefined || first.version === 1)
    return { stream, base: first === undefined ? base : null, events: run }
  if (base !== null && base.version >= first.version - 1) {
    return { stream, base, events: run.filter(({ version }) => version > base.version) }
  }
  return { stream, base: null, events: run }
}

interface History {
  readonly base: { readonly version: number; readonly head: string; readonly undo: unknown } | null
  readonly events: readonly StoredEvent[]
}

/** The longest run of newest events that fits, and how to get back to the state before it. */
const newestEvents = (log: Log, state: Json, newest: Head, room: number, fold: Fold): History => {
  const { base, events } = log
  const begins = baseHead(base).version === (events[0]?.version ?? newest.version + 1) - 1
  let count = begins ? countThatFit(events, room) : 0
  for (;;) {
    const history = historyOf(log, state, newest, count, fold)
    if (count === 0 || sizeOf(history as unknown as Json) <= room) return history
    // The way back to the base took what was left: give it the room of some events.
    count -= Math.ceil(count / 8)
  }
}

const countThatFit = (events: readonly StoredEvent[], room: number): number => {
  let left = room
  let count = 0
  for (const event of events.toReversed()) {
    left -= sizeOf(event as unknown as Json) + 1
    if (left < 0) break
    count += 1
  }
  return count
}

const historyOf = ({ stream, base, events }: Log, state: Json, newest: Head, count: number, fold: Fold): History => {
  const older = events.slice(0, events.length - count)
  const kept = events.slice(events.length - count)
  if (base === null && older.length === 0) return { base: null, events: kept }
  const before = count === 0 ? newest : (older.at(-1) ?? baseHead(base))
  const then = count === 0 ? state : stateBefore(stream, base, older, fold)
  return { base: { version: before.version, head: before.hash, undo: undoFrom(state, then) }, events: kept }
}

const stateBefore = (stream: StreamId, base: BaseState | null, older: readonly StoredEvent[], fold: Fold): Json => {
  const text = older.length === 0 && base !== null ? base.state : fold(stream, base?.state ?? null, older).state
  return JSON.parse(text) as Json
}
