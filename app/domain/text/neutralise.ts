/**
 * Makes words of people, agents and models safe to republish under our own name: they notify nobody, close nothing,
 * run no command of any bot, carry no HTML, no hidden comment, no record of ours and no known secret.
 *
 * The break is a zero-width space (U+200B). A backslash or an entity would not do: GitHub looks for mentions and closing
 * keywords after Markdown is rendered, when `\@bob` and `&#64;bob` are `@bob` again; and both would be printed as they
 * stand inside code fences, annotations and titles. A zero-width space holds, unseen, in all of these.
 */

import { cut, type Keep } from './cut.ts'
import { redact } from './redact.ts'

const BREAK = '\u200b'

/** Enough for a paragraph; callers with room for more say so. */
const DEFAULT_MAX = 2_000
const DEFAULT_LINE_MAX = 200

const ANSI_SEQUENCE = /(?![\t\n\r])\p{Cc}\[[0-9;?]{0,32}[A-Za-z]/gu
const LINE_ENDING = /\r\n?|[\u2028\u2029\u0085]/g
/** Control characters, reversed writing, and the invisible tag characters that carry hidden prompts. */
const INVISIBLE = /(?![\t\n])\p{Cc}|[\p{Bidi_Control}\u{E0000}-\u{E007F}\uFEFF]/gu

/** Where the break goes: behind what each expression matches. None matches across a break, so doing it twice is idle. */
const BREAK_BEHIND: readonly RegExp[] = [
  /@(?=[\p{L}\p{N}_-])/gu,
  // Tags, comments, processing instructions; and what would end a comment that we opened.
  /<(?=[A-Za-z/!?])/g,
  /--(?=!?>)/g,
  // Entities are decoded before GitHub looks for mentions and keywords.
  /&(?=#?[A-Za-z0-9]{1,32};)/g,
  // `C` of `Closes #1`, also emphasised, escaped, with a colon, and for other repositories and whole addresses.
  /[cfr](?=(?:(?<=c)lose[sd]?|(?<=f)ix(?:e[sd])?|(?<=r)esolve[sd]?)[\s:*_~`\\[("']{1,20}(?:#\d|gh-\d|https?:|[\w.-]{1,100}\/[\w.-]{1,100}#\d))/giu,
  // A command at the start of a line, also of a quoted or listed one, a box or behind any blank: other bots do not know Markdown.
  /^(?:[^\S\n]|\p{Cf}|[>*+\-#|]|\d{1,9}[.)]|\[[^\S\n]?[xX]?\])*\/(?=[A-Za-z])/gmu,
  /muster(?=\s*:|-attempt)/gi,
  // Runs of three would open a fence, or close the one that we put around the text.
  /``(?=`)/g,
  /~~(?=~)/g,
  /!(?=\[)/g,
]

export interface NeutraliseOptions {
  /** Upper bound of the result in UTF-16 units. */
  readonly max?: number
  /** Which part stays when it is too long: logs keep their end. */
  readonly keep?: Keep
  /** Literal secrets that the caller holds and that must not appear. */
  readonly secrets?: readonly string[]
}

/** Returns `text` redacted, made inert and bounded; line breaks become `\n`. Safe in Markdown, fences and check runs. */
export const neutralise = (text: string, options: NeutraliseOptions = {}): string => {
  const { max = DEFAULT_MAX, keep = 'start', secrets = [] } = options
  const visible = text.toWellFormed().replace(ANSI_SEQUENCE, '').replace(LINE_ENDING, '\n').replace(INVISIBLE, '')
  const inert = BREAK_BEHIND.reduce(
    (inner, shape) => inner.replace(shape, (found) => `${found}${BREAK}`),
    redact(visible, secrets),
  )
  return cut(inert, max, keep)
}

/** The same on one line: for titles, list rows and annotations' titles. */
export const neutraliseLine = (text: string, max: number = DEFAULT_LINE_MAX): string =>
  cut(neutralise(text.replace(/[\s\u0085]+/gu, ' ').trim(), { max: Number.MAX_SAFE_INTEGER }), max)

/** One line that stays in its cell of a Markdown table, in code spans too. */
export const neutraliseCell = (text: string, max: number = DEFAULT_LINE_MAX): string =>
  cut(
    neutraliseLine(text, Number.MAX_SAFE_INTEGER)
      // A backslash of theirs must not join with ours, nor with the bar that ends the cell.
      .replace(/\\(?=\||$)/g, `\\${BREAK}`)
      .replaceAll('|', String.raw`\|`),
    max,
  )
