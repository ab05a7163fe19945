/** What the rest of a line (without leading blanks) would begin, by CommonMark's rules. Each answer costs at most one walk over it. */

export interface Fence {
  readonly mark: string
  readonly length: number
}

export interface ListMarker {
  /** Characters of the marker itself. */
  readonly length: number
  /** An ordered list that starts elsewhere than at 1 does not interrupt a paragraph. */
  readonly startsAtOne: boolean
}

/** `end`: what closes the block on its own or a later line; null: a blank line. */
export interface HtmlBlock {
  readonly end: RegExp | null
  /** A lone tag of an unknown name: cannot interrupt a paragraph. */
  readonly lone: boolean
}

const HEADING = /^#{1,6}(?:[ \t]|$)/
const SETEXT_UNDERLINE = /^(?:=+|-+)[ \t]*$/
const THEMATIC_BREAK = /^([*_-])[ \t]*(?:\1[ \t]*){2,}$/
const FENCE_OPEN = /^(`{3,}|~{3,})/
const LIST_MARKER = /^(?:[*+-]|(\d{1,9})[.)])(?=[ \t]|$)/

export const isHeading = (rest: string): boolean => HEADING.test(rest)
export const isSetextUnderline = (rest: string): boolean => SETEXT_UNDERLINE.test(rest)
export const isThematicBreak = (rest: string): boolean => THEMATIC_BREAK.test(rest)

export const fenceOf = (rest: string): Fence | null => {
  const run = FENCE_OPEN.exec(rest)?.[1]
  if (run === undefined) return null
  const mark = run.charAt(0)
  if (mark === '`' && rest.includes('`', run.length)) return null
  return { mark, length: run.length }
}

export const closesFence = (rest: string, fence: Fence): boolean => {
  const run = /^[`~]+/.exec(rest)?.[0] ?? ''
  return run.length >= fence.length && run === fence.mark.repeat(run.length) && rest.slice(run.length).trim() === ''
}

export const listMarkerOf = (rest: string): ListMarker | null => {
  const found = LIST_MARKER.exec(rest)
  if (found === null) return null
  return { length: found[0].length, startsAtOne: found[1] === undefined || Number(found[1]) === 1 }
}

const BLOCK_TAGS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead|title|' +
  'tr|track|ul'

export const TAG_SOURCE =
  String.raw`(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][A-Za-z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>` +
  '`' +
  String.raw`]+|'[^']*'|"[^"]*"))?)*\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>)`

const HTML_KINDS: readonly (readonly [start: RegExp, block: HtmlBlock])[] = [
  [/^<(?:script|pre|style|textarea)(?:[ \t>]|$)/i, { end: /<\/(?:script|pre|style|textarea)>/i, lone: false }],
  [/^<!--/, { end: /-->/, lone: false }],
  [/^<\?/, { end: /\?>/, lone: false }],
  [/^<![A-Za-z]/, { end: />/, lone: false }],
  [/^<!\[CDATA\[/, { end: /\]\]>/, lone: false }],
  [new RegExp(`^</?(?:${BLOCK_TAGS})(?:[ \\t]|/?>|$)`, 'i'), { end: null, lone: false }],
  [new RegExp(`^${TAG_SOURCE}[ \\t]*$`), { end: null, lone: true }],
]

export const htmlBlockOf = (rest: string): HtmlBlock | null => {
  if (!rest.startsWith('<')) return null
  for (const [start, block] of HTML_KINDS) if (start.test(rest)) return block
  return null
}
