/** The one way Muster writes JSON that is hashed, signed or compared: keys sorted by code unit, no spaces, `undefined` members left out. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Canonical text of a JSON value. Throws on a number that JSON cannot hold, because a silent `null` would change history. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`)
    return JSON.stringify(value)
  }
  if (typeof value !== 'object') throw new TypeError(`not a JSON value: ${typeof value}`)
  if (isInOrder(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`
  return canonicalMembers(value as Readonly<Record<string, unknown>>)
}

const canonicalMembers = (value: Readonly<Record<string, unknown>>): string => {
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

/** Such a value is canonical as it stands: what was read from canonical text mostly is, and the platform writes it many times as fast. */
export const isInOrder = (value: unknown): boolean => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || 'toJSON' in value) return false
  if (Array.isArray(value)) return value.every(isInOrder)
  let before: string | null = null
  for (const key of Object.keys(value)) {
    if (before !== null && key <= before) return false
    if (!isInOrder((value as Readonly<Record<string, unknown>>)[key])) return false
    before = key
  }
  return true
}
