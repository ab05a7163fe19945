/** The portfolio or program whose name is nearly the one that was typed. */
import { nearestWord } from './catalogue/nearest-word.ts'

export const nearestGroup = (typed: string, known: readonly string[]): string | null => {
  const nearest = nearestWord(
    typed,
    known.map((name) => name.toLowerCase()),
  )
  return known.find((name) => name.toLowerCase() === nearest) ?? null
}
