/** Makes JSON text safe inside an HTML comment on GitHub. It stays JSON with the same value; nothing is lost or cut. */

/** Length of `\u003c`. */
export const ESCAPE_CHARS = 6

/**
 * `<`, `>`, `&` and `--` could end the comment or open another. `@` and `#` would ring other bots that search raw bodies for
 * mentions and closing words, and a slash that begins a word would be a command to them. The last are line ends and control
 * characters that JSON lets pass and that would break the one line the record stands on, and those that turn the direction of
 * writing, so that the raw comment reads as something else. All of them can only stand inside
 * strings of JSON text, where a `\u` escape is the same value.
 */
const UNSAFE = /[<>&@#\u007f-\u009f\u2028\u2029\p{Bidi_Control}]|--|(?<=["\s]|\\[nrt])\/(?=[A-Za-z])/gu

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const escaped = new Map<string, string>()

/** A log tail has tens of thousands of these: made once each. */
const escapeFound = (found: string): string => {
  let escape = escaped.get(found)
  if (escape === undefined) {
    escape = found.replace(/[^]/g, escapeUnit)
    escaped.set(found, escape)
  }
  return escape
}

export const escapeJson = (json: string): string => json.replace(UNSAFE, escapeFound)
