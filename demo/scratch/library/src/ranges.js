/** Stretches of whole numbers, `{ from, to }` with `to` not included, such as bookings by the hour. */

const byStart = (a, b) => a.from - b.from || a.to - b.to

/** The fewest ranges that cover the same numbers, sorted; those that touch become one. */
export function mergeRanges(ranges) {
  const merged = []
  for (const { from, to } of ranges.filter((range) => range.from < range.to).sort(byStart)) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** What is left of the ranges when one is cut out. */
export function subtractRange(ranges, cut) {
  const left = []
  for (const { from, to } of mergeRanges(ranges)) {
    if (from < cut.from) left.push({ from, to: Math.min(to, cut.from) })
    if (to > cut.to) left.push({ from: Math.max(from, cut.to), to })
  }
  return left
}

/** Whether a number lies in one of the ranges. Needs them merged: it searches by halves. */
export function covers(merged, number) {
  let low = 0
  let high = merged.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const { from, to } = merged[middle]
    if (number < from) high = middle - 1
    else if (number >= to) low = middle + 1
    else return true
  }
  return false
}
