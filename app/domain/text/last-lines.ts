/** The end of a log in whole lines, with a line above that says how many are missing. Neither neutralises nor redacts. */
import { cut } from './cut.ts'

/** `text` when it has at most `max` UTF-16 units, else as many of its last lines as fit with the note; of one endless line its end. */
export const lastLines = (text: string, max: number): string => {
  if (text.length <= max) return text
  const lines = text.split('\n')
  const note = (left: number): string => `… ${left} earlier ${left === 1 ? 'line' : 'lines'} left out`
  let room = max - note(lines.length).length
  let first = lines.length
  while (first > 0 && (lines[first - 1] ?? '').length + 1 <= room) {
    first -= 1
    room -= (lines[first] ?? '').length + 1
  }
  return first === lines.length ? cut(text, max, 'end') : [note(first), ...lines.slice(first)].join('\n')
}
