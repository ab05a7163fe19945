/**
 * Which fields of a request's body GitHub's description of the operation does not have, at any depth. GitHub itself drops
 * most of them without a word; the sandbox must not, because a misspelt field would look as if it had worked.
 */
import { describedOperation, resolvedSchema, type SchemaPart } from './github-description.ts'

/** Slash-separated places such as `output/teapot` or `labels/0/shade`. A body where none is described is unknown whole. */
export function unknownFields(operationId: string, body: unknown): readonly string[] {
  const operation = describedOperation(operationId)
  if (!operation) return []
  return operation.body ? strangers([operation.body], body, '') : keysOf(body)
}

/** Every field of a body, each object's and each list's, as places. */
export function fieldsOf(body: unknown, at = ''): readonly string[] {
  if (Array.isArray(body)) return body.flatMap((item) => fieldsOf(item, at))
  if (body === null || typeof body !== 'object') return []
  return Object.entries(body).flatMap(([key, value]) => [`${at}${key}`].concat(fieldsOf(value, `${at}${key}/`)))
}

const keysOf = (body: unknown): readonly string[] =>
  body !== null && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : []

/** `schemas` are alternatives or parts: a field that any of them names is known. */
function strangers(schemas: readonly SchemaPart[], value: unknown, at: string): readonly string[] {
  const all = schemas.flatMap(expand)
  if (Array.isArray(value)) {
    const items = all.flatMap((one) => (one.items ? [one.items] : []))
    return items.length === 0 ? [] : value.flatMap((item, i) => strangers(items, item, `${at}${i}/`))
  }
  if (value === null || typeof value !== 'object') return []
  // Without named properties an object is the caller's own, as `client_payload` and `inputs` are. Where some are named,
  // a mere `additionalProperties: true` is how the description writes alternatives, not an invitation.
  const named = all.some((one) => Object.keys(one.properties ?? {}).length > 0)
  if (!named || all.some((one) => typeof one.additionalProperties === 'object')) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const described = all.flatMap((one) => one.properties?.[key] ?? [])
    return described.length === 0 ? [`${at}${key}`] : strangers(described, inner, `${at}${key}/`)
  })
}

/** The schema and everything it refers to or is put together from. */
function expand(schema: SchemaPart): readonly SchemaPart[] {
  const own = resolvedSchema(schema)
  return [own, ...[...(own.allOf ?? []), ...(own.anyOf ?? []), ...(own.oneOf ?? [])].flatMap(expand)]
}
