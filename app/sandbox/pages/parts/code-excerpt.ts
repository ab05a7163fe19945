/** Lines of a file with their numbers; some of them marked as added or as what an annotation is about. */
import { html } from 'hono/html'
import type { Piece } from '../visit/layout.ts'

export interface Excerpt {
  /** The whole file's text. */
  readonly text: string
  /** First and last line to show, from 1; beyond the file is cut off. */
  readonly from: number
  readonly to: number
  readonly added?: ReadonlySet<number>
  readonly marked?: readonly [number, number]
}

export function codeExcerpt({ text, from, to, added, marked }: Excerpt): Piece {
  const all = text.replace(/\n$/, '').split(/\r?\n/)
  const first = Math.max(1, from)
  const lines = all.slice(first - 1, Math.max(first, to))
  return html`<table class="code">
    ${lines.map((line, i) => {
      const number = first + i
      const isMarked = marked && number >= marked[0] && number <= marked[1]
      const kinds = `${added?.has(number) ? 'added' : 'same'} ${isMarked ? 'marked' : ''}`
      return html`<tr class="${kinds}" id="L${number}">
        <td class="n">${number}</td>
        <td class="t">${added?.has(number) ? '+' : ' '}${line}</td>
      </tr>`
    })}
  </table>`
}
