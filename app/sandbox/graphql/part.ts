/**
 * One area's part of the GraphQL schema: SDL (new types, `extend type Query { … }`, `extend type Mutation { … }`,
 * `extend type Repository { … }`) and the resolvers of its fields. Fields named nowhere answer GitHub's undefinedField
 * error and are recorded as unsupported.
 */
import type { Caller } from '../auth/caller.ts'
import type { NodeKind } from '../model/ids.ts'
import type { World } from '../world.ts'

export interface GraphqlContext {
  readonly world: World
  readonly caller: Caller
  readonly asOf: number
}

/** `source` is what the parent's resolver returned: each area passes its own model rows down. */
export type GraphqlResolver = (
  source: unknown,
  args: Readonly<Record<string, unknown>>,
  context: GraphqlContext,
) => unknown

export interface GraphqlPart {
  readonly sdl: string
  /** Type name → field name → resolver. */
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, GraphqlResolver>>>>
  /** How `node(id:)` finds this area's kinds: returns `{__typename, …}` source, or null for hidden or gone. */
  readonly nodes?: Readonly<Partial<Record<NodeKind, (key: string, context: GraphqlContext) => unknown>>>
}
