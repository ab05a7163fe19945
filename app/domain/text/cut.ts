/** Bounds text to a number of UTF-16 units and says how much was left out. It does not neutralise or redact. */

export type Keep = 'start' | 'end'

const isLowSurrogate = (text: string, index: number): boolean => {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/**
 * Returns `text` when it has at most `max` UTF-16 units, else its start or end with a note, together at most `max`.
 * Never splits a character. A kept end follows `… ` on the same line, so that cutting cannot move a word to a line's start.
 */
export const cut = (text: string, max: number, keep: Keep = 'start'): string => {
  if (text.length <= max) return text
  const note = keep === 'start' ? `… (${text.length} characters in all)` : `(the end of ${text.length} characters) … `
  if (note.length >= max) return note.slice(0, Math.max(0, max))
  const room = max - note.length
  if (keep === 'start') return text.slice(0, isLowSurrogate(text, room) ? room - 1 : room) + note
  const from = text.length - room
  return note + text.slice(isLowSurrogate(text, from) ? from + 1 : from)
}
