/**
 * One area's part of the GraphQL schema: SDL (new types, `extend type Query { … }`, `extend type Mutation { … }`,
 * `extend type Repository { … }`) and the resolvers of its fields. Fields named nowhere answer GitHub's undefinedField
 * error and are recorded as unsupported.
 */
import type { GraphQLResolveInfo } from 'graphql'
import type { Caller } from '../auth/caller.ts'
import type { NodeKind } from '../model/ids.ts'
import type { World } from '../world.ts'

export interface GraphqlContext {
  readonly world: World
  readonly caller: Caller
  /** Read connections as of this time, as REST lists do. */
  readonly asOf: number
  /** Of the whole query, as `rateLimit` shows it. */
  readonly cost: { readonly cost: number; readonly nodeCount: number }
}

/**
 * `source` is what the parent's resolver returned: each area passes its own model rows down, so a resolver names the row
 * type it expects. (Declared as a method: only then may parameters be narrower than `unknown`.)
 */
export type GraphqlResolver = {
  resolve(
    source: unknown,
    args: Readonly<Record<string, unknown>>,
    context: GraphqlContext,
    info: GraphQLResolveInfo,
  ): unknown
}['resolve']

export interface GraphqlPart {
  readonly sdl: string
  /** Type name → field name → resolver. A field without one reads the source's property of its name. */
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, GraphqlResolver>>>>
  /** How `node(id:)` finds this area's kinds: returns `{__typename, …}` source, or null for hidden or gone. */
  readonly nodes?: Readonly<Partial<Record<NodeKind, (key: string, context: GraphqlContext) => unknown>>>
}
