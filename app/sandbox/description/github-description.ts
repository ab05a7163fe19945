/**
 * GitHub's own description of the operations and payloads that the sandbox serves (generated, see
 * scripts/gen-github-description.ts), ready to check values against. Schemas are compiled when first needed.
 */
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

/** As much of JSON Schema as is read beside the validator. */
export interface SchemaPart {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, SchemaPart>>
  readonly additionalProperties?: unknown
  readonly items?: SchemaPart
  readonly allOf?: readonly SchemaPart[]
  readonly anyOf?: readonly SchemaPart[]
  readonly oneOf?: readonly SchemaPart[]
}

export interface DescribedOperation {
  readonly method: string
  readonly path: string
  /** Query parameter → schema. */
  readonly query: Readonly<Record<string, unknown>>
  readonly body?: SchemaPart
  /** Status → schema of the JSON body, or null when it has none. */
  readonly responses: Readonly<Record<string, unknown>>
}

interface Description {
  readonly source: string
  readonly operations: Readonly<Record<string, DescribedOperation>>
  readonly payloads: Readonly<Record<string, unknown>>
  readonly schemas: Readonly<Record<string, object>>
  readonly shared: Readonly<Record<string, object>>
}

const NAME = 'github'

const description = JSON.parse(readFileSync(new URL('github.generated.json', import.meta.url), 'utf8')) as Description

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  verbose: true,
  // Every process compiles anew, and what is shared by many schemas would be compiled into each of them: that took longer than
  // all checking with the smaller, faster code that it makes.
  inlineRefs: false,
  code: { optimize: false },
  schemas: { [NAME]: description as unknown as object },
})
// The package's types describe its CommonJS face; under ESM the function is the default of the default.
// GitHub's own format for `owner/name`.
ajv.addFormat('repo.nwo', /^[\w.-]+\/[\w.-]+$/)
;(addFormats as unknown as { default: (to: Ajv) => void }).default(ajv)

const compiled = new Map<string, ValidateFunction>()

export function describedOperation(operationId: string): DescribedOperation | undefined {
  const operation = description.operations[operationId]
  return operation?.body ? { ...operation, body: resolvedSchema(operation.body) } : operation
}

/** What several operations have is kept once, behind a reference. */
export function resolvedSchema(schema: SchemaPart): SchemaPart {
  const [, kind, name = ''] = (schema.$ref ?? '').split('/')
  if (kind === 'shared') return resolvedSchema(description.shared[name] ?? {})
  return kind === 'schemas' ? resolvedSchema(description.schemas[name] ?? {}) : schema
}

export function describesPayload(name: string): boolean {
  return name in description.payloads
}

export interface Mismatch {
  /** JSON pointer into the value, e.g. `/labels/0/color`. */
  readonly at: string
  readonly keyword: string
  readonly message: string
  readonly params: Readonly<Record<string, unknown>>
  /** The value at that place. */
  readonly value: unknown
}

/** How the value departs from the schema at this place of the description, e.g. `['payloads', 'webhook-push']`. */
export function mismatches(place: readonly string[], value: unknown): readonly Mismatch[] {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  const ref = `${NAME}#/${pointer}`
  let validate = compiled.get(ref)
  if (!validate) compiled.set(ref, (validate = ajv.compile({ $ref: ref })))
  if (validate(value)) return []
  return (validate.errors ?? []).map((error) => ({
    at: error.instancePath,
    keyword: error.keyword,
    message: `${error.instancePath} ${error.message ?? 'does not fit'}${detail(error.params)}`,
    params: error.params as Record<string, unknown>,
    value: error.data,
  }))
}

function detail(params: unknown): string {
  if (params === null || typeof params !== 'object') return ''
  if ('allowedValues' in params) return ` (${JSON.stringify(params.allowedValues)})`
  return ''
}
