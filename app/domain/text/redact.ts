/**
 * Takes secrets of known shapes out of text, so that logs, comments, check runs and pages never carry them on, also when
 * invisible characters split them. Redact before cutting: half a token has no shape. It does not look for entropy: a
 * shapeless secret passes, which is why callers that hold secrets name them.
 */

import { withoutUnseen } from './unseen.ts'
import { SECRET_SHAPES } from './secret-shapes.ts'

/** Shorter literals would take ordinary words out of a log. */
const MIN_KNOWN_LENGTH = 6

/** The longest real key blocks (RSA 8192 with headers, timestamps before each line) stay well below this. */
const MAX_PEM_LENGTH = 32_768

const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
const PEM_END = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
/** Lines of a block whose end was cut off, in plain text or with JSON-escaped line breaks. */
const PEM_BODY =
  /(?:[ \t]*(?:\r?\n|\\r|\\n)|[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Comment|Version):[^\r\n]{0,200})+/y

const mark = (name: string): string => `[redacted ${name}]`

/** A stretch of text that is a secret, and what kind of one. */
interface Span {
  readonly from: number
  readonly to: number
  readonly name: string
}

const pemSpans = (text: string): readonly Span[] => {
  const spans: Span[] = []
  let from = 0
  PEM_END.lastIndex = 0
  let end = PEM_END.exec(text)
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < from) continue
    const bodyStart = begin.index + begin[0].length
    while (end !== null && end.index < bodyStart) end = PEM_END.exec(text)
    let stop: number
    if (end !== null && end.index - bodyStart <= MAX_PEM_LENGTH) stop = end.index + end[0].length
    else {
      PEM_BODY.lastIndex = bodyStart
      stop = bodyStart + (PEM_BODY.exec(text)?.[0].length ?? 0)
    }
    spans.push({ from: begin.index, to: stop, name: 'private-key' })
    from = stop
  }
  return spans
}

/** `spans` in order, without overlaps. */
const markSpans = (text: string, spans: readonly Span[]): string => {
  let out = ''
  let at = 0
  for (const { from, to, name } of spans) {
    out += text.slice(at, from) + mark(name)
    at = to
  }
  return out + text.slice(at)
}

const allSpans = (text: string, literals: readonly string[]): readonly Span[] => {
  const spans = [...pemSpans(text)]
  for (const value of literals) {
    for (let from = text.indexOf(value); from !== -1; from = text.indexOf(value, from + value.length)) {
      spans.push({ from, to: from + value.length, name: 'secret' })
    }
  }
  for (const { name, pattern } of SECRET_SHAPES) {
    for (const found of text.matchAll(pattern)) {
      spans.push({ from: found.index + (found[1]?.length ?? 0), to: found.index + found[0].length, name })
    }
  }
  return spans
}

const joined = (spans: readonly Span[]): readonly Span[] => {
  const all: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = all.at(-1)
    if (last === undefined || span.from >= last.to) all.push(span)
    else if (span.to > last.to) all[all.length - 1] = { ...last, to: span.to }
  }
  return all
}

/** Secrets that can be seen only without the invisible characters inside them; those elsewhere stay where they are. */
const redactSplit = (text: string, literals: readonly string[]): string => {
  const plain = withoutUnseen(text)
  if (plain === null) return text
  const { text: seen, placeOf } = plain
  const spans = allSpans(seen, literals)
    .map(({ from, to, name }) => ({ from: placeOf(from), to: placeOf(to - 1) + 1, name, length: to - from }))
    .filter(({ from, to, length }) => to - from > length)
  return spans.length === 0 ? text : markSpans(text, joined(spans))
}

/**
 * Returns `text` with every secret of a known shape, and every literal of `known`, replaced by `[redacted …]`.
 * Linear in the text's length, idempotent, never throws.
 */
export const redact = (text: string, known: readonly string[] = []): string => {
  const literals = known
    .filter((value) => value.length >= MIN_KNOWN_LENGTH)
    .toSorted((one, other) => other.length - one.length)
  let out = redactSplit(text, literals)
  for (const value of literals) out = out.replaceAll(value, () => mark('secret'))
  out = markSpans(out, pemSpans(out))
  for (const { name, pattern } of SECRET_SHAPES) {
    out = out.replace(pattern, (...groups) => `${typeof groups[1] === 'string' ? groups[1] : ''}${mark(name)}`)
  }
  return out
}
