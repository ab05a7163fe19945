/** All projections as one canonical text whose SHA-256 is what "equal" compares: the same for the same history on every store. */
import { sql } from 'kysely'
import { canonicalJson } from '../domain/event/canonical-json.ts'
import type { Database } from './database.ts'

interface DumpRow {
  readonly kind: 'task' | 'project' | 'edge' | 'book'
  /** Of a book: its scope and period. */
  readonly stream: string
  readonly version: number
  /** The state, the stream that an edge leads to, or the figures of a book. */
  readonly text: string
}

/**
 * `{"books":{"scope period":[figure,…]},"edges":{stream:[stream,…]},"projects":{stream:{state,version}},"tasks":{stream:{state,version}}}`.
 * One statement, so that it is one moment; sorted here, so that no database's collation matters.
 */
export const dump = async (database: Database): Promise<string> => {
  const { rows } = await database.read((db) =>
    sql<DumpRow>`select kind, stream, version, state as text from streams
      union all select 'edge', stream, 0, depends_on from edges
      union all select 'book', scope || ' ' || period, 0, reserved_micro_usd || ',' || reserved_tokens || ','
        || spent_micro_usd || ',' || spent_tokens || ',' || warned from books`.execute(db),
  )
  const edges = new Map<string, string[]>()
  for (const { kind, stream, text } of rows) {
    if (kind !== 'edge') continue
    const to = edges.get(stream)
    if (to === undefined) edges.set(stream, [text])
    else to.push(text)
  }
  return canonicalJson({
    books: books(rows),
    edges: Object.fromEntries([...edges].map(([stream, to]) => [stream, to.sort()])),
    projects: states(rows, 'project'),
    tasks: states(rows, 'task'),
  })
}

/** A row of nothing is as good as none. */
const books = (rows: readonly DumpRow[]) =>
  Object.fromEntries(
    rows
      .filter((row) => row.kind === 'book')
      .map(({ stream, text }) => [stream, text.split(',').map(Number)] as const)
      .filter(([, figures]) => figures.some((figure) => figure !== 0)),
  )

const states = (rows: readonly DumpRow[], kind: 'task' | 'project') =>
  Object.fromEntries(
    rows
      .filter((row) => row.kind === kind)
      .map(({ stream, version, text }) => [stream, { state: JSON.parse(text) as unknown, version }]),
  )
