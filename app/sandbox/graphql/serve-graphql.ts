/**
 * POST /graphql: real execution against the sandbox's schema. Answers 200 with `errors` for what fails inside a query,
 * mutations one after another, aliases included. Introspection is off: clients must not depend on a partial schema.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import type { Context as HonoContext } from 'hono'
import type { Caller } from '../auth/caller.ts'
import { answerRequest, type Plan } from '../http/answer-request.ts'
import { badRequest, GitHubError, requiresAuthentication } from '../http/errors.ts'
import type { Guard } from '../http/guard.ts'
import { NOT_STALE, readTime } from '../http/staleness.ts'
import type { World } from '../world.ts'
import { costOf } from './cost.ts'
import { faultFromRest } from './graphql-fault.ts'
import type { GraphqlContext, GraphqlPart } from './part.ts'
import { failingRoot } from './failing-fields.ts'
import { createSchema } from './schema.ts'
import { findingOf, unsupportedVariable } from './unsupported-fields.ts'

const RULES = [...specifiedRules, NoSchemaIntrospectionCustomRule]

/** Mutations that create content in the sense of the secondary limits. */
const CREATING = new Set(['addComment', 'createIssue', 'addSubIssue', 'addBlockedBy', 'createPullRequest'])

export function createServeGraphql(world: World, parts: readonly GraphqlPart[], guards: readonly Guard[]) {
  const schema = createSchema(parts)
  let mutations = 0
  const failing = () => {
    mutations += 1
    const every = world.switches.graphqlFailEvery
    return every > 0 && mutations % every === 0
  }
  return (c: HonoContext): Promise<Response> =>
    answerRequest(world, guards, c.req.raw, async (caller) => {
      if (caller.kind === 'anonymous' || caller.kind === 'app') throw requiresAuthentication()
      return planQuery(world, schema, caller, await readQuery(c.req.raw), failing)
    })
}

interface Query {
  readonly source: string
  readonly document: DocumentNode | GraphQLError
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | null
}

async function readQuery(request: Request): Promise<Query> {
  const body: unknown = await request.json().catch(() => null)
  if (body === null || typeof body !== 'object' || !('query' in body) || typeof body.query !== 'string')
    throw badRequest('A query attribute must be specified and must be a string.')
  const { query, variables, operationName } = body as { query: string; variables?: unknown; operationName?: unknown }
  return {
    source: query,
    document: parsed(query),
    variables: variables && typeof variables === 'object' ? (variables as Record<string, unknown>) : {},
    operationName: typeof operationName === 'string' ? operationName : null,
  }
}

function parsed(source: string): DocumentNode | GraphQLError {
  try {
    return parse(source, { maxTokens: 20_000 })
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('Parse error')
  }
}

function planQuery(world: World, schema: GraphQLSchema, caller: Caller, query: Query, failing: () => boolean): Plan {
  const { document } = query
  if (document instanceof GraphQLError) return refused('GraphQL (unreadable)', [{ message: document.message }])
  const fields = rootFields(document, query.operationName)
  const writes = isMutation(document, query.operationName)
  const route = `POST /graphql ${[...new Set(fields.map((field) => field.name.value))].toSorted().join(',')}`
  const findings = validate(schema, document, RULES).map((error) => findingOf(error))
  if (findings.length > 0) {
    const unknown = findings.flatMap((one) => one.unsupported ?? [])
    for (const what of unknown) world.log.recordUnsupported(what)
    return refused(
      route,
      findings.map(({ error }) => error),
      unknown.length > 0 ? 501 : 200,
    )
  }
  const { cost, nodeCount, fault } = costOf(document, query.variables)
  if (fault) return refused(route, [{ type: fault.extensions['type'], message: fault.message }])
  const creations = fields.filter((field) => CREATING.has(field.name.value)).length
  return {
    route,
    weight: { resource: 'graphql', points: writes ? 5 : 1, cost, creations },
    run: async () => {
      const asOf = writes ? NOT_STALE : readTime(world)
      const context: GraphqlContext = { world, caller, asOf, cost: { cost, nodeCount } }
      const result = await execute({
        schema,
        document,
        variableValues: query.variables,
        operationName: query.operationName,
        contextValue: context,
        rootValue: writes ? failingRoot(fields, failing) : {},
      })
      const unknown = result.errors?.flatMap((error) => unsupportedVariable(error.message) ?? []) ?? []
      for (const what of unknown) world.log.recordUnsupported(what)
      return Response.json(formatted(result), { status: unknown.length > 0 ? 501 : 200 })
    },
  }
}

/** What graphql itself cannot do: errors in GitHub's form, `type` beside the message. */
function formatted(result: ExecutionResult): Record<string, unknown> {
  if (!result.errors) return { data: result.data }
  const errors = result.errors.map((error) => {
    const cause = error.originalError
    const known = cause instanceof GitHubError ? faultFromRest(cause) : error
    const internal =
      cause !== undefined && cause !== null && !(cause instanceof GitHubError || cause instanceof GraphQLError)
    if (internal) console.error('sandbox fault in GraphQL:', cause)
    const type = known.extensions['type']
    return {
      ...(type !== undefined && { type }),
      path: error.path,
      locations: error.locations?.map(({ line, column }) => ({ line, column })),
      message: internal ? 'Something went wrong while executing your query.' : known.message,
    }
  })
  return { data: result.data ?? null, errors }
}

/** GitHub answers 200; 501 is the sandbox's own, for what it does not have. */
function refused(route: string, errors: readonly Readonly<Record<string, unknown>>[], status: 200 | 501 = 200): Plan {
  return {
    route,
    weight: { resource: 'graphql', points: 1, cost: 1, creations: 0 },
    run: async () => Response.json({ errors }, { status }),
  }
}

function operationOf(document: DocumentNode, name: string | null) {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  return name === null ? operations[0] : operations.find((one) => one.name?.value === name)
}

function isMutation(document: DocumentNode, name: string | null): boolean {
  return operationOf(document, name)?.operation === 'mutation'
}

function rootFields(document: DocumentNode, name: string | null): FieldNode[] {
  return (operationOf(document, name)?.selectionSet.selections ?? []).filter((one) => one.kind === Kind.FIELD)
}
