/** The one place where links are made whose text and address both come from others. It does not ask whether the target is there. */
import { neutraliseCell, neutraliseLine } from '../../../domain/text/neutralise.ts'
import { redact } from '../../../domain/text/redact.ts'

/** Addresses of runs and artifacts take some hundred characters; what is longer carries something else. */
const MAX_URL = 1_000

interface Target {
  readonly href: string
  /** As browsers resolve it: letters of other scripts in their `xn--` form. */
  readonly host: string
}

/** An http or https address that cannot leave its place in a Markdown table and carries nothing to make inert (a token, a marker), or null. */
const targetOf = (url: string): Target | null => {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null
  // `https://github.com@evil.test` shows one host and leads to another.
  if (parsed.username !== '' || parsed.password !== '' || parsed.href.length > MAX_URL) return null
  // Looked for before anything is escaped, and behind escapes of theirs: a secret stays one.
  const plain = parsed.href.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  if (redact(parsed.href) !== parsed.href || redact(plain) !== plain) return null
  const href = parsed.href.replace(/[()<>|\\`*_[\]@'"]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`)
  return neutraliseLine(href, href.length) === href ? { href, host: parsed.host } : null
}

/** `https://…`, `www.…`, `github.com/acme`: readers would take it for the place that the link leads to. */
const ADDRESS_LIKE = /:\/\/|\bwww\.|[\p{L}\p{N}-]\.\p{L}[\p{L}\p{N}-]+[/:]/u

/** Where GitHub would make a link of its own out of a text: broken without being seen. */
const withoutAutolinks = (text: string): string => text.replace(/:(?=\/\/)|\bwww(?=\.)/gi, '$&\u200b')

const labelOf = (text: string, max: number): string =>
  // A backslash before a bracket would undo ours.
  withoutAutolinks(neutraliseCell(text, max))
    .replace(/\\(?=[[\]])/g, '\\\u200b')
    .replace(/[[\]]/g, String.raw`\$&`)

/** A link for a table cell; only its text when the address is not one to follow. A text that looks like an address is followed by the real host. */
export const safeLink = (text: string, url: string, max: number): string => {
  const label = labelOf(text, max)
  const target = targetOf(url)
  if (target === null) return label
  const { href, host } = target
  const misleads = ADDRESS_LIKE.test(text) || host.includes('xn--')
  return `[${label.trim() || host}](${href})${misleads ? ` (${host})` : ''}`
}

/** A picture that leads to itself; null when the address is not one to show. Only https: GitHub shows no other. */
export const safeImage = (text: string, url: string, max: number): string | null => {
  const target = targetOf(url)
  if (target === null || !target.href.startsWith('https:')) return null
  return `[![${labelOf(text, max).trim()}](${target.href})](${target.href})`
}
