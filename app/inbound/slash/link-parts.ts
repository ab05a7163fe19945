/**
 * The parts of links that readers do not see: labels, destinations, titles, and whole reference definitions.
 * Each function takes a text and a place and answers the place behind the part, or -1 when it does not stand there.
 */

const MAX_LABEL = 999
/** What cmark and micromark allow as well; it also bounds the walk. */
const MAX_PARENTHESES = 32

const isBlank = (unit: string | undefined): boolean => unit === ' ' || unit === '\t' || unit === '\n'
const isControlOrBlank = (unit: string): boolean => unit <= ' ' || unit === '\u007f'

const skipBlanks = (text: string, at: number): number => {
  let end = at
  while (isBlank(text[end])) end++
  return end
}

const skipBlanksOnLine = (text: string, at: number): number => {
  let end = at
  while (text[end] === ' ' || text[end] === '\t') end++
  return end
}

/** Behind `[label]`, the label up to 999 characters with at least one that is no blank. */
export const labelEnd = (text: string, at: number): number => {
  if (text[at] !== '[') return -1
  let seen = false
  for (let i = at + 1; i < text.length && i <= at + 1 + MAX_LABEL; i++) {
    const unit = text[i]
    if (unit === ']') return seen ? i + 1 : -1
    if (unit === '[') return -1
    if (!isBlank(unit)) seen = true
    if (unit === '\\' && (text[i + 1] === '[' || text[i + 1] === ']' || text[i + 1] === '\\')) i++
  }
  return -1
}

const destinationEnd = (text: string, at: number): number => {
  if (text[at] === '<') {
    for (let i = at + 1; i < text.length; i++) {
      const unit = text[i]
      if (unit === '>') return i + 1
      if (unit === '\n' || unit === '<') return -1
      if (unit === '\\') i++
    }
    return -1
  }
  let depth = 0
  let i = at
  for (; i < text.length; i++) {
    const unit = text.charAt(i)
    if (isControlOrBlank(unit)) break
    if (unit === '(' && ++depth > MAX_PARENTHESES) return -1
    if (unit === ')' && --depth < 0) break
    if (unit === '\\' && !isControlOrBlank(text.charAt(i + 1) || ' ')) i++
  }
  return i === at || depth > 0 ? -1 : i
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '(': ')' }

const titleEnd = (text: string, at: number): number => {
  const open = text[at] ?? ''
  const close = CLOSING[open]
  if (close === undefined) return -1
  for (let i = at + 1; i < text.length; i++) {
    const unit = text[i]
    if (unit === close) return i + 1
    if (unit === '(' && open === '(') return -1
    if (unit === '\\') i++
  }
  return -1
}

/** Behind `(destination "title")`. */
export const resourceEnd = (text: string, at: number): number => {
  if (text[at] !== '(') return -1
  let i = skipBlanks(text, at + 1)
  if (text[i] === ')') return i + 1
  i = destinationEnd(text, i)
  if (i === -1) return -1
  const beforeTitle = i
  i = skipBlanks(text, i)
  if (i > beforeTitle && text[i] !== ')') {
    i = titleEnd(text, i)
    if (i === -1) return -1
    i = skipBlanks(text, i)
  }
  return text[i] === ')' ? i + 1 : -1
}

/** Behind a whole `[label]: destination "title"` and its line break. */
const definitionEnd = (text: string, at: number): number => {
  let i = labelEnd(text, at)
  if (i === -1 || text[i] !== ':') return -1
  i = destinationEnd(text, skipBlanks(text, i + 1))
  if (i === -1) return -1
  const lineEnd = (from: number): number => {
    const end = skipBlanksOnLine(text, from)
    return end >= text.length || text[end] === '\n' ? Math.min(end + 1, text.length) : -1
  }
  const titleAt = skipBlanks(text, i)
  const title = titleAt > i ? titleEnd(text, titleAt) : -1
  const withTitle = title === -1 ? -1 : lineEnd(title)
  return withTitle === -1 ? lineEnd(i) : withTitle
}

/** Where the text of a paragraph begins, behind all the definitions that lead it; `text.length` when it holds nothing else. */
export const skipDefinitions = (text: string): number => {
  let at = 0
  while (text[at] === '[') {
    const end = definitionEnd(text, at)
    if (end === -1) break
    at = end
  }
  return at
}
