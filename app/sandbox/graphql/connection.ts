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
  const between = rows.slice(
    after ? placeOf(rows, idIn(after)).end : 0,
    before ? placeOf(rows, idIn(before)).start : rows.length,
  )
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

/** Where the row of this id stands, or stood: a row that a lagging replica does not have yet leaves a gap of no width. */
function placeOf(
  rows: readonly { readonly id: number }[],
  id: number,
): { readonly start: number; readonly end: number } {
  const found = rows.findIndex((row) => row.id === id)
  if (found !== -1) return { start: found, end: found + 1 }
  const descending = (rows[0]?.id ?? 0) > (rows.at(-1)?.id ?? 0)
  const beyond = rows.findIndex((row) => (descending ? row.id < id : row.id > id))
  const gap = beyond === -1 ? rows.length : beyond
  return { start: gap, end: gap }
}

function idIn(cursor: string): number {
  const [, id] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? []
  if (id === undefined)
    throw graphqlFault('INVALID_CURSOR_ARGUMENTS', `\`${cursor.slice(0, 100)}\` does not appear to be a valid cursor.`)
  return Number(id)
}

function cursorOf(row: { readonly id: number }): string {
  return Buffer.from(`cursor:v2:${row.id}`).toString('base64')
}
