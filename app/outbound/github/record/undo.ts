/**
 * The difference from one JSON value back to an earlier one. A record holds the newest state whole and the state before
 * its first event only as this difference, because two whole states would leave half the room for events.
 */
import { canonicalJson, type Json } from '../../../domain/event/canonical-json.ts'

type JsonObject = { readonly [key: string]: Json | undefined }

/**
 * `['=', value]` replace; `['{', changed members, names of members to leave out]`;
 * `['[', how many items to keep, changes of kept items by index, items to add at the end]`.
 */
export type Undo =
  | readonly ['=', Json]
  | readonly ['{', { readonly [key: string]: Undo }, readonly string[]]
  | readonly ['[', number, readonly (readonly [number, Undo])[], readonly Json[]]

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Own members only: a key may be called `__proto__`. */
const member = (value: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b))

/** What turns `now` into `before`. */
export const undoFrom = (now: Json, before: Json): Undo => {
  if (isObject(now) && isObject(before)) {
    const changed = Object.entries(before).flatMap(([key, value]) => {
      const current = member(now, key)
      if (value === undefined || same(current, value)) return []
      return [[key, current === undefined ? (['=', value] as const) : undoFrom(current, value)] as const]
    })
    return ['{', Object.fromEntries(changed), Object.keys(now).filter((key) => member(before, key) === undefined)]
  }
  if (isList(now) && isList(before)) {
    const kept = Math.min(now.length, before.length)
    const changed = before.slice(0, kept).flatMap((value, index) => {
      const current = now[index] ?? null
      return same(current, value) ? [] : [[index, undoFrom(current, value)] as const]
    })
    return ['[', kept, changed, before.slice(kept)]
  }
  return ['=', before]
}

/** The earlier value. Total: a difference that does not fit the value (a forged one cannot be signed) changes what it can. */
export const applyUndo = (now: Json, undo: Undo): Json => {
  if (undo[0] === '=') return undo[1]
  if (undo[0] === '[') {
    const [, kept, changed, added] = undo
    const items = isList(now) ? now.slice(0, kept) : []
    for (const [index, change] of changed) items[index] = applyUndo(items[index] ?? null, change)
    return [...items, ...added]
  }
  const [, changed, left] = undo
  const current = new Map(isObject(now) ? Object.entries(now).filter(([key]) => !left.includes(key)) : [])
  for (const [key, change] of Object.entries(changed)) current.set(key, applyUndo(current.get(key) ?? null, change))
  return Object.fromEntries(current)
}
