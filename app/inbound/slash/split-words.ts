/** Splits what stands behind a verb into words: blanks part them, double quotes hold them together, `key=` names them. */

export interface Word {
  /** Lower case, or null for a value by its place. */
  readonly key: string | null
  readonly value: string
}

const KEY = /([A-Za-z][A-Za-z0-9_-]{0,40})=/y
const BLANKS = /[ \t\u00a0]+/y
const BARE = /[^ \t\u00a0]+/y
/** `\"` and `\\` are escapes; before anything else a backslash is itself, so that paths need none. */
const QUOTED = /"((?:[^"\\]|\\[^])*)"(?=[ \t\u00a0]|$)/y
/** Keyboards of phones make these. */
const CURLY_QUOTED = /[“”]([^“”]*)[“”](?=[ \t\u00a0]|$)/y

const take = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Null when a quote that begins a value is not closed, or something sticks to its end. */
export const splitWords = (text: string): readonly Word[] | null => {
  const words: Word[] = []
  let at = take(BLANKS, text, 0)?.[0].length ?? 0
  while (at < text.length) {
    const key = take(KEY, text, at)
    at += key?.[0].length ?? 0
    const quoted = take(QUOTED, text, at)
    const found =
      quoted ?? take(CURLY_QUOTED, text, at) ?? (/["“”]/.test(text.charAt(at)) ? null : take(BARE, text, at))
    // `key=` with nothing behind it is an empty value; an open quote is an error.
    if (found === null && /["“”]/.test(text.charAt(at))) return null
    const inner = found?.[1]
    const value = quoted === null ? (inner ?? found?.[0] ?? '') : (inner ?? '').replace(/\\(["\\])/g, '$1')
    words.push({ key: key?.[1]?.toLowerCase() ?? null, value })
    at += found?.[0].length ?? 0
    at += take(BLANKS, text, at)?.[0].length ?? 0
  }
  return words
}
