/** Relay connections with GitHub's rules: `first` or `last` is required and at most 100. */
import { graphqlFault } from './graphql-fault.ts'

export interface ConnectionArgs {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

const MAX = 100

/** `name` is the field's, for the error text. Cursors are opaque and name a row, so inserts do not shift a page. */
export function connection<Row extends { readonly id: number }>(
  name: string,
  rows: readonly Row[],
  args: Readonly<Record<string, unknown>>,
) {
  const { first, last, after, before } = args as ConnectionArgs
  if (typeof first !== 'number' && typeof last !== 'number')
    throw graphqlFault(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  for (const [side, count] of Object.entries({ first, last }))
    if (typeof count === 'number' && count > MAX)
      throw graphqlFault(
        'EXCESSIVE_PAGINATION',
        `Requesting ${count} records on the \`${name}\` connection exceeds the \`${side}\` limit of ${MAX} records.`,
      )
  const start = after ? rows.findIndex((row) => cursorOf(row) === after) + 1 : 0
  const endAt = before ? rows.findIndex((row) => cursorOf(row) === before) : -1
  const between = rows.slice(start, endAt === -1 ? rows.length : endAt)
  const head = typeof first === 'number' ? between.slice(0, first) : between
  const taken = typeof last === 'number' ? head.slice(Math.max(0, head.length - last)) : head
  const firstTaken = taken[0]
  const lastTaken = taken.at(-1)
  return {
    totalCount: rows.length,
    nodes: taken,
    edges: taken.map((node) => ({ node, cursor: cursorOf(node) })),
    pageInfo: {
      startCursor: firstTaken ? cursorOf(firstTaken) : null,
      endCursor: lastTaken ? cursorOf(lastTaken) : null,
      hasPreviousPage: firstTaken !== undefined && rows[0]?.id !== firstTaken.id,
      hasNextPage: lastTaken !== undefined && rows.at(-1)?.id !== lastTaken.id,
    },
  }
}

function cursorOf(row: { readonly id: number }): string {
  return Buffer.from(`cursor:v2:${row.id}`).toString('base64')
}
