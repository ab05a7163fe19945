/**
 * Says which texts are not given to the Markdown parser: its time grows with the square of some marks (65,536 `>` take it
 * half a minute). Linear itself. Such texts are shown as they were written.
 */
/** Quote and list marks that one line may begin with; people use three or four. */
const MAX_CONTAINERS = 32
/** Marks of emphasis and links in one run of lines without a blank one: about half a second of parsing at worst. */
const MAX_INLINE_MARKS = 6000

export function isIntricate(text: string): boolean {
  let marks = 0
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === '') marks = 0
    if (containersOf(line) > MAX_CONTAINERS) return true
    marks += countMarks(line)
    if (marks > MAX_INLINE_MARKS) return true
  }
  return false
}

function containersOf(line: string): number {
  const start = /^(?:[ \t>*+-]|\d{1,9}[.)])*/.exec(line)?.[0] ?? ''
  return start.match(/[>*+-]|\d+/g)?.length ?? 0
}

function countMarks(line: string): number {
  let count = 0
  for (const letter of line) if ('*_[]~'.includes(letter)) count += 1
  return count
}
