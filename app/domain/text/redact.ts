/**
 * Takes secrets of known shapes out of text, so that logs, comments, check runs and pages never carry them on.
 * Redact before cutting: half a token has no shape. It does not look for entropy: a shapeless secret passes, which is
 * why callers that hold secrets name them.
 */

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

const redactPem = (text: string): string => {
  let out = ''
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
    out += text.slice(from, begin.index) + mark('private-key')
    from = stop
  }
  return out + text.slice(from)
}

/**
 * Returns `text` with every secret of a known shape, and every literal of `known`, replaced by `[redacted …]`.
 * Linear in the text's length, idempotent, never throws.
 */
export const redact = (text: string, known: readonly string[] = []): string => {
  let out = text
  const literals = known.filter((value) => value.length >= MIN_KNOWN_LENGTH)
  for (const value of literals.toSorted((a, b) => b.length - a.length))
    out = out.replaceAll(value, () => mark('secret'))
  out = redactPem(out)
  for (const { name, pattern } of SECRET_SHAPES) {
    out = out.replace(pattern, (...groups) => `${typeof groups[1] === 'string' ? groups[1] : ''}${mark(name)}`)
  }
  return out
}
