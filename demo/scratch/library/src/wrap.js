/** One line to a shorter one, and paragraphs to lines of a width. Widths count characters as people see them. */

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

const split = (text) => Array.from(characters.segment(text), ({ segment }) => segment)

/** At most so many characters, with `…` in the middle of what was cut, so that both ends stay readable. */
export function shorten(text, longest) {
  const all = split(text)
  if (all.length <= longest) return text
  const kept = longest - 1
  const head = Math.ceil(kept / 2)
  const tail = kept - head
  return `${all.slice(0, head).join('')}…${all.slice(all.length - tail).join('')}`
}

/** The lines of a paragraph, none longer than the width; words longer than that are broken. */
export function wrapText(text, width) {
  if (width < 1) throw new RangeError('a line needs room for a character')
  const lines = []
  let line = []
  const endLine = () => {
    if (line.length > 0) lines.push(line.join(''))
    line = []
  }
  for (const word of text.split(/\s+/).filter(Boolean)) {
    let rest = split(word)
    if (line.length > 0 && line.length + 1 + rest.length <= width) line.push(' ')
    else endLine()
    while (rest.length > width) {
      lines.push(rest.slice(0, width).join(''))
      rest = rest.slice(width)
    }
    line.push(...rest)
  }
  endLine()
  return lines
}
