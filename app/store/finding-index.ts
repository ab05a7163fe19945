/**
 * Full-text search over the findings of projects: a projection of their states, by words that the domain has made. Both
 * databases match the beginnings of whole words byte by byte, so that they find the same; neither ranks.
 */
import { sql } from 'kysely'
import type { StreamId } from '../domain/event/envelope.ts'
import type { IndexRow } from '../engine/ports.ts'
import type { Connection, Database } from './database.ts'

interface FindingRow {
  readonly id: number
  readonly words: string
}

const rowsOf = async (db: Connection, project: StreamId): Promise<readonly FindingRow[]> => {
  const { rows } = await sql<FindingRow>`select id, words from finding_index where project = ${project}`.execute(db)
  return rows
}

/** Writes what differs; true when something did. */
export const putFindings = async (db: Connection, project: StreamId, index: IndexRow): Promise<boolean> => {
  if (index.kind !== 'project') return false
  const before = new Map((await rowsOf(db, project)).map(({ id, words }) => [id, words]))
  const after = new Map((index.findings ?? []).map(({ id, words }) => [id, words.join(' ')]))
  const gone = [...before].filter(([id, words]) => after.get(id) !== words)
  const added = [...after].filter(([id, words]) => before.get(id) !== words)
  for (const [id] of gone) await sql`delete from finding_index where project = ${project} and id = ${id}`.execute(db)
  for (const [id, words] of added) {
    await sql`insert into finding_index (project, id, words) values (${project}, ${id}, ${words})`.execute(db)
  }
  return gone.length + added.length > 0
}

export const dropFindings = async (db: Connection, project: StreamId): Promise<void> => {
  await sql`delete from finding_index where project = ${project}`.execute(db)
}

/** Ids of the findings in which a word begins with one of these, in order. */
export const findFindings = async (
  database: Database,
  project: StreamId,
  words: readonly string[],
): Promise<readonly number[]> => {
  // Letters and digits only: nothing in them means anything to either database.
  const asked = words.filter((word) => /^[\p{L}\p{N}]+$/u.test(word))
  if (asked.length === 0) return []
  const query =
    database.dialect === 'sqlite'
      ? sql`seq in (select rowid from finding_search where finding_search match ${asked.map((word) => `"${word}"*`).join(' OR ')})`
      : sql`lexemes @@ ${asked.map((word) => `'${word}':*`).join(' | ')}::tsquery`
  const { rows } = await database.read((db) =>
    sql<{ id: number }>`select id from finding_index where ${query} and project = ${project}`.execute(db),
  )
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}
