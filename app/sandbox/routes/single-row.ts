/** One row by its id, as a read replica may know it: what was only just made can be missing, and what changed be old. */
import type { Context } from '../http/context.ts'
import type { Table } from '../model/table.ts'

/** Without `asOf` (a page of the sandbox itself) the read is never stale. */
export type MaybeStale = Pick<Context, 'world'> & { readonly asOf?: number }

/** Writes always see what there is: `asOf` is never in the past for them. */
export function singleRow<Row extends { readonly id: number }>(
  c: MaybeStale,
  table: Table<Row>,
  id: number,
): Row | undefined {
  if (!c.world.switches.staleSingleReads || c.asOf === undefined) return table.get(id)
  return table.where((row) => row.id === id, c.asOf)[0]
}
