/** Event log, projections, inbox, outbox, leases and the small tables beside them. */
import { sql } from 'kysely'
import { refuseChanges } from './append-only.ts'
import type { Migration } from './migration.ts'

export const firstTables: Migration = {
  name: '0001-first-tables',
  up: async (db, words) => {
    const { text, integer, real, counter, tableEnd } = words
    const statements = [
      sql`create table events (
        stream ${text} not null, version ${integer} not null, id ${text} not null, type ${text} not null,
        v ${integer} not null, at ${integer} not null, actor ${text} not null, cause ${text} not null,
        data ${text} not null, prev ${text} not null, hash ${text} not null,
        primary key (stream, version)) ${tableEnd}`,
      sql`create table streams (
        stream ${text} primary key, version ${integer} not null, head ${text} not null, state ${text} not null,
        kind ${text} not null, project ${text}, search ${text} not null, wait_until ${integer},
        depends_on ${text} not null) ${tableEnd}`,
      sql`create index streams_by_project on streams (project, search)`,
      sql`create index streams_by_kind on streams (kind, search)`,
      sql`create index streams_waiting on streams (wait_until) where wait_until is not null`,
      sql`create table edges (
        stream ${text} not null, depends_on ${text} not null, primary key (stream, depends_on)) ${tableEnd}`,
      sql`create index edges_back on edges (depends_on, stream)`,
      sql`create table bases (
        stream ${text} primary key, version ${integer} not null, head ${text} not null, state ${text} not null)
        ${tableEnd}`,
      sql`create table outcomes (
        cause ${text} primary key, outcome ${text} not null, at ${integer} not null) ${tableEnd}`,
      sql`create table guards (name ${text} primary key, version ${integer} not null) ${tableEnd}`,
      sql`create table leases (
        stream ${text} primary key, fence_epoch ${integer} not null, fence_n ${integer} not null,
        until ${integer} not null) ${tableEnd}`,
      sql`create index leases_by_until on leases (until)`,
      sql`create table inbox (
        seq ${counter}, id ${text} not null unique, name ${text} not null, queue ${text}, position ${integer} not null,
        body ${text} not null, received_at ${integer} not null, not_before ${integer} not null,
        state ${text} not null default 'waiting' check (state in ('waiting', 'done', 'aside')),
        tries ${integer} not null default 0, claimed_until ${integer} not null default 0, error ${text},
        finished_at ${integer}) ${tableEnd}`,
      sql`create index inbox_waiting on inbox (not_before, seq) where state = 'waiting'`,
      sql`create index inbox_queues on inbox (queue, position, seq) where state = 'waiting'`,
      sql`create index inbox_claimed on inbox (queue) where state = 'waiting' and claimed_until > 0`,
      sql`create index inbox_finished on inbox (finished_at) where state = 'done'`,
      sql`create table outbox (
        key ${text} primary key, kind ${text} not null, payload ${text} not null, due_at ${integer} not null,
        lane ${integer} not null, generation ${integer} not null, tries ${integer} not null,
        claimed_until ${integer} not null, claimed_generation ${integer} not null, error ${text}) ${tableEnd}`,
      sql`create index outbox_due on outbox (lane, due_at, key)`,
      sql`create table documents (
        kind ${text} not null, key ${text} not null, value ${text} not null, primary key (kind, key)) ${tableEnd}`,
      sql`create table buckets (
        name ${text} primary key, tokens ${real} not null, counted_at ${integer} not null,
        blocked_until ${integer} not null) ${tableEnd}`,
      sql`create table agent_keys (
        hash ${text} primary key, agent ${text} not null, project ${text} not null) ${tableEnd}`,
      sql`create table liveness (name ${text} primary key, at ${integer} not null) ${tableEnd}`,
    ]
    for (const statement of statements) await statement.execute(db)
    await refuseChanges(db, words.dialect, 'events')
  },
}
