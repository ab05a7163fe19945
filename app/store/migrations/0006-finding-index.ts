/** Full-text search over findings: FTS5 on SQLite, a tsvector on Postgres. */
import { sql } from 'kysely'
import type { Migration } from './migration.ts'

export const findingIndex: Migration = {
  name: '0006-finding-index',
  up: async (db, { dialect, text, integer, tableEnd }) => {
    const columns = sql`project ${text} not null, id ${integer} not null, words ${text} not null`
    const statements =
      dialect === 'sqlite'
        ? [
            sql`create table finding_index (seq integer primary key, ${columns}, unique (project, id)) ${tableEnd}`,
            // Words come as letters and digits in lower case; this tokenizer leaves all that is not ASCII as it is.
            sql`create virtual table finding_search using fts5(words, content = 'finding_index', content_rowid = 'seq', tokenize = 'ascii')`,
            sql`create trigger finding_index_added after insert on finding_index begin
              insert into finding_search (rowid, words) values (new.seq, new.words); end`,
            sql`create trigger finding_index_gone after delete on finding_index begin
              insert into finding_search (finding_search, rowid, words) values ('delete', old.seq, old.words); end`,
          ]
        : [
            sql`create table finding_index (
              ${columns}, lexemes tsvector not null
              generated always as (array_to_tsvector(string_to_array(words, ' '))) stored,
              primary key (project, id))`,
            sql`create index finding_index_lexemes on finding_index using gin (lexemes)`,
          ]
    for (const statement of statements) await statement.execute(db)
  },
}
