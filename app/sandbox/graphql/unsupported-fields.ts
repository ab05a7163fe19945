/**
 * Turns graphql's validation errors into GitHub's wording and codes, and tells which of them mean that the query asks for
 * something this sandbox does not have (as opposed to a query that is wrong by itself).
 */
import type { GraphQLError } from 'graphql'

export interface Finding {
  readonly error: Readonly<Record<string, unknown>>
  /** `GraphQL Issue.timelineItems`; null when the query itself is wrong. */
  readonly unsupported: string | null
}

interface Pattern {
  readonly match: RegExp
  readonly code: string
  readonly message: (a: string, b: string) => string
  readonly what: (a: string, b: string) => string | null
}

const PATTERNS: readonly Pattern[] = [
  {
    match: /^Cannot query field "(\w+)" on type "(\w+)"/,
    code: 'undefinedField',
    message: (field, type) => `Field '${field}' doesn't exist on type '${type}'`,
    what: (field, type) => `${type}.${field}`,
  },
  {
    match: /^Unknown argument "(\w+)" on field "([\w.]+)"/,
    code: 'argumentNotAccepted',
    message: (name, field) => `Field '${field.split('.').at(-1)}' doesn't accept argument '${name}'`,
    what: (name, field) => `${field}(${name}:)`,
  },
  {
    match: /^Field "(\w+)" is not defined by type "(\w+)"/,
    code: 'argumentNotAccepted',
    message: (name, type) => `InputObject '${type}' doesn't accept argument '${name}'`,
    what: (name, type) => `${type}.${name}`,
  },
  {
    match: /^Unknown type "(\w+)"()/,
    code: 'undefinedType',
    message: (type) => `No such type ${type}, so it can't be a fragment condition`,
    what: (type) => type,
  },
  {
    match: /^GraphQL introspection .*"(\w+)"()/,
    code: 'undefinedField',
    message: (field) => `The sandbox shows no ${field}: its schema is a part of GitHub's`,
    what: (field) => field,
  },
  {
    match: /^Value "(\w+)" does not exist in "(\w+)" enum/,
    code: 'argumentLiteralsIncompatible',
    message: (value, type) => `Value '${value}' is not one of ${type}`,
    what: (value, type) => `${type}.${value}`,
  },
]

/** What a variable's value can hold that the schema does not know, among the messages of values that do not fit. */
const IN_VARIABLES = [
  /^Variable "\$\w+" .*"(\w+)" not to include unknown field "(\w+)"/s,
  /^Variable "\$\w+" .*()Value "(\w+)" does not exist in "\w+" enum/s,
]

/** `GraphQL AddCommentInput.teapot` of an error that execution gives for its variables; null when they are merely wrong. */
export function unsupportedVariable(message: string): string | null {
  for (const pattern of IN_VARIABLES) {
    const [, type, name] = pattern.exec(message) ?? []
    if (name !== undefined) return `GraphQL ${type === '' ? 'enum value ' : `${type}.`}${name}`
  }
  return null
}

export function findingOf(error: GraphQLError): Finding {
  const locations = error.locations?.map(({ line, column }) => ({ line, column })) ?? []
  for (const pattern of PATTERNS) {
    const [, a, b] = pattern.match.exec(error.message) ?? []
    if (a === undefined || b === undefined) continue
    const what = pattern.what(a, b)
    const extensions = { code: pattern.code, typeName: b, fieldName: a }
    return {
      error: { path: ['query'], extensions, locations, message: pattern.message(a, b) },
      unsupported: what === null ? null : `GraphQL ${what}`,
    }
  }
  return { error: { locations, message: error.message }, unsupported: null }
}
