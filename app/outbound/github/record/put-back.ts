/** Puts moved pieces back in their places: the reverse of moveOut. Digests are checked here, so it does not matter who kept the pieces. */
import type { Json } from '../../../domain/event/canonical-json.ts'
import { parseJson } from './seal.ts'
import { sha256 } from './sha256.ts'

/** The canonical JSON that a digest stands for, or undefined when it is nowhere. */
export type FindPart = (digest: string) => string | undefined

export type PutBack =
  { readonly ok: true; readonly state: Json } | { readonly ok: false; readonly missing: readonly string[] }

type JsonObject = { readonly [key: string]: Json | undefined }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isMoved = (value: JsonObject): value is JsonObject & { readonly moved: string } =>
  typeof value['moved'] === 'string' && Object.hasOwn(value, 'moved') && /^[0-9a-f]{64}$/.test(value['moved'])

export const putBack = (state: Json, find: FindPart): PutBack => {
  const missing = new Set<string>()
  const fetch = (digest: string): Json => {
    const text = find(digest)
    const value = text === undefined || sha256(text) !== digest ? undefined : parseJson(text)
    if (value === undefined) missing.add(digest)
    return value ?? null
  }
  const restored = (value: Json): Json => {
    if (Array.isArray(value)) return value.flatMap((item: Json) => itemsOf(item))
    if (!isObject(value)) return value
    if (isMoved(value)) return restored(fetch(value.moved))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restored(item ?? null)]))
  }
  /** A moved group of list items comes back as its items. */
  const itemsOf = (item: Json): readonly Json[] => {
    if (!isObject(item) || !isMoved(item) || typeof item['items'] !== 'number') return [restored(item)]
    const items = fetch(item.moved)
    return Array.isArray(items) ? items.flatMap((inner: Json) => itemsOf(inner)) : []
  }
  const whole = restored(state)
  return missing.size === 0 ? { ok: true, state: whole } : { ok: false, missing: [...missing] }
}
