/**
 * Takes out of an agent's error stream what is not its own complaint: events of its log, tool results, warnings, retries,
 * tables and diffs. A line that says the agent ended well voids everything before it.
 */

/** Enough for an error printed as indented JSON; more would reach back into earlier, recovered troubles. */
const MAX_LINES = 40
const MAX_LINE = 4_000
const MAX_TAIL = 64_000

/** A line that is a log event: its type comes first, or near the start. */
const EVENT = /^\s*\{[^{}]{0,120}"type" ?: ?"([\w.-]{1,60})"/
const ERROR_EVENTS = new Set(['error', 'turn.failed', 'result'])

const GOOD_END =
  /"subtype" ?: ?"success"[^{}]{0,300}"is_error" ?: ?false|^\s*\{[^{}]{0,60}"type" ?: ?"turn\.completed"|^\s*\{[^{}]{0,120}"type" ?: ?"result"[^{}]{0,120}"status" ?: ?"success"/
/** Errors that stand although the agent says that it ended well: Gemini's turn cap. */
const STANDING = /"severity" ?: ?"error"/

const NOISE =
  /^\s*(?:\+|\||>|#{1,6} |diff --git |@@ )|^\s*\[?(?:warn(?:ing)?|info|debug|trace)\b|\bwarn(?:ing)?:|^\s*[✅✔]/i
const RETRY = /\bretrying\b|\breconnecting\b|\bretry \d+\b|\battempt \d+ ?(?:\/|of) ?\d+|\bwill retry\b/i
/** The word of a retry, in a line that ends it. */
const GAVE_UP = /\b(?:exceeded|giving up|gave up|last error|aborting|not retrying|no (?:more )?retries)\b/i
/** A stack frame or a piece of an indented object: it belongs to the line before it. */
const CONTINUATION = /^(?:\s+|[{}[\]"',]|at )/

export interface ErrorLines {
  /** Complaints without retries: what the agent gave up on. */
  readonly final: string
  /** Retries too: what it struggled with, when nothing else is said. */
  readonly all: string
}

/** One line of text each, white space collapsed, JSON escapes undone; empty when there is no complaint. Linear. */
export const readErrorLines = (text: string): ErrorLines => {
  let lines: Line[] = []
  let above: Line['kind'] = 'final'
  for (const raw of text.slice(-MAX_TAIL).split(/\r?\n/)) {
    const line = raw.slice(0, MAX_LINE)
    if (GOOD_END.test(line)) {
      lines = lines.filter((earlier) => STANDING.test(earlier.text))
      above = 'final'
      continue
    }
    const event = EVENT.exec(line)?.[1]
    if (event !== undefined && !ERROR_EVENTS.has(event)) continue
    if (line.trim() === '' || /"type" ?: ?"tool_result"|"severity" ?: ?"warning"/.test(line)) continue
    const kind = NOISE.test(line) ? 'noise' : RETRY.test(line) && !GAVE_UP.test(line) ? 'retry' : 'final'
    if (kind !== 'final' || event !== undefined || !CONTINUATION.test(line)) above = kind
    if (above !== 'noise') lines.push({ kind: above, text: line })
  }
  const tail = lines.slice(-MAX_LINES)
  return { final: flatten(tail.filter(({ kind }) => kind === 'final')), all: flatten(tail) }
}

interface Line {
  readonly kind: 'noise' | 'retry' | 'final'
  readonly text: string
}

const flatten = (lines: readonly Line[]): string => flattenText(lines.map(({ text }) => text).join('\n'))

/** White space becomes one space, escaped quotes, typographic ones and line breaks become plain: error bodies are JSON inside JSON. */
export const flattenText = (text: string): string =>
  text
    .replace(/\\+(["'])/g, '$1')
    .replace(/\\+[nrt]/g, ' ')
    .replace(/[\s\u00a0│]+/g, ' ')
    .replaceAll('\u2019', "'")
    .trim()
