/**
 * Which lines of a comment begin with plain paragraph text, so that a command may stand there. One walk over CommonMark's
 * block structure, linear for any input; it renders nothing and keeps no tree.
 *
 * A line counts when nothing but blanks stands before its text and the text belongs to a paragraph, at top level or
 * continued in a list item, outside quotes, code, HTML, headings and link definitions, and is not inside code, HTML or a
 * link target that runs over lines. So `- /retry` does not count (a list of commands is mostly an explanation), a
 * `/retry` in the line below it does; the line after `> quote` is still the quote's, as GitHub renders it.
 *
 * On purpose otherwise than CommonMark: nothing counts below MAX_DEPTH nested containers; the text of `![…]` and the
 * second half of `[…](…)` and `[…][…]` never count, also where no definition makes them links. Where implementations
 * differ, cmark is followed, which GitHub runs; its own additions (tables, footnotes, formulas) are read as the
 * paragraphs that CommonMark sees in them.
 */

import {
  closesFence,
  fenceOf,
  htmlBlockOf,
  isHeading,
  isSetextUnderline,
  isThematicBreak,
  listMarkerOf,
  type Fence,
} from './block-starts.ts'
import { hiddenSpans } from './hidden-spans.ts'
import { LineCursor } from './line-cursor.ts'
import { skipDefinitions } from './link-parts.ts'

/** Nobody nests deeper; every line walks the open containers, so this bounds the work. */
const MAX_DEPTH = 64
const CODE_INDENT = 4

export interface PlainLine {
  /** 1-based. */
  readonly number: number
  /** Without leading and trailing blanks. */
  readonly text: string
}

interface Container {
  readonly kind: 'quote' | 'item'
  /** Columns that an item's content is indented by. */
  readonly width: number
  /** An item without content yet: a blank line ends it. */
  empty: boolean
  /** Nothing in it counts. */
  readonly hidden: boolean
}

interface ParagraphLine extends PlainLine {
  /** A marker of a list stands before the text. */
  readonly marked: boolean
}

type Leaf =
  | { readonly kind: 'none' | 'indented' }
  | { readonly kind: 'paragraph'; readonly hidden: boolean; readonly lines: ParagraphLine[] }
  | { readonly kind: 'fence'; readonly fence: Fence }
  | { readonly kind: 'html'; readonly end: RegExp | null }

const NONE: Leaf = { kind: 'none' }

const plainLinesOf = (lines: readonly ParagraphLine[]): readonly PlainLine[] => {
  if (!lines.some((line) => !line.marked)) return []
  const text = lines.map((line) => line.text).join('\n')
  const from = skipDefinitions(text)
  const spans = hiddenSpans(text.slice(from))
  const plain: PlainLine[] = []
  let start = -from
  let nextSpan = 0
  let hiddenUntil = 0
  for (const line of lines) {
    for (let span = spans[nextSpan]; span !== undefined && span.start < start; span = spans[++nextSpan]) {
      hiddenUntil = Math.max(hiddenUntil, span.end)
    }
    if (start >= hiddenUntil && !line.marked) plain.push({ number: line.number, text: line.text.trim() })
    start += line.text.length + 1
  }
  return plain
}

const isOnlyDefinitions = (lines: readonly ParagraphLine[]): boolean => {
  const text = lines.map((line) => line.text).join('\n')
  return skipDefinitions(text) >= text.length
}

/** How many of the open containers go on in this line; the cursor ends behind their marks. */
const continueContainers = (open: readonly Container[], cursor: LineCursor): number => {
  let matched = 0
  for (const container of open) {
    if (container.kind === 'quote') {
      if (cursor.blank || cursor.indent >= CODE_INDENT || cursor.line[cursor.next] !== '>') break
      cursor.take(1)
      cursor.skip(1)
    } else if (cursor.blank) {
      if (container.empty) break
    } else {
      if (cursor.indent < container.width) break
      cursor.skip(container.width)
      container.empty = false
    }
    matched++
  }
  return matched
}

/** The lines of a comment where a command may stand, in order. CRLF, LF and lone CR all end a line. */
export const plainLines = (comment: string): readonly PlainLine[] => {
  const found: PlainLine[] = []
  const open: Container[] = []
  let leaf: Leaf = NONE

  const closeLeaf = (): void => {
    if (leaf.kind === 'paragraph' && !leaf.hidden) found.push(...plainLinesOf(leaf.lines))
    leaf = NONE
  }

  /** Handles what the leaf takes for itself; false: the line may begin something. */
  const feedLeaf = (cursor: LineCursor): boolean => {
    switch (leaf.kind) {
      case 'fence':
        if (!cursor.blank && cursor.indent < CODE_INDENT && closesFence(cursor.rest, leaf.fence)) leaf = NONE
        return true
      case 'html':
        if (leaf.end === null ? cursor.blank : leaf.end.test(cursor.rest)) leaf = NONE
        return true
      case 'indented':
        if (cursor.blank || cursor.indent >= CODE_INDENT) return true
        leaf = NONE
        return false
      default:
        return false
    }
  }

  const feed = (number: number, cursor: LineCursor): void => {
    let matched = continueContainers(open, cursor)
    if (matched === open.length && feedLeaf(cursor)) return
    let marked = false

    const begin = (next: Leaf): void => {
      closeLeaf()
      open.length = matched
      leaf = next
    }
    const enter = (kind: Container['kind'], width: number): void => {
      begin(NONE)
      open.push({ kind, width, empty: cursor.blank, hidden: kind === 'quote' || open.length + 1 >= MAX_DEPTH })
      matched = open.length
      marked = true
    }

    while (!cursor.blank) {
      const inParagraph: boolean = leaf.kind === 'paragraph'
      if (cursor.indent >= CODE_INDENT) {
        if (inParagraph) break
        return begin({ kind: 'indented' })
      }
      const { rest } = cursor
      if (rest.startsWith('>') && matched < MAX_DEPTH) {
        cursor.take(1)
        cursor.skip(1)
        enter('quote', 0)
        continue
      }
      if (isHeading(rest)) return begin(NONE)
      const fence = fenceOf(rest)
      if (fence !== null) return begin({ kind: 'fence', fence })
      const html = htmlBlockOf(rest)
      if (html !== null && !(html.lone && inParagraph && matched === open.length)) {
        return begin(html.end?.test(rest) === true ? NONE : { kind: 'html', end: html.end })
      }
      if (leaf.kind === 'paragraph' && matched === open.length && isSetextUnderline(rest)) {
        if (!isOnlyDefinitions(leaf.lines)) {
          leaf = NONE
          return
        }
        leaf = NONE
      }
      if (isThematicBreak(rest)) return begin(NONE)
      const marker = listMarkerOf(rest)
      if (marker === null || matched >= MAX_DEPTH) break
      const interrupts = leaf.kind === 'paragraph' && matched === open.length
      if (interrupts && (!marker.startsAtOne || rest.slice(marker.length).trim() === '')) break
      const markerIndent = cursor.indent
      cursor.take(marker.length)
      const padding = cursor.blank || cursor.indent > CODE_INDENT ? 1 : cursor.indent
      cursor.skip(padding)
      enter('item', markerIndent + marker.length + padding)
    }

    if (cursor.blank) {
      if (matched < open.length || leaf.kind === 'paragraph') begin(NONE)
      return
    }
    if (leaf.kind !== 'paragraph') {
      begin({ kind: 'paragraph', hidden: open.slice(0, matched).some(({ hidden }) => hidden), lines: [] })
    }
    if (leaf.kind === 'paragraph') leaf.lines.push({ number, text: cursor.rest, marked })
  }

  const lines = comment.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) feed(index + 1, new LineCursor(line))
  closeLeaf()
  return found
}
