/** Keeps a list of lines within its room: whole lines only, and a last one that says how many are not shown. */

/** The newest (last) rows that fit into `chars`, in their order, after a note on how many older ones there are. */
export const newestRows = (
  rows: readonly string[],
  chars: number,
  note: (left: number) => string,
): readonly string[] => {
  let room = chars
  let from = rows.length
  while (from > 0) {
    room -= (rows[from - 1]?.length ?? 0) + 1
    if (room < 0) break
    from -= 1
  }
  return [...(from > 0 ? [note(from)] : []), ...rows.slice(from)]
}

/** The first rows that fit, then a note on how many follow. */
export const firstRows = (
  rows: readonly string[],
  chars: number,
  note: (left: number) => string,
): readonly string[] => {
  let room = chars
  const shown = rows.filter((row) => (room -= row.length + 1) >= 0)
  return shown.length === rows.length ? rows : [...shown, note(rows.length - shown.length)]
}
