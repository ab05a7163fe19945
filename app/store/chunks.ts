/** Splits long lists of rows, because both databases bound the parameters of one statement (SQLite 32,766, Postgres 65,535). */

const ROWS = 500

export const inChunks = async <T>(
  rows: readonly T[],
  each: (chunk: readonly T[]) => Promise<unknown>,
): Promise<void> => {
  for (let from = 0; from < rows.length; from += ROWS) await each(rows.slice(from, from + ROWS))
}
