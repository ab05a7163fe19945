/**
 * Characters that take no room and show nothing: zero-width spaces and joiners, soft hyphens, reversed writing, variation
 * selectors and controls. A secret that they split reads as the secret all the same. It removes nothing for publishing.
 */

/** What parts lines is seen. */
const UNSEEN = /[\p{Cf}\u034f\ufe00-\ufe0f]|(?![\t\n\r\u0085])\p{Cc}/u
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu')

export interface Seen {
  readonly text: string
  /** Where the UTF-16 unit of the seen text stands in the whole one. */
  readonly placeOf: (index: number) => number
}

/** The text without them; null when it holds none. */
export const withoutUnseen = (text: string): Seen | null => {
  if (!UNSEEN.test(text)) return null
  const places = new Uint32Array(text.length)
  let seen = ''
  let from = 0
  const keep = (to: number): void => {
    for (let at = from; at < to; at++) places[seen.length + at - from] = at
    seen += text.slice(from, to)
  }
  for (const { 0: found, index } of text.matchAll(ALL_UNSEEN)) {
    keep(index)
    from = index + found.length
  }
  keep(text.length)
  return { text: seen, placeOf: (index) => places[index] ?? text.length }
}
