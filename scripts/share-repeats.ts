/** GitHub's payload descriptions repeat whole user and repository schemas inline hundreds of times: keeps each once. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Below this many characters a reference is hardly shorter than the thing. */
const WORTH = 120

/** Adds `shared`: every object schema that occurs more than once, replaced by a reference where it occurred. */
export function shareRepeats(document: Readonly<Record<string, Json>>): Record<string, Json> {
  const counts = new Map<string, number>()
  count(document, counts)
  const names = new Map<string, string>()
  const shared: Record<string, Json> = {}
  const replace = (value: Json, top: boolean): Json => {
    if (Array.isArray(value)) return value.map((one: Json) => replace(one, false))
    if (value === null || typeof value !== 'object') return value
    const text = isSchema(value) ? JSON.stringify(value) : ''
    if (!top && text.length > WORTH && (counts.get(text) ?? 0) > 1) {
      let name = names.get(text)
      if (name === undefined) {
        name = `s${names.size}`
        names.set(text, name)
        shared[name] = replace(value, true)
      }
      return { $ref: `#/shared/${name}` }
    }
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replace(one, false)]))
  }
  const replaced = replace(document, true) as Record<string, Json>
  return { ...replaced, shared }
}

function count(value: Json, counts: Map<string, number>): void {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value) && isSchema(value)) {
    const text = JSON.stringify(value)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  for (const one of Object.values(value)) count(one as Json, counts)
}

/** Something with a `type` that is no property called type. */
function isSchema(value: object): boolean {
  return 'type' in value && (typeof value.type === 'string' || Array.isArray(value.type))
}
