/**
 * One kind of rows, immutable, kept with their recent past, so that a list read may be answered as of some seconds
 * ago, as GitHub's read replicas do. It knows no routes and no rules.
 */
import type { Clock } from '../clock.ts'

/** How much past is kept: more than any staleness a switch may ask for. */
const PAST_MS = 120_000

interface Version<Row> {
  readonly at: number
  readonly row: Row | undefined
}

export interface Table<Row extends { readonly id: number }> {
  get(id: number): Row | undefined
  put(row: Row): Row
  /** Replaces some fields of an existing row; throws when the row is gone, which is a bug of the caller. */
  update(id: number, change: Partial<Row>): Row
  delete(id: number): void
  /** All rows by id; with `asOf` (milliseconds) as they stood then. */
  all(asOf?: number): Row[]
  where(match: (row: Row) => boolean, asOf?: number): Row[]
  find(match: (row: Row) => boolean): Row | undefined
}

export function createTable<Row extends { readonly id: number }>(clock: Clock): Table<Row> {
  const histories = new Map<number, Version<Row>[]>()

  // Reads are many more than writes: the rows of now are listed once after each write.
  let current: readonly Row[] | null = null

  function push(id: number, row: Row | undefined) {
    const now = clock.now()
    const history = [...(histories.get(id) ?? []), { at: now, row }]
    const firstKept = history.findLastIndex((version) => version.at <= now - PAST_MS)
    histories.set(id, history.slice(Math.max(0, firstKept)))
    current = null
  }
  const latest = (id: number) => histories.get(id)?.at(-1)?.row
  const at = (id: number, asOf: number) => histories.get(id)?.findLast((version) => version.at <= asOf)?.row
  const list = (pick: (id: number) => Row | undefined) =>
    [...histories.keys()]
      .map(pick)
      .filter((row) => row !== undefined)
      .toSorted((a, b) => a.id - b.id)

  function rows(asOf = Number.POSITIVE_INFINITY): readonly Row[] {
    if (asOf !== Number.POSITIVE_INFINITY) return list((id) => at(id, asOf))
    current ??= list(latest)
    return current
  }

  return {
    get: latest,
    put(row) {
      push(row.id, row)
      return row
    },
    update(id, change) {
      const row = latest(id)
      if (!row) throw new Error(`no row ${id} to update`)
      const next = { ...row, ...change }
      push(id, next)
      return next
    },
    delete: (id) => push(id, undefined),
    all: (asOf) => [...rows(asOf)],
    where: (match, asOf) => rows(asOf).filter((row) => match(row)),
    find: (match) => rows().find((row) => match(row)),
  }
}
