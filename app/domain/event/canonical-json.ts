/** The one way Muster writes JSON that is hashed, signed or compared: keys sorted by code unit, no spaces, `undefined` members left out. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Canonical text of a JSON value. Throws on a number that JSON cannot hold, because a silent `null` would change history. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`not a JSON value: ${typeof value}`)
  return isFlat(value) ? JSON.stringify(value) : canonicalMembers(value as Readonly<Record<string, unknown>>)
}

const canonicalMembers = (value: Readonly<Record<string, unknown>>): string => {
  let text = ''
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

/** Such an object is canonical as it stands: most rows of long lists are, and the platform writes them many times as fast. */
const isFlat = (value: object): boolean => {
  if ('toJSON' in value) return false
  let before = ''
  for (const key of Object.keys(value)) {
    if (key <= before || !isScalar((value as Readonly<Record<string, unknown>>)[key])) return false
    before = key
  }
  return true
}

const isScalar = (member: unknown): boolean =>
  member === null ||
  typeof member === 'string' ||
  typeof member === 'boolean' ||
  (typeof member === 'number' && Number.isFinite(member))
