/** The `graphqlFailEvery` switch: which mutation fields of one request fail as GitHub's do, with 200, an error and a null. */
import type { FieldNode } from 'graphql'
import { graphqlFault } from './graphql-fault.ts'

export interface FailingRoot {
  /** Response keys (aliases) of the fields that shall fail. */
  readonly failing: ReadonlySet<string>
}

export function failingRoot(fields: readonly FieldNode[], failing: () => boolean): FailingRoot {
  const marked = fields.filter(() => failing()).map((field) => field.alias?.value ?? field.name.value)
  return { failing: new Set(marked) }
}

export function failIfMarked(root: unknown, key: string | number): void {
  if ((root as FailingRoot).failing.has(String(key)))
    throw graphqlFault('INTERNAL', 'Something went wrong while executing your query. Please try again.')
}
