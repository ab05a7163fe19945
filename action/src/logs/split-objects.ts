/**
 * Cuts the text of JSON objects out of a stream in which they stand one after another: an indented array, or one indented
 * object. It balances braces and strings only; whether a piece is JSON is for the reader of the piece to say.
 */

export interface ObjectSplitter {
  /** The objects that ended in this stretch of text. */
  push(text: string): readonly string[]
  /** Whether the text ended inside an object. */
  isOpen(): boolean
  /** Objects that were dropped because they were too long. */
  dropped(): number
}

/** `maxLength` bounds what is held in memory, in UTF-16 units. Linear in the text. */
export const createObjectSplitter = (maxLength: number): ObjectSplitter => {
  let depth = 0
  let inString = false
  let escaped = false
  let parts: string[] = []
  let held = 0
  let tooLong = 0

  const push = (text: string): readonly string[] => {
    const done: string[] = []
    let start = depth > 0 ? 0 : -1
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (inString) {
        if (escaped) escaped = false
        else if (unit === BACKSLASH) escaped = true
        else if (unit === QUOTE) inString = false
      } else if (unit === QUOTE) {
        inString = depth > 0
      } else if (unit === OPEN) {
        if (depth++ === 0) start = at
      } else if (unit === CLOSE && depth > 0 && --depth === 0) {
        const piece = text.slice(start, at + 1)
        if (held + piece.length > maxLength) tooLong++
        else done.push([...parts, piece].join(''))
        parts = []
        held = 0
        start = -1
      }
    }
    if (start !== -1) {
      held += text.length - start
      if (held <= maxLength) parts.push(text.slice(start))
      else parts = []
    }
    return done
  }

  return { push, isOpen: () => depth > 0, dropped: () => tooLong }
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
