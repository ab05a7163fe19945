/** Joins the areas' parts into one executable schema. Scalars render here; `node` finds every part's kinds. */
import { buildSchema, type GraphQLSchema, isObjectType, isScalarType } from 'graphql'
import { parseNodeId } from '../model/ids.ts'
import { isoSeconds } from '../model/time.ts'
import { graphqlFault } from './graphql-fault.ts'
import type { GraphqlContext, GraphqlPart, GraphqlResolver } from './part.ts'

/** GitHub's bound on `nodes(ids:)`. */
const MAX_IDS = 100

export function createSchema(parts: readonly GraphqlPart[]): GraphQLSchema {
  const schema = buildSchema(parts.map((part) => part.sdl).join('\n'))
  const date = schema.getType('DateTime')
  // Rows keep milliseconds; GitHub's DateTime has whole seconds.
  if (isScalarType(date)) date.coerceOutputValue = (value) => (typeof value === 'number' ? isoSeconds(value) : value)
  const nodes = Object.assign({}, ...parts.map((part) => part.nodes)) as NonNullable<GraphqlPart['nodes']>
  const find = (id: unknown, c: GraphqlContext) => nodeOfId(nodes, String(id), c)
  const roots: Readonly<Record<string, Readonly<Record<string, GraphqlResolver>>>> = {
    Query: {
      node: (_source, args, c) => find(args['id'], c),
      nodes: (_source, args, c) => {
        const ids = args['ids'] as readonly string[]
        if (ids.length > MAX_IDS)
          throw graphqlFault(
            'ARGUMENT_LIMIT',
            `You may not provide more than ${MAX_IDS} node ids; you provided ${ids.length}.`,
          )
        return ids.map((id) => settle(() => find(id, c)))
      },
    },
  }
  for (const resolvers of [...parts.map((part) => part.resolvers), roots])
    for (const [typeName, fields] of Object.entries(resolvers)) attach(schema, typeName, fields)
  return schema
}

function attach(schema: GraphQLSchema, typeName: string, fields: Readonly<Record<string, GraphqlResolver>>): void {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`GraphQL resolvers for ${typeName}, which is no object type of the schema`)
  const known = type.getFields()
  for (const [name, resolve] of Object.entries(fields)) {
    const field = known[name]
    // Shared resolvers may cover more fields than one type shows.
    if (field) field.resolve = resolve
  }
}

function nodeOfId(nodes: NonNullable<GraphqlPart['nodes']>, id: string, c: GraphqlContext): unknown {
  const parsed = parseNodeId(id)
  const found = parsed && nodes[parsed.kind]?.(parsed.key, c)
  if (!found) throw graphqlFault('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
  return found
}

/** In a list, one missing node is an error at its place and leaves the others. */
function settle(find: () => unknown): unknown {
  try {
    return find()
  } catch (error) {
    return error
  }
}
