/**
 * The stretches of a paragraph that are not plain text though they may run over lines: code, inline HTML, link targets,
 * image texts. Stricter than CommonMark in a few ways that need its list of definitions; see plain-lines.ts.
 */

import { TAG_SOURCE } from './block-starts.ts'
import { labelEnd, resourceEnd } from './link-parts.ts'

/** From `start` to before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

const AUTOLINK = /<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\p{Cc}]*>/uy
const TAG = new RegExp(TAG_SOURCE, 'y')
const DELIMITED: readonly (readonly [open: RegExp, close: string])[] = [
  [/<!--/y, '-->'],
  [/<\?/y, '?>'],
  [/<!\[CDATA\[/y, ']]>'],
  [/<![A-Za-z]/y, '>'],
]

const matchEnd = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** Answers the end of the next run of exactly `length` backticks behind `at`, or -1; to be asked in rising order of `at`. */
const createBacktickSearch = (text: string): ((length: number, at: number) => number) => {
  const startsByLength = new Map<number, number[]>()
  for (const run of [...text.matchAll(/`+/g)].toReversed()) {
    const starts = startsByLength.get(run[0].length)
    if (starts === undefined) startsByLength.set(run[0].length, [run.index])
    else starts.push(run.index)
  }
  return (length, at) => {
    const starts = startsByLength.get(length) ?? []
    while ((starts.at(-1) ?? Infinity) <= at) starts.pop()
    const start = starts.at(-1)
    return start === undefined ? -1 : start + length
  }
}

/** Sorted, not overlapping except where one holds another. Linear: a search that found nothing is not repeated. */
export const hiddenSpans = (text: string): readonly Span[] => {
  const spans: Span[] = []
  const findBackticks = createBacktickSearch(text)
  const missing = new Set<string>()
  const brackets: { readonly at: number; readonly image: boolean }[] = []

  const htmlEnd = (at: number): number => {
    for (const [open, close] of DELIMITED) {
      const from = matchEnd(open, text, at)
      if (from === -1) continue
      // `<!-->` and `<!--->` are whole comments.
      if (close === '-->' && text[from] === '>') return from + 1
      if (close === '-->' && text.startsWith('->', from)) return from + 2
      if (missing.has(close)) return -1
      const end = text.indexOf(close, from)
      if (end !== -1) return end + close.length
      missing.add(close)
      return -1
    }
    const autolink = matchEnd(AUTOLINK, text, at)
    return autolink === -1 ? matchEnd(TAG, text, at) : autolink
  }

  const bracketEnd = (at: number): number => {
    const opener = brackets.pop()
    if (opener === undefined) return -1
    const target = Math.max(resourceEnd(text, at + 1), labelEnd(text, at + 1))
    if (opener.image) spans.push({ start: opener.at, end: Math.max(at + 1, target) })
    else if (target !== -1) spans.push({ start: at, end: target })
    return target
  }

  for (let at = 0; at < text.length; at++) {
    let end = -1
    switch (text.charAt(at)) {
      case '\\':
        end = at + 2
        break
      case '`': {
        let runEnd = at
        while (text[runEnd] === '`') runEnd++
        // An escaped backtick before it has made an opening run shorter than it looks; a closing one is always whole.
        end = findBackticks(runEnd - at, runEnd - 1)
        if (end === -1) end = runEnd
        else spans.push({ start: at, end })
        break
      }
      case '<':
        end = htmlEnd(at)
        if (end !== -1) spans.push({ start: at, end })
        break
      case '!':
        if (text[at + 1] === '[') {
          brackets.push({ at, image: true })
          end = at + 2
        }
        break
      case '[':
        brackets.push({ at, image: false })
        break
      case ']':
        end = bracketEnd(at)
        break
      default:
    }
    if (end !== -1) at = end - 1
  }
  return spans.toSorted((a, b) => a.start - b.start)
}
