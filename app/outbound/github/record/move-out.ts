/**
 * Makes a state that is too large for its record fit, without losing any of it: the longest texts, then whole runs of old
 * list items, at last what is left of the largest lists, leave a digest behind and become parts, which are kept beside the ledger. Content-addressed: a part never
 * changes, so growing history costs one write per piece, once.
 */
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'
import { escapeJson } from './escape-json.ts'
import { sha256 } from './sha256.ts'

export interface RecordPart {
  readonly digest: string
  /** Canonical JSON of what was moved out. */
  readonly text: string
}

export interface MovedOut {
  readonly state: Json
  readonly parts: readonly RecordPart[]
}

type JsonObject = { readonly [key: string]: Json | undefined }
type Path = readonly (string | number)[]

/** A digest and its wrapping take about 100 characters: moving less gains nothing worth a request. */
const MIN_MOVED = 400
/**
 * How many items leave together on average, the first that make it fit. A group begins at items that are chosen by their own
 * content: what is added or dropped elsewhere in the list, also at its beginning, leaves the digests of all other groups as they are.
 */
const GROUPS = [32, 16, 8] as const

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const sizeOf = (value: Json): number => Buffer.byteLength(escapeJson(canonicalJson(value)))

/** Moves pieces out of `state` until it takes at most `room` bytes, as written. Pure; the same state and room move the same pieces. */
export const moveOut = (state: Json, room: number): MovedOut => {
  const parts: RecordPart[] = []
  const moved = (value: Json, extra: JsonObject): JsonObject => {
    const text = canonicalJson(value)
    const digest = sha256(text)
    parts.push({ digest, text })
    return { moved: digest, ...extra }
  }

  let current = state
  let excess = sizeOf(state) - room
  for (const { path, value, size } of longTexts(state)) {
    if (excess <= 0) break
    const marker = moved(value, { chars: value.length })
    current = replaceAt(current, path, marker)
    excess -= size - sizeOf(marker)
  }
  if (excess <= 0 || !isObject(current)) return { state: current, parts }
  const whole = current
  const texts = parts.length
  for (const size of GROUPS) {
    parts.length = texts
    current = Object.fromEntries(
      Object.entries(whole).map(([key, value]) => [key, grouped(value, size, moved)] as const),
    )
    if (sizeOf(current) <= room) return { state: current, parts }
  }
  return { state: withoutRests(current, room, moved), parts }
}

/** Whole groups only: the oldest items may be about to be dropped, and the newest to be joined by others. */
const grouped = (
  value: Json | undefined,
  size: number,
  moved: (items: Json, extra: JsonObject) => JsonObject,
): Json | undefined => {
  if (!Array.isArray(value)) return value
  const items = value as readonly Json[]
  const bounds: number[] = []
  for (const [index, item] of items.entries()) {
    const isFull = bounds.length > 0 && index - (bounds.at(-1) ?? 0) >= 3 * size
    if (isFull || Number.parseInt(sha256(canonicalJson(item)).slice(0, 4), 16) % size === 0) bounds.push(index)
  }
  const [first = items.length] = bounds
  const groups = bounds.slice(0, -1).map((from, index) => items.slice(from, bounds[index + 1]))
  return [
    ...items.slice(0, first),
    ...groups.flatMap((group) => (sizeOf(group) < MIN_MOVED ? group : [moved(group, { items: group.length })])),
    ...items.slice(bounds.at(-1) ?? items.length),
  ]
}

/** Many items that are each too small or too few to leave by themselves: the tails of the largest lists go until it fits. */
const withoutRests = (state: Json, room: number, moved: (items: Json, extra: JsonObject) => JsonObject): Json => {
  if (!isObject(state)) return state
  const rests = Object.entries(state).flatMap(([key, value]) => {
    if (!Array.isArray(value)) return []
    const items = value as readonly Json[]
    const rest = items.filter((item) => !isGroup(item))
    return [{ key, items, size: sizeOf(rest) }]
  })
  let left: JsonObject = state
  for (const { key, items, size } of rests.toSorted((a, b) => b.size - a.size)) {
    if (size < MIN_MOVED || sizeOf(left) <= room) break
    const first = items.findIndex(isGroup)
    const last = items.findLastIndex(isGroup)
    const away = (some: readonly Json[]): readonly Json[] =>
      sizeOf(some) < MIN_MOVED ? some : [moved(some, { items: some.length })]
    left = {
      ...left,
      [key]:
        first === -1
          ? away(items)
          : [...away(items.slice(0, first)), ...items.slice(first, last + 1), ...away(items.slice(last + 1))],
    }
  }
  return left
}

const isGroup = (item: Json): boolean => isObject(item) && typeof item['moved'] === 'string' && 'items' in item

interface LongText {
  readonly path: Path
  readonly value: string
  readonly size: number
}

/** Longest first; equals in document order. */
const longTexts = (state: Json): readonly LongText[] => {
  const found: LongText[] = []
  const visit = (value: Json | undefined, path: Path): void => {
    if (typeof value === 'string') {
      const size = value.length < MIN_MOVED ? 0 : sizeOf(value)
      if (size > 0) found.push({ path, value, size })
    } else if (Array.isArray(value)) value.forEach((item: Json, index) => visit(item, [...path, index]))
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(item, [...path, key])
  }
  visit(state, [])
  return found.toSorted((a, b) => b.size - a.size)
}

const replaceAt = (value: Json, path: Path, replacement: Json): Json => {
  const [step, ...rest] = path
  if (step === undefined) return replacement
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (index === step ? replaceAt(item, rest, replacement) : item))
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === step && item !== undefined ? replaceAt(item, rest, replacement) : item,
    ]),
  )
}
