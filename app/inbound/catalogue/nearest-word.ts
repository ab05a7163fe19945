/** Did you mean …? The closest of a few known words, by edits and swaps of neighbours. */

/** Longer words are not typing errors of ours; it also bounds the work. */
const MAX_LENGTH = 40

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** From here on two slips are as likely as one in a shorter word. */
const LONG = 5

/** The known word that `word` was likely meant to be, or null. Short words forgive one edit, longer ones two. */
export const nearestWord = (word: string, known: readonly string[]): string | null => {
  const typed = word.toLowerCase()
  if (typed.length > MAX_LENGTH) return null
  let nearest: string | null = null
  let least = typed.length < LONG ? 1 : 2
  for (const candidate of known) {
    const distance = editDistance(typed, candidate)
    if (distance < least || (distance === least && nearest === null)) {
      nearest = candidate
      least = distance
    }
  }
  return nearest
}
