/** From OpenAPI 3.0 to JSON Schema: prose goes, `nullable` becomes a type, refs point at this file's own schemas. */
const PROSE = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'summary',
  'deprecated',
  'xml',
  'discriminator',
  'readOnly',
  'writeOnly',
])

/** Names of properties are kept whatever they are: a field may be called `description`. */
export function stripProse<T>(value: T, insideProperties = false): T {
  if (Array.isArray(value)) return value.map((one: unknown) => stripProse(one)) as T
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
    .filter(([key]) => insideProperties || (!PROSE.has(key) && !key.startsWith('x-')))
    .map(([key, one]) => [key, stripProse(one as unknown, key === 'properties' && !insideProperties)])
  return Object.fromEntries(entries) as T
}

export function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => toJsonSchema(one))
  if (value === null || typeof value !== 'object') return value
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === '$ref' ? moved(one) : toJsonSchema(one)]),
  ) as Record<string, unknown>
  if (nullable === undefined) return rest
  // A property that is itself called `nullable` has a schema there, not a boolean.
  if (typeof nullable !== 'boolean') return { nullable, ...rest }
  return nullable ? orNull(rest) : rest
}

function moved(ref: unknown): string {
  return String(ref).replace('#/components/schemas/', '#/schemas/')
}

function orNull(schema: Record<string, unknown>): unknown {
  const { type, enum: values, ...rest } = schema
  if (typeof type !== 'string') return { anyOf: [{ type: 'null' }, schema] }
  const withNull = Array.isArray(values) && !values.includes(null) ? [...(values as unknown[]), null] : values
  return { type: [type, 'null'], ...(withNull !== undefined && { enum: withNull }), ...rest }
}
