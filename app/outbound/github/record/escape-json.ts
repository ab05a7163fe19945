/** Makes JSON text safe inside an HTML comment on GitHub. It stays JSON with the same value; nothing is lost or cut. */

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * `<`, `>`, `&` and `--` could end the comment or open another. `@` and `#` would ring other bots that search raw bodies for
 * mentions and closing words, and a slash that begins a word would be a command to them. The last are line ends and control
 * characters that JSON lets pass, and that would break the one line the record stands on. All of them can only stand inside
 * strings of JSON text, where a `\u` escape is the same value.
 */
const UNSAFE = /[<>&@#\u007f-\u009f\u2028\u2029]|--|(?<=["\s]|\\[nrt])\/(?=[A-Za-z])/g

export const escapeJson = (json: string): string => json.replace(UNSAFE, (found) => found.replace(/[^]/g, escapeUnit))
